import { type CsvDialect, rfc4180 } from "../csv/dialect.ts";
import { BatchSplitter } from "./batch.ts";
import { RecordSplitter } from "./records.ts";
import { type Cut, nothing, Pieces, type SplitOptions, type SplitProblem, type Splitter } from "./splitter.ts";

export { type BatchHeader, buildBatch } from "./build.ts";
export { joined, type JoinOptions } from "./join.ts";
export type { Cut, SplitOptions, SplitProblem, Splitter } from "./splitter.ts";

/** The splitter of a source: `batch` by FHS/BHS and MSH, `records` one message a record of delimited text. */
export function splitter(how: "batch" | "records", csv: CsvDialect = rfc4180, options: SplitOptions = {}): Splitter {
  return new Begun(how === "batch" ? new BatchSplitter(options) : new RecordSplitter(csv, options));
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
    return this.#inner.push(this.#first.take(nothing, chunk));
  }

  finish(): readonly Cut[] {
    return this.#begun ? this.#inner.finish() : [...this.#inner.push(this.#first.take(nothing, nothing)), ...this.#inner.finish()];
  }

  problems(): readonly SplitProblem[] {
    return this.#inner.problems();
  }
}
