import { Worker } from "node:worker_threads";
import { EngineError } from "../sdk/error.ts";
import type { BackupReport } from "./store.ts";

export interface BackupWork {
  readonly dir: string;
  readonly to: string;
  readonly withKeys: boolean;
  readonly at: number;
}

/** What the thread answers: errors do not keep their class on the way. */
export type BackupAnswer = { readonly report: BackupReport } | { readonly code: string; readonly safe: EngineError["safe"] };

/** Copies in a thread of its own, on a connection of its own: the record goes on being written meanwhile. */
export function backupInThread(work: BackupWork): Promise<BackupReport> {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(`./backup-thread-main.${extension}`, import.meta.url), { workerData: work, execArgv: [] });
    worker.once("message", (answer: BackupAnswer) => ("report" in answer ? resolve(answer.report) : reject(new EngineError(answer.code as EngineError["code"], answer.safe))));
    worker.once("error", (cause) => reject(new EngineError("STO-103", {}, { cause })));
    worker.once("exit", () => reject(new EngineError("STO-103")));
  });
}
