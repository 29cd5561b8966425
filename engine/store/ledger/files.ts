import { closeSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readdirSync, readFileSync, readSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { EngineError } from "../../sdk/error.ts";
import { syncDirectory } from "../master-key.ts";
import { type Link, linkOf } from "./line.ts";

/** Folder of the ledger below the data folder. */
export const ledgerFolderName = "disclosures";

/** Where the next line goes. `month`: `YYYY-MM` of the file's first line; none yet in a new ledger. */
export interface Place {
  readonly number: number;
  readonly bytes: number;
  readonly month: string;
}

export function fileName(number: number): string {
  return `${String(number).padStart(6, "0")}.jsonl`;
}

/** Numbers of a ledger's files, in order; none where there is no folder. */
export function fileNumbers(folder: string): readonly number[] {
  try {
    return readdirSync(folder).flatMap((name) => (/^\d{6}\.jsonl$/.test(name) ? [Number(name.slice(0, 6))] : [])).sort((a, b) => a - b);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

export function ledgerFiles(folder: string): readonly string[] {
  return fileNumbers(folder).map((number) => join(folder, fileName(number)));
}

/**
 * Cuts a ledger behind the line `keep`, which must be there as the record knows it; what stands behind it, whole or broken off, is about to be written
 * again. Nothing may be there beyond line `last` (absent: it is cut off). Throws STO-501 when the files are not what the record says.
 */
export function cutBehind(folder: string, keep: Link, last = Number.POSITIVE_INFINITY): Place {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const numbers = fileNumbers(folder);
  for (const number of [...numbers].reverse()) {
    const path = join(folder, fileName(number));
    const bytes = readFileSync(path);
    const end = endOf(bytes, keep, last, number);
    if (end === undefined) {
      // All of it comes again, into the file before or into this one.
      if (keep.n > 0 && firstLink(bytes)?.n !== undefined && (firstLink(bytes)?.n ?? 0) <= keep.n) throw other(number, keep.n);
      rmSync(path);
      syncDirectory(folder);
      continue;
    }
    if (end < bytes.length) truncate(path, end);
    return { number, bytes: end, month: monthOf(bytes) };
  }
  if (keep.n > 0) throw other(numbers.at(-1) ?? 0, keep.n);
  return { number: 1, bytes: 0, month: "" };
}

/** Month of a file's first line, from the first time that stands in it. */
export function monthOf(bytes: Uint8Array): string {
  return /"at":"(\d{4}-\d\d)-/.exec(Buffer.from(bytes.subarray(0, 4096)).toString("latin1"))?.[1] ?? "";
}

/** Where the line ends, searched from the back. */
function endOf(bytes: Buffer, keep: Link, last: number, file: number): number | undefined {
  for (let end = bytes.lastIndexOf(10) + 1; end > 0; ) {
    const start = bytes.lastIndexOf(10, end - 2) + 1;
    const link = linkOf(bytes.toString("latin1", start, end - 1));
    if (link !== undefined && link.n > last) throw new EngineError("STO-501", { file: fileName(file), line: link.n, record: last });
    if (link?.n === keep.n) {
      if (link.hash !== keep.hash) throw other(file, keep.n);
      return end;
    }
    end = start;
  }
  return undefined;
}

function firstLink(bytes: Buffer): Link | undefined {
  const end = bytes.indexOf(10);
  return end < 0 ? undefined : linkOf(bytes.toString("latin1", 0, end));
}

function truncate(path: string, size: number): void {
  const file = openSync(path, "r+");
  try {
    ftruncateSync(file, size);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Appends and flushes; a new file's name is flushed too. */
export function appendFlushed(folder: string, number: number, text: string): void {
  const file = openSync(join(folder, fileName(number)), "a", 0o600);
  try {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  syncDirectory(folder);
}

/** The last line of a ledger as its files have it; `undefined`: there is none. */
export function lastLine(folder: string): string | undefined {
  const path = ledgerFiles(folder).at(-1);
  if (path === undefined) return undefined;
  const { size } = statSync(path);
  const file = openSync(path, "r");
  try {
    for (let length = 65_536; ; length *= 4) {
      const bytes = Buffer.alloc(Math.min(length, size));
      readSync(file, bytes, 0, bytes.length, size - bytes.length);
      const end = bytes.lastIndexOf(10);
      const start = end <= 0 ? -1 : bytes.lastIndexOf(10, end - 1);
      if (end >= 0 && (start >= 0 || bytes.length === size)) return bytes.toString("utf8", start + 1, end);
      if (bytes.length === size) return undefined;
    }
  } finally {
    closeSync(file);
  }
}

function other(file: number, line: number): EngineError {
  return new EngineError("STO-501", { file: fileName(file), line });
}
