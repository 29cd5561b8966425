import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import type { MessageId } from "../store/store.ts";
import type { Purpose } from "./purposes.ts";

/** Who looked at which contents, why and when. Numbers, names of accounts and lanes, codes; no content. */
export interface Access {
  readonly at: string;
  readonly message: MessageId;
  readonly purpose: Purpose;
  /** Number and name of the account on this machine, as the system says them; identity brings people. */
  readonly account: number;
  readonly user?: string;
  /** On a screen, into a file, or beside what an edit would make of it. */
  readonly as?: "show" | "export" | "compare";
  /** `raw`, `sent lab/ehr`, …: what there was to see. */
  readonly parts?: readonly string[];
}

export interface AccessRecord {
  /** Keeps an access before the contents are shown: when this throws, nothing is. */
  record(access: Pick<Access, "message" | "purpose" | "as" | "parts">): void;
  /** Newest first: of one message, or of all. */
  views(message?: MessageId): readonly Access[];
}

/** Appends to `access.jsonl` in the data folder, fsynced, readable by its owner alone. */
export function accessRecord(dataFolder: string, now: () => number): AccessRecord {
  const path = join(dataFolder, "access.jsonl");
  return {
    record: (access) => {
      const kept: Access = { at: new Date(now()).toISOString(), ...access, account: process.getuid?.() ?? -1, ...user() };
      const file = openSync(path, "a", 0o600);
      try {
        writeSync(file, `${JSON.stringify(kept)}\n`);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    },
    views: (message) => read(path).filter((access) => message === undefined || access.message === message).reverse(),
  };
}

function user(): { readonly user?: string } {
  try {
    return { user: userInfo().username };
  } catch {
    return {};
  }
}

/** A last line that a power cut broke off was never an access: its contents were not shown. */
function read(path: string): Access[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return text.split("\n").flatMap((line) => {
    try {
      return line === "" ? [] : [JSON.parse(line) as Access];
    } catch {
      return [];
    }
  });
}
