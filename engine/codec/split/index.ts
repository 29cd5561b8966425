import { EngineError } from "../../sdk/error.ts";
import { charsetOf } from "../bytes/names.ts";
import { type CsvDialect, rfc4180 } from "../csv/dialect.ts";
import { BatchSplitter } from "./batch.ts";
import { InterchangeSplitter, type X12Unit } from "./interchange.ts";
import { RecordSplitter } from "./records.ts";
import { type Cut, nothing, Pieces, type SplitOptions, type SplitProblem, type Splitter } from "./splitter.ts";

export { type BatchHeader, buildBatch } from "./build.ts";
export { joined, type JoinOptions } from "./join.ts";
export type { Cut, SplitOptions, SplitProblem, Splitter } from "./splitter.ts";

/** How a source cuts what arrives: HL7 v2 by messages, delimited text by records, X12 by a part of an interchange. */
export const splitWays = ["batch", "records", "interchange", "group", "transaction", "claim"] as const satisfies readonly ("batch" | "records" | X12Unit)[];
export type SplitWay = (typeof splitWays)[number];

/**
 * The splitter of a source: `batch` by FHS/BHS and MSH, `records` one message a record of delimited text, `interchange`, `group`, `transaction`
 * and `claim` by the parts of X12. Bytes are cut as they are, so throws
 * `BYT-001` for UTF-16: for a `charset` that says so, and in `push` for a stream that begins so.
 */
export function splitter(how: SplitWay, csv: CsvDialect = rfc4180, options: SplitOptions = {}, charset = "utf-8"): Splitter {
  if (!canSplit(charset)) throw new EngineError("BYT-001");
  const inner = how === "batch" ? new BatchSplitter(options) : how === "records" ? new RecordSplitter(csv, options) : new InterchangeSplitter(how, options);
  return new Begun(inner);
}

/** Whether a stream of this character set can be cut: every byte that is looked for stands for itself in it. */
export function canSplit(charset: string): boolean {
  return charsetOf(charset)?.startsWith("utf-16") !== true;
}

/** UTF-16 has zeros where a splitter looks for letters. */
function isWide([a, b]: Uint8Array): boolean {
  return (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) || a === 0 || b === 0;
}

/** Waits for the first three bytes, so that a byte-order mark is seen whole. */
class Begun implements Splitter {
  readonly #inner: Splitter;
  readonly #first = new Pieces();
  #begun = false;

  constructor(inner: Splitter) {
    this.#inner = inner;
  }

  get held(): number {
    return this.#inner.held + this.#first.size;
  }

  push(chunk: Uint8Array): readonly Cut[] {
    if (this.#begun) return this.#inner.push(chunk);
    if (this.#first.size + chunk.length < 3) {
      this.#first.add(chunk);
      return [];
    }
    this.#begun = true;
    return this.#inner.push(this.#begin(chunk));
  }

  finish(): readonly Cut[] {
    return this.#begun ? this.#inner.finish() : [...this.#inner.push(this.#begin(nothing)), ...this.#inner.finish()];
  }

  #begin(chunk: Uint8Array): Uint8Array {
    const bytes = this.#first.take(nothing, chunk);
    if (isWide(bytes)) throw new EngineError("BYT-001");
    return bytes;
  }

  problems(): readonly SplitProblem[] {
    return this.#inner.problems();
  }
}
