import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { MessageId } from "../store/store.ts";
import type { Purpose } from "./contents.ts";

/** Who looked at which contents, why and when. Numbers, names of accounts and codes; no content. */
export interface Access {
  readonly at: string;
  readonly message: MessageId;
  readonly purpose: Purpose;
  /** Numeric account on this machine; identity brings people. */
  readonly account: number;
}

/** Keeps an access before the contents are shown: when this throws, nothing is. */
export type RecordAccess = (message: MessageId, purpose: Purpose) => void;

/** Appends to `access.jsonl` in the data folder, fsynced, readable by its owner alone. */
export function accessRecord(dataFolder: string, now: () => number): RecordAccess {
  return (message, purpose) => {
    const access: Access = { at: new Date(now()).toISOString(), message, purpose, account: process.getuid?.() ?? -1 };
    const file = openSync(join(dataFolder, "access.jsonl"), "a", 0o600);
    try {
      writeSync(file, `${JSON.stringify(access)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  };
}
