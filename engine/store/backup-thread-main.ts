import { parentPort, workerData } from "node:worker_threads";
import { makeBackup } from "./backup.ts";
import type { BackupAnswer, BackupWork } from "./backup-thread.ts";
import { unreadable } from "./disk.ts";

const { dir, to, withKeys, at } = workerData as BackupWork;
let answer: BackupAnswer;
try {
  answer = { report: makeBackup(dir, to, { withKeys, at }) };
} catch (error) {
  const { code, safe } = unreadable(error);
  answer = { code, safe };
}
parentPort?.postMessage(answer);
