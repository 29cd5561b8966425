import { EngineError } from "../../sdk/error.ts";
import type { EditableTree } from "../tree.ts";
import type { X12Delimiters } from "./delimiters.ts";
import { elementOf, getElement, getRawElement, isOpaque, pieceOf, splice } from "./element.ts";
import type { GrammarSource } from "./grammar-port.ts";
import { leavesOf, type X12Leaf } from "./leaves.ts";
import { outlineOf, type Outline, type Place } from "./outline.ts";
import { parseX12Loop, parseX12Path, parseX12Segment, type SegmentPath } from "./path.ts";
import { placesAt, segmentsAt } from "./select.ts";
import { X12Segment } from "./segment.ts";
import { writeElement, writeRawElement } from "./write.ts";
import { hasId, joinBody, readBody, type X12Body, type X12Line } from "./segments.ts";

/** Reads ASC X12 text: one interchange or several. `grammar`: for paths through loops. Throws `X12-0nn`. */
export function parseX12(text: string, grammar?: GrammarSource): X12Message {
  return new X12Message(text, grammar);
}

/**
 * X12 interchanges as text with an index of their segments. Reading looks only at the segment asked for; an edit replaces the span of one
 * piece; an untouched message gives back the very text.
 *
 * Paths: `CLM05-1` (segment, element in two digits, component), `NM1[2]03` (the second NM1), `EB03[2]` (repetition), `REF(EI)02` (the REF whose
 * first element is EI), `2010BA/NM103` (in a loop), `2300[3]/CLM01`, `ST[2]/2300[3]/CLM01`, `GS[2]/GS06`. Behind a loop only its own segments are
 * counted, behind `ISA`, `GS` and `ST` all within. Loops are known where the grammar of the transaction set is.
 */
export class X12Message implements EditableTree {
  readonly #body: X12Body;
  readonly #grammar: GrammarSource | undefined;
  #text: string;
  #edited = false;
  #outline: Outline | undefined;

  constructor(text: string, grammar?: GrammarSource) {
    this.#body = readBody(text);
    this.#grammar = grammar;
    this.#text = text;
  }

  /** The value at a path; `""` when absent or empty. A level not named is its first piece: `CLM05` is `CLM05-1`. */
  get(path: string): string {
    const place = parseX12Path(path);
    const line = this.#first(place);
    return line === undefined ? "" : getElement(line, place);
  }

  /** The text of the very piece named: `CLM05` is the whole composite, `EB03` all its repetitions. */
  getRaw(path: string): string {
    const place = parseX12Path(path);
    const line = this.#first(place);
    return line === undefined ? "" : getRawElement(line, place);
  }

  /** Writes a value; `null` empties the place. Refuses a value that holds a delimiter: X12 has no escape for one. */
  set(path: string, value: string | number | null): this {
    const place = parseX12Path(path);
    const line = this.#need(place);
    if (writeElement(line, place, value)) this.#changed();
    return this;
  }

  /** Writes text to the very piece named, separators of the levels below it included: a composite, all repetitions. */
  setRaw(path: string, raw: string): this {
    const place = parseX12Path(path);
    const line = this.#need(place);
    if (writeRawElement(line, place, raw)) this.#changed();
    return this;
  }

