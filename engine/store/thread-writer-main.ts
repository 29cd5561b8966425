import { parentPort, workerData } from "node:worker_threads";
import { Applier } from "./applier.ts";
import { LedgerBook, type Opened } from "./ledger/book.ts";
import { masterName, readKey } from "./master-key.ts";
import type { Op } from "./op.ts";
import { openForWriting } from "./record.ts";
import type { MasterKeys } from "./vault.ts";

const { dir, keys, opened, epoch } = workerData as { readonly dir: string; readonly keys: MasterKeys; readonly opened: Opened; readonly epoch: Uint8Array };
const db = openForWriting(dir);
const ledger = new LedgerBook(db, keys, opened, Buffer.from(epoch).toString("hex"));
const applier = new Applier(db, { ...keys, load: (id) => readKey(dir, masterName(id)) }, epoch, ledger, () => performance.now(), true);

parentPort?.on("message", (message: "close" | { readonly ops: readonly Op[]; readonly at: number }) => {
  if (message === "close") {
    db.close();
    parentPort?.close();
    return;
  }
  parentPort?.postMessage(applier.run(message.ops, message.at));
});
