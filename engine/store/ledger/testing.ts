import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ledgerFiles, ledgerFolderName } from "./files.ts";
import type { LedgerRecord } from "./notice.ts";

/** Every line in the files of a data folder, in order. */
export function linesOf(dir: string): readonly string[] {
  return ledgerFiles(join(dir, ledgerFolderName)).flatMap((path) => readFileSync(path, "utf8").split("\n").filter((line) => line !== ""));
}

export function recordsOf(dir: string): readonly LedgerRecord[] {
  return linesOf(dir).map((line) => (JSON.parse(line) as { record: LedgerRecord }).record);
}
