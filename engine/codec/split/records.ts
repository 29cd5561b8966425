import { EngineError } from "../../sdk/error.ts";
import { checked, type CsvDialect } from "../csv/dialect.ts";
import { type Cut, defaultLimit, markLength, nothing, Pieces, type SplitOptions, type SplitProblem, type Splitter } from "./splitter.ts";

/** Where in a record the next byte stands. */
const begin = 0;
const plain = 1;
const quoted = 2;
/** Behind a quote in a quoted value: it ended there, or the quote is the first of two. */
const afterQuote = 3;

/**
 * Delimited text, one message a record, each with the header line in front so that it can be read alone. Every character set in which a byte
 * below 0x80 is ASCII; line ends and delimiters inside quoted values belong to the value. A record that cannot be read is a message too.
 */
export class RecordSplitter implements Splitter {
  readonly #quote: number;
  readonly #delimiter: number;
  readonly #wantsHeader: boolean;
  readonly #from: number;
  readonly #limit: number;
  readonly #kept = new Pieces();
  #header: Uint8Array | undefined;
  #state = begin;
  #empty = true;
  /** A CR ended the record: an LF behind it belongs to it. */
  #afterCr = false;
  #base = 0;

  constructor(dialect: CsvDialect, { from = 0, limit = defaultLimit }: SplitOptions = {}) {
    checked(dialect);
    this.#quote = dialect.quote === "" ? -1 : dialect.quote.charCodeAt(0);
    this.#delimiter = dialect.delimiter.charCodeAt(0);
    this.#wantsHeader = dialect.header;
    this.#from = from;
    this.#limit = limit;
  }

  get held(): number {
    return this.#kept.size;
  }

  push(chunk: Uint8Array): readonly Cut[] {
    const out: Cut[] = [];
    let start = this.#base === 0 ? markLength(chunk) : 0;
    const [d, q] = [this.#delimiter, this.#quote];
    let state = this.#state;
    for (let i = start; i < chunk.length; i++) {
      const byte = chunk[i] as number;
      if (this.#afterCr) {
        this.#afterCr = false;
        if (byte === 10) this.#end(chunk, start, i + 1, out);
        else this.#end(chunk, start, i, out);
        start = byte === 10 ? i + 1 : i;
        if (byte === 10) continue;
      }
      if (state === quoted) {
        if (byte === q) state = afterQuote;
      } else if (byte === 10 || byte === 13) {
        state = begin;
        if (byte === 13) this.#afterCr = true;
        else {
          this.#end(chunk, start, i + 1, out);
          start = i + 1;
        }
        continue;
      } else if (byte === q && state !== plain) state = quoted;
      else state = byte === d ? begin : plain;
      this.#empty = false;
    }
    this.#state = state;
    this.#kept.add(chunk.subarray(start));
    this.#base += chunk.length;
    if (this.#kept.size > this.#limit) throw new EngineError("CSV-005", { offset: this.#base, limit: this.#limit });
    return out;
  }

  finish(): readonly Cut[] {
    const out: Cut[] = [];
    if (this.#kept.size > 0) this.#end(nothing, 0, 0, out);
    return out;
  }

  problems(): readonly SplitProblem[] {
    return [];
  }

  #end(chunk: Uint8Array, start: number, end: number, out: Cut[]): void {
    const at = this.#base + end;
    const tail = chunk.subarray(start, end);
    const empty = this.#empty;
    this.#empty = true;
    // An empty line is no record; what ends it is skipped with it.
    if (empty) return this.#kept.clear();
    if (this.#wantsHeader && this.#header === undefined) {
      this.#header = this.#kept.take(nothing, tail);
      return;
    }
    if (at <= this.#from) return this.#kept.clear();
    const bytes = this.#kept.take(this.#header ?? nothing, tail);
    if (bytes.length > this.#limit) throw new EngineError("CSV-005", { offset: at, limit: this.#limit });
    out.push({ bytes, end: at });
  }
}
