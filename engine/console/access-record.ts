import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { EngineError } from "../sdk/index.ts";
import type { Actor, Notice } from "../store/ledger/notice.ts";
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

export interface Views extends ReadonlyArray<Access> {
  /** Lines of the file that are no access any more; of which message nobody can say. A line that a crash broke off is one: its contents were not shown. */
  readonly unreadable?: number;
}

export interface AccessRecord {
  /** Keeps an access before the contents are shown: when this throws, nothing is. */
  record(access: Pick<Access, "message" | "purpose" | "as" | "parts">): void;
  /** Newest first: of one message, or of all. */
  views(message?: MessageId): Views;
}

/** Appends to `access.jsonl` in the data folder, fsynced, readable by its owner alone. `write` is for tests: a full disk takes half a line. */
export function accessRecord(dataFolder: string, now: () => number, write: (file: number, bytes: Uint8Array) => number = writeSync): AccessRecord {
  const path = join(dataFolder, "access.jsonl");
  return {
    record: (access) => {
      const kept: Access = { at: new Date(now()).toISOString(), ...access, ...actor() };
      const isNew = append(path, JSON.stringify(kept), write);
      if (isNew) syncFolder(dataFolder);
    },
    views: (message) => {
      const { accesses, unreadable } = read(path);
      const found = accesses.filter((access) => message === undefined || access.message === message).reverse();
      return unreadable === 0 ? found : Object.assign(found, { unreadable });
    },
  };
}

/** The access as the ledger of disclosures holds it. */
export function accessNotice({ message, purpose, as, parts }: Pick<Access, "message" | "purpose" | "as" | "parts">): Notice {
  return { kind: "access", message, purpose, as: as ?? "show", parts: parts ?? [], actor: actor() };
}

/** Who asks, as far as this machine knows. */
export function actor(): Actor {
  return { account: process.getuid?.() ?? -1, ...user() };
}

function user(): { readonly user?: string } {
  try {
    return { user: userInfo().username };
  } catch {
    return {};
  }
}

/** A whole line on disk, or none and an error: then nothing is shown. Says whether the file is new. */
function append(path: string, line: string, write: (file: number, bytes: Uint8Array) => number): boolean {
  const file = openSync(path, "a+", 0o600);
  try {
    const { size } = fstatSync(file);
    // A line that a power cut broke off must not swallow the next one.
    const bytes = Buffer.from(`${endsInLine(file, size) ? "" : "\n"}${line}\n`);
    let written = 0;
    try {
      while (written < bytes.length) {
        const taken = write(file, bytes.subarray(written));
        if (taken === 0) throw new EngineError("CON-109");
        written += taken;
      }
      fsyncSync(file);
    } catch (error) {
      // Unless somebody else has written behind it.
      if (fstatSync(file).size === size + written) ftruncateSync(file, size);
      throw error;
    }
    return size === 0;
  } finally {
    closeSync(file);
  }
}

function endsInLine(file: number, size: number): boolean {
  const last = Buffer.alloc(1);
  return size === 0 || (readSync(file, last, 0, 1, size - 1) === 1 && last[0] === 10);
}

function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function read(path: string): { readonly accesses: Access[]; readonly unreadable: number } {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { accesses: [], unreadable: 0 };
    throw error;
  }
  const lines = text.split("\n").filter((line) => line !== "");
  const accesses = lines.flatMap((line) => {
    try {
      const access = JSON.parse(line) as Access | null;
      return typeof access?.message === "number" ? [access] : [];
    } catch {
      return [];
    }
  });
  return { accesses, unreadable: lines.length - accesses.length };
}
