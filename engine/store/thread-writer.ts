import { Worker } from "node:worker_threads";
import type { Content } from "../sdk/index.ts";
import type { Opened } from "./ledger/book.ts";
import type { Settlement } from "./store.ts";
import type { Op, Writer, Written } from "./op.ts";
import { large } from "./large.ts";
import type { MasterKeys } from "./vault.ts";

/** Commits in a thread of its own: the loop goes on while the disk flushes. One list is in the thread at a time. */
export function threadWriter(dir: string, keys: MasterKeys, opened: Opened, epoch: Uint8Array): Writer {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const worker = new Worker(new URL(`./thread-writer-main.${extension}`, import.meta.url), { workerData: { dir, keys: { ...keys, load: undefined }, opened, epoch }, execArgv: [] });
  let answer: ((written: Written) => void) | undefined;
  let waiting = 0;
  let gone = false;
  const lost = () => {
    gone = true;
    // Whether the last list was committed is not known: the store must stop rather than guess.
    answer?.({ results: Array.from({ length: waiting }, () => ({ kind: "refused", code: "STO-203" })), commitMs: 0, failed: "STO-203" });
    answer = undefined;
  };
  worker.on("message", (written: Written) => {
    const resolve = answer;
    answer = undefined;
    resolve?.(written);
  });
  worker.on("error", lost);
  worker.on("exit", lost);
  return {
    kind: "thread",
    write: (ops, at) =>
      new Promise((resolve) => {
        answer = resolve;
        waiting = ops.length;
        if (gone) lost();
        else {
          const given: ArrayBuffer[] = [];
          worker.postMessage({ ops: ops.map((op) => trimmed(op, given)), at }, given);
        }
      }),
    close: async () => {
      worker.removeListener("exit", lost);
      const exited = new Promise((resolve) => worker.once("exit", resolve));
      if (gone) return;
      worker.postMessage("close");
      await exited;
    },
  };
}

/** A message is often a view on a socket's large buffer, and a hand-over copies the whole buffer under a view. */
function trimmed(op: Op, given: ArrayBuffer[]): Op {
  if (op.kind === "accept") return { ...op, raw: own(op.raw, given) };
  if (op.kind === "fill") return { ...op, sent: own(op.sent, given) };
  if (op.kind === "settle") return { kind: "settle", settlement: settled(op.settlement, given) };
  if (op.kind === "settleAll") return { kind: "settleAll", settlements: op.settlements.map((settlement) => settled(settlement, given)) };
  return op;
}

function settled(settlement: Settlement, given: ArrayBuffer[]): Settlement {
  return settlement.response ? { ...settlement, response: own(settlement.response, given) } : settlement;
}

/** A large content is copied once and given to the thread; a hand-over by copy would have it in memory twice more. */
function own({ format, bytes }: Content, given: ArrayBuffer[]): Content {
  if (bytes.byteLength < large) return { format, bytes: bytes.byteLength === bytes.buffer.byteLength ? bytes : Uint8Array.from(bytes) };
  const copy = new Uint8Array(bytes.byteLength);
  copy.set(bytes);
  given.push(copy.buffer);
  return { format, bytes: copy };
}
