import { EngineError } from "../../sdk/error.ts";
import { type Cut, defaultLimit, markLength, nothing, Pieces, type SplitOptions, type SplitProblem, type Splitter } from "./splitter.ts";

/**
 * HL7 v2 messages one after the other, with or without the envelopes of chapter 2.10.3 (FHS, BHS, BTS, FTS). A message is what stands from
 * MSH to the next header or trailer. Counts of the trailers are checked, and one that is wrong is a problem beside the messages. Text that
 * belongs to no message is a message of its own, so that it is refused where everybody sees it instead of being lost.
 */
export class BatchSplitter implements Splitter {
  readonly #from: number;
  readonly #limit: number;
  /** The line that is not whole yet, and the message that may go on. */
  readonly #line = new Pieces();
  readonly #message = new Pieces();
  /** First bytes of the line: enough to know a header or trailer and its count. */
  #head: number[] = [];
  #isMessage = false;
  #base = 0;
  #lineStart = 0;
  #lines = 1;
  #afterCr = false;
  #messages = 0;
  #batches = 0;
  #file: SplitProblem | undefined;
  #batch: SplitProblem | undefined;
  #problems: SplitProblem[] = [];

  constructor({ from = 0, limit = defaultLimit }: SplitOptions = {}) {
    this.#from = from;
    this.#limit = limit;
  }

  get held(): number {
    return this.#line.size + this.#message.size;
  }

  push(chunk: Uint8Array): readonly Cut[] {
    const out: Cut[] = [];
    let start = 0;
    if (this.#base === 0) start = this.#lineStart = markLength(chunk);
    let cr = chunk.indexOf(13, start);
    let lf = chunk.indexOf(10, start);
    while (cr >= 0 || lf >= 0) {
      const end = cr < 0 ? lf : lf < 0 || cr < lf ? cr : lf;
      this.#add(chunk.subarray(start, end + 1));
      this.#endLine(out, this.#base + end + 1, chunk[end] === 13);
      start = end + 1;
      if (cr === end) cr = chunk.indexOf(13, start);
      if (lf === end) lf = chunk.indexOf(10, start);
    }
    this.#add(chunk.subarray(start));
    this.#base += chunk.length;
    if (this.held > this.#limit) throw new EngineError("HL7-305", { offset: this.#base, limit: this.#limit });
    return out;
  }

  finish(): readonly Cut[] {
    const out: Cut[] = [];
    if (this.#line.size > 0) this.#endLine(out, this.#base, false);
    this.#emit(out, this.#base);
    this.#closeBatch();
    this.#closeFile();
    return out;
  }

  problems(): readonly SplitProblem[] {
    const found = this.#problems;
    this.#problems = [];
    return found;
  }

  #add(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length && this.#head.length < 24; i++) this.#head.push(bytes[i] as number);
    this.#line.add(bytes);
  }

  #endLine(out: Cut[], end: number, isCr: boolean): void {
    const head = String.fromCharCode(...this.#head);
    const at = { offset: this.#lineStart, line: this.#lines };
    const blank = this.#line.size === 1 && (this.#head[0] === 13 || this.#head[0] === 10);
    const bytes = this.#line.take(nothing, nothing);
    if (!(blank && this.#afterCr && !isCr)) this.#lines++;
    this.#afterCr = isCr;
    this.#head = [];
    const name = nameOf(head);
    if (name !== "") this.#emit(out, this.#lineStart);
    this.#lineStart = end;
    switch (name) {
      case "MSH":
        this.#messages++;
        this.#isMessage = true;
        this.#message.add(bytes);
        break;
      case "BHS":
        this.#closeBatch();
        this.#batch = { code: "HL7-303", ...at };
        this.#batches++;
        this.#messages = 0;
        break;
      case "FHS":
        this.#closeBatch();
        this.#closeFile();
        this.#file = { code: "HL7-303", ...at };
        this.#batches = 0;
        break;
      case "BTS":
        this.#trailer(at, head, this.#batch, "HL7-301", this.#messages);
        this.#batch = undefined;
        break;
      case "FTS":
        this.#closeBatch();
        this.#trailer(at, head, this.#file, "HL7-302", this.#batches);
        this.#file = undefined;
        break;
      default:
        if (this.#isMessage || !blank) this.#message.add(bytes);
        if (!blank) this.#isMessage = true;
    }
  }

  #emit(out: Cut[], end: number): void {
    const skip = !this.#isMessage || end <= this.#from;
    this.#isMessage = false;
    if (skip) this.#message.clear();
    else out.push({ bytes: this.#message.take(nothing, nothing), end });
  }

  #trailer(at: { offset: number; line: number }, head: string, opened: SplitProblem | undefined, code: "HL7-301" | "HL7-302", has: number): void {
    if (opened === undefined) this.#problems.push({ code: "HL7-304", ...at });
    const said = head.slice(4).split(head.charAt(3), 1)[0]?.replace(/[\r\n]+$/, "") ?? "";
    if (said === "") return;
    const says = /^\s*\d{1,10}\s*$/.test(said) ? Number(said) : -1;
    if (says !== has) this.#problems.push({ code, ...at, has, says });
  }

  #closeBatch(): void {
    if (this.#batch !== undefined) this.#problems.push(this.#batch);
    this.#batch = undefined;
  }

  #closeFile(): void {
    if (this.#file !== undefined) this.#problems.push(this.#file);
    this.#file = undefined;
  }
}

/** Name of a line that begins or ends something; empty for any other. */
function nameOf(head: string): string {
  return /^(?:(?:MSH|FHS|BHS)(?=[!-~])(?![0-9A-Za-z"])|(?:BTS|FTS)(?=[^0-9A-Za-z]|$))/.exec(head)?.[0] ?? "";
}