  /** Values at a path over all loops, segments and repetitions that it does not single out; empty ones are left out. */
  values(path: string): readonly string[] {
    const place = parseX12Path(path);
    const out: string[] = [];
    const push = (value: string) => value !== "" && out.push(value);
    for (const at of segmentsAt(this.#body.lines, place, () => this.outline)) {
      const line = this.#body.lines[at] as X12Line;
      if (place.repetition !== 0 || isOpaque(line) || line.marks.repetition === "") push(getElement(line, place));
      else for (const one of elementOf(line, place.element).split(line.marks.repetition)) push(pieceOf(one, place.component, line.marks.component));
    }
    return out;
  }

  /** The segments at `NM1`, `2300/REF`, `ST[2]/REF(EI)`. */
  all(path: string): X12Segment[] {
    return [...segmentsAt(this.#body.lines, parseX12Segment(path), () => this.outline)].map((at) => this.#segment(at));
  }

  /** The paths of the loops at `2300`, `2000B[2]/2300`: each names one loop of the text, to go on from. */
  loops(path: string): string[] {
    return placesAt(this.outline, parseX12Loop(path)).map(({ id, index }) => `${id}[${index}]`);
  }

  get segments(): X12Segment[] {
    return this.#body.lines.map((_, at) => this.#segment(at));
  }

  leaves(): readonly X12Leaf[] {
    return leavesOf(this.#body, this.outline);
  }

  /** Adds a segment after the one at `after`, with its terminator and line end. Counts (`SE01`) are not changed: see `recount`. */
  addSegment(text: string, after: string): this {
    const at = this.#indexOf(parseX12Segment(after));
    const before = this.#body.lines[at] as X12Line;
    const { element, segment } = before.marks;
    const named = typeof text === "string" && /^[A-Z][A-Z0-9]{1,2}$/.test(text.split(element, 1)[0] ?? "") && !/^(?:ISA|GS|ST|SE|GE|IEA)$/.test(text.split(element, 1)[0] ?? "");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what no segment holds
    if (!named || text.includes(segment) || /[\u0000-\u0008\u000a-\u001b]/.test(text) || isOpaque(before)) throw new EngineError("X12-108");
    this.#body.lines.splice(at + 1, 0, { text, end: before.end === "" ? segment : before.end, marks: before.marks });
    this.#changed();
    return this;
  }

  /** Removes the segment at a path; says whether it was there. Segments of the envelope stay. */
  removeSegment(path: string): boolean {
    const [at] = segmentsAt(this.#body.lines, parseX12Segment(path), () => this.outline);
    if (at === undefined) return false;
    if (/^(?:ISA|GS|ST|SE|GE|IEA)/.test((this.#body.lines[at] as X12Line).text)) throw new EngineError("X12-106");
    this.#body.lines.splice(at, 1);
    this.#changed();
    return true;
  }

  /** Writes the counts of segments, transaction sets and groups (SE01, GE01, IEA01) as they are. */
  recount(): this {
    for (const [id, within, counted] of [["SE", "ST", ""], ["GE", "GS", "ST"], ["IEA", "ISA", "GS"]] as const) {
      for (const place of this.outline.places.get(within) ?? []) {
        const closing = this.#body.lines[place.end - 1] === undefined ? -1 : place.own.find((at) => hasId(this.#body.lines[at] as X12Line, id));
        if (closing === undefined || closing < 0) continue;
        const n = counted === "" ? closing - place.start + 1 : (this.outline.places.get(counted) ?? []).filter(({ parent }) => parent === place).length;
        if (splice(this.#body.lines[closing] as X12Line, { element: 1, repetition: 0, component: 0 }, 0, String(n))) this.#edited = true;
      }
    }
    return this;
  }

  /**
   * ST01 and the convention it follows, `837 005010X222A1`; where a text holds several kinds of transaction sets, each of them once, joined by `+`;
   * `TA1` for an interchange of nothing else.
   */
  get type(): string {
    const types = new Set<string>();
    let group = "";
    for (const line of this.#body.lines) {
      if (hasId(line, "GS")) group = elementOf(line, 8);
      else if (hasId(line, "ST")) types.add(`${elementOf(line, 1)} ${elementOf(line, 3) || group}`.trimEnd());
    }
    if (types.size > 0) return [...types].join("+");
    return this.#body.lines.some((line) => hasId(line, "TA1")) ? "TA1" : "";
  }

  /** ISA13 of the first interchange. */
  get controlId(): string {
    return this.get("ISA13");
  }

  /** Of the first interchange. */
  get delimiters(): X12Delimiters {
    return (this.#body.lines[0] as X12Line).marks;
  }

  /** For trusted code that walks the segments. */
  get body(): X12Body {
    return this.#body;
  }

  /** Where each segment belongs: envelopes, and loops where the grammar is known. Made at first use. */
  get outline(): Outline {
    this.#outline ??= outlineOf(this.#body.lines, this.#grammar);
    return this.#outline;
  }

  /** Interchanges, groups or transaction sets in order of the text. */
  envelopes(id: "ISA" | "GS" | "ST"): readonly Place[] {
    return this.outline.places.get(id) ?? [];
  }

  toString(): string {
    if (this.#edited) {
      this.#text = joinBody(this.#body);
      this.#edited = false;
    }
    return this.#text;
  }

  #segment(at: number): X12Segment {
    return new X12Segment(this.#body.lines[at] as X12Line, () => this.#changed());
  }

  #first(path: SegmentPath): X12Line | undefined {
    for (const at of segmentsAt(this.#body.lines, path, () => this.outline)) return this.#body.lines[at];
    return undefined;
  }

  #indexOf(path: SegmentPath): number {
    for (const at of segmentsAt(this.#body.lines, path, () => this.outline)) return at;
    throw new EngineError("X12-104", { segment: path.segment, index: path.index === 0 ? 1 : path.index });
  }

  #need(path: SegmentPath): X12Line {
    return this.#body.lines[this.#indexOf(path)] as X12Line;
  }

  #changed(): void {
    this.#edited = true;
    // A value may have chosen a loop: the layout is made anew when it is asked for.
    this.#outline = undefined;
  }
}
