import type { DatabaseSync } from "node:sqlite";
import { Applier } from "./applier.ts";
import { LedgerBook, type Opened } from "./ledger/book.ts";
import type { Writer } from "./op.ts";
import type { MasterKeys } from "./vault.ts";

/** Commits on the calling thread: no hand-over, but the loop stands still while the disk flushes. */
export function inlineWriter(db: DatabaseSync, keys: MasterKeys, ledger: Opened, epoch: Uint8Array, monotonic: () => number): Writer {
  const applier = new Applier(db, keys, epoch, new LedgerBook(db, keys, ledger, Buffer.from(epoch).toString("hex")), monotonic);
  return { kind: "inline", write: (ops, at) => applier.run(ops, at), close: async () => {} };
}
