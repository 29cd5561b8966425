import { hash as digest } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import type { Code } from "../../sdk/index.ts";
import { type Checkpoint, checkpointIn } from "./checkpoint.ts";
import { bodyAt, type Link, linkOf } from "./line.ts";

/** What is wrong with a line: a code and a position, nothing that stands in it. */
export interface LedgerProblem {
  readonly code: Code;
  readonly file: string;
  /** Line of the file, from 1. */
  readonly line: number;
  /** What the line says of its number in the ledger. */
  readonly n?: number;
}

/** A checkpoint and the line it stands in. */
export interface Signed {
  readonly checkpoint: Checkpoint | undefined;
  readonly n: number;
  readonly line: number;
  /** The line before it. */
  readonly behind: Link;
}

/** One file by itself: whether its lines are whole and follow each other, and what it says to those before and behind it. */
export interface VerifiedFile {
  readonly file: string;
  readonly lines: number;
  readonly first?: Link & { readonly prev: string };
  readonly last?: Link;
  /** Which ledger the first line begins. */
  readonly begins?: string;
  readonly checkpoints: readonly Signed[];
  /** Hashes of the lines that were asked for. */
  readonly asked: readonly Link[];
  readonly problems: readonly LedgerProblem[];
}

const chunkBytes = 4 * 1024 * 1024;
/** Problems of one file that are told one by one. */
export const mostProblems = 100;
const brace = 0x7b;
const comma = 0x2c;
const marked = '"record":{"checkpoint":';

/** Reads a file through in one go. `ask`: numbers of lines whose hashes are wanted. */
export function verifyFile(path: string, ask: ReadonlySet<number> = new Set()): VerifiedFile {
  const reading = new Reading(path, ask);
  const file = openSync(path, "r");
  try {
    let buffer = Buffer.allocUnsafeSlow(chunkBytes);
    let held = 0;
    for (;;) {
      if (held === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafeSlow(buffer.length)]);
      const length = readSync(file, buffer, held, buffer.length - held, null);
      if (length === 0) break;
      const end = held + length;
      let start = 0;
      for (let feed = buffer.indexOf(10, held); feed >= 0 && feed < end; feed = buffer.indexOf(10, start)) {
        reading.line(buffer, start, feed);
        start = feed + 1;
      }
      buffer.copyWithin(0, start, end);
      held = end - start;
    }
    // A last line without its end was broken off, or cut.
    if (held > 0) reading.broken();
    return reading.result;
  } finally {
    closeSync(file);
  }
}

class Reading {
  readonly #file: string;
  readonly #ask: ReadonlySet<number>;
  readonly #problems: LedgerProblem[] = [];
  readonly #checkpoints: Signed[] = [];
  readonly #asked: Link[] = [];
  #lines = 0;
  #first: (Link & { readonly prev: string }) | undefined;
  #last: Link | undefined;
  #begins: string | undefined;

  constructor(file: string, ask: ReadonlySet<number>) {
    this.#file = file;
    this.#ask = ask;
  }

  get result(): VerifiedFile {
    return {
      file: this.#file, lines: this.#lines, checkpoints: this.#checkpoints, asked: this.#asked, problems: this.#problems,
      ...(this.#first && { first: this.#first }), ...(this.#last && { last: this.#last }), ...(this.#begins !== undefined && { begins: this.#begins }),
    };
  }

  broken(): void {
    this.#lines++;
    this.#problem("STO-515");
  }

  /** Without a line feed, from `start` to `end`. */
  line(buffer: Buffer, start: number, end: number): void {
    this.#lines++;
    const before = this.#last;
    const expected = before && `","n":${before.n + 1},"prev":"${before.hash}","record":{`;
    const headEnd = start + 73 + (expected?.length ?? 0);
    let link: Link;
    if (expected !== undefined && headEnd < end && buffer.toString("latin1", start + 73, headEnd) === expected && buffer.toString("latin1", start, start + 9) === '{"hash":"') {
      link = { n: (before?.n ?? 0) + 1, hash: buffer.toString("latin1", start + 9, start + 73) };
    } else {
      const found = linkOf(buffer.toString("latin1", start, Math.min(end, start + 256)));
      if (found === undefined) return this.#problem("STO-515");
      if (before === undefined) this.#first = found;
      else this.#problem("STO-512", found.n);
      link = found;
    }
    this.#last = link;
    // The hash is of the line from its number on, behind a brace.
    buffer[start + bodyAt - 1] = brace;
    const own = digest("sha256", buffer.subarray(start + bodyAt - 1, end), "hex");
    buffer[start + bodyAt - 1] = comma;
    if (own !== link.hash) this.#problem("STO-511", link.n);
    if (this.#ask.has(link.n)) this.#asked.push({ n: link.n, hash: own });
    const record = start + bodyAt + `"n":${link.n},"prev":"",`.length + 64;
    if (buffer.toString("latin1", record, record + marked.length) === marked) {
      const behind = before ?? { n: link.n - 1, hash: this.#first?.prev ?? "" };
      this.#checkpoints.push({ checkpoint: checkpointIn(recordOf(buffer, start, end)), n: link.n, line: this.#lines, behind });
    } else if (link.n === 1) {
      const begin = recordOf(buffer, start, end);
      if (begin?.["kind"] === "begin" && typeof begin["ledger"] === "string") this.#begins = begin["ledger"];
    }
  }

  #problem(code: Code, n?: number): void {
    if (this.#problems.length < mostProblems) this.#problems.push({ code, file: this.#file, line: this.#lines, ...(n !== undefined && { n }) });
  }
}

function recordOf(buffer: Buffer, start: number, end: number): Readonly<Record<string, unknown>> | undefined {
  try {
    return (JSON.parse(buffer.toString("utf8", start, end)) as { record: Record<string, unknown> }).record;
  } catch {
    return undefined;
  }
}
