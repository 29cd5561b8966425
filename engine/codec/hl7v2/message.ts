import { EngineError } from "../../sdk/error.ts";
import type { Tree } from "../tree.ts";
import { breaksSegment, getRawText, getValue, presenceOf, setRawText, setValue, type Presence, type Value } from "./access.ts";
import type { Delimiters } from "./delimiters.ts";
import { leavesOf, type Hl7Leaf } from "./leaves.ts";
import { type Body, isNamed, joinLines, type Line, readBody } from "./lines.ts";
import { isSegmentName, parsePath, parseSegmentPath } from "./path.ts";
import { eachRepetition, type Repetitions } from "./repetitions.ts";
import { Hl7Segment } from "./segment.ts";
import { valuesOf } from "./values.ts";

/** Reads an HL7 v2 message, or a file of messages with FHS/BHS envelopes. Throws `HL7-0nn`. */
export function parseHl7(text: string): Hl7Message {
  return new Hl7Message(text);
}

/**
 * An HL7 v2 message as text with an index of its segments. Reading looks only at the segment asked for; an edit replaces
 * the span of one piece; an untouched message gives back the very text.
 * @example
 * const msg = parseHl7(text);
 * msg.set("MSH-3", "LAB").set("PID-5.1", msg.get("PID-5.1")?.toUpperCase() ?? null);
 * for (const obx of msg.all("OBX")) if (obx.get("8") === "HH") obx.set("8", "CRIT");
 */
export class Hl7Message implements Tree {
  readonly #body: Body;
  #text: string;

  constructor(text: string) {
    this.#body = readBody(text);
    this.#text = text;
  }

  /** The decoded leaf: `""` when absent or empty, `null` for HL7 null. A level not named is its first piece: `PID-5` is `PID-5.1.1`. */
  get(path: string): Value {
    const place = parsePath(path);
    const line = this.#find(place.segment, place.index);
    return line === undefined ? "" : getValue(line, place);
  }

  /** The raw text of the very piece named: `PID-5` is the whole field with its repetitions. */
  getRaw(path: string): string {
    const place = parsePath(path);
    const line = this.#find(place.segment, place.index);
    return line === undefined ? "" : getRawText(line, place);
  }

  presence(path: string): Presence {
    const place = parsePath(path);
    const line = this.#find(place.segment, place.index);
    return line === undefined ? "absent" : presenceOf(line, place);
  }

  /** Writes a leaf, escaped; pieces that lead there are added. The segment must exist. */
  set(path: string, value: string | number | null): this {
    const place = parsePath(path);
    if (setValue(this.#need(place.segment, place.index), place, value)) this.#body.edited = true;
    return this;
  }

  /** Writes raw text to the very piece named; refuses what would break out of it. */
  setRaw(path: string, raw: string): this {
    const place = parsePath(path);
    if (setRawText(this.#need(place.segment, place.index), place, raw)) this.#body.edited = true;
    return this;
  }

  /** Decoded values at a path over all segments and repetitions it does not single out; empty ones are left out. */
  values(path: string): readonly string[] {
    return valuesOf(this.#body, parsePath(path));
  }

  all(name: string): Hl7Segment[] {
    const { segment } = parseSegmentPath(name);
    return this.#body.lines.filter((line) => isNamed(line, segment)).map((line) => new Hl7Segment(this.#body, line));
  }

  get segments(): Hl7Segment[] {
    return this.#body.lines.map((line) => new Hl7Segment(this.#body, line));
  }

  leaves(): readonly Hl7Leaf[] {
    return leavesOf(this.#body);
  }

  /** For tables that ask for some of the fields: `eachRepetition`. */
  eachRepetition<Row extends object>(reader: Repetitions<Row>): void {
    eachRepetition(this.#body, reader);
  }

  /**
   * Adds a segment, given as raw text or as a name, after the segment given (`"PID"`, `"OBX[2]"`), else at the end of the message.
   */
  addSegment(text: string, after?: Hl7Segment | string): Hl7Segment {
    const { lines } = this.#body;
    const at = after === undefined ? this.#last() : lines.indexOf(this.#lineOf(after));
    if (at < 0) throw new EngineError("HL7-104");
    const before = lines[at] as Line;
    const named = typeof text === "string" && isSegmentName(text) && (text.length === 3 || text.charAt(3) === before.marks.field);
    if (!named || breaksSegment(text) || /^(?:MSH|FHS|BHS)/.test(text)) throw new EngineError("HL7-107");
    const line: Line = { text, eol: before.eol, marks: before.marks, header: false };
    // A text that ends without a line end still does.
    if (before.eol === "") before.eol = this.#eol();
    lines.splice(at + 1, 0, line);
    this.#body.edited = true;
    return new Hl7Segment(this.#body, line);
  }

  /** Removes a segment with its line end; says whether it was there. A header stays. */
  removeSegment(which: Hl7Segment | string): boolean {
    const { lines } = this.#body;
    const at = lines.indexOf(this.#lineOf(which));
    if (at < 0) return false;
    if (lines[at]?.header) throw new EngineError("HL7-106", { field: 0 });
    lines.splice(at, 1);
    this.#body.edited = true;
    return true;
  }

  /** `ORU^R01`: MSH-9.1 and 9.2 of the first message, joined by `^` whatever the delimiters. */
  get type(): string {
    const line = this.#find("MSH", 0);
    if (line === undefined) return "";
    const code = getValue(line, { field: 9, repetition: 0, component: 1, subcomponent: 0 }) ?? "";
    const trigger = getValue(line, { field: 9, repetition: 0, component: 2, subcomponent: 0 }) ?? "";
    return trigger === "" ? code : `${code}^${trigger}`;
  }

  /** MSH-10 of the first message; empty when it has none. */
  get controlId(): string {
    return this.get("MSH-10") ?? "";
  }

  /** MSH-12.1 of the first message. */
  get version(): string {
    return this.get("MSH-12.1") ?? "";
  }

  get delimiters(): Delimiters {
    return ((this.#find("MSH", 0) ?? this.#body.lines[0]) as Line).marks;
  }

  /** How many MSH segments the text holds. */
  get messages(): number {
    return this.#body.lines.reduce((n, line) => (line.header && isNamed(line, "MSH") ? n + 1 : n), 0);
  }

  /** For trusted code of the codec that walks the lines. */
  get body(): Readonly<Body> {
    return this.#body;
  }

  toString(): string {
    if (this.#body.edited) {
      this.#text = joinLines(this.#body);
      this.#body.edited = false;
    }
    return this.#text;
  }

  #find(name: string, index: number): Line | undefined {
    let left = index === 0 ? 1 : index;
    for (const line of this.#body.lines) if (isNamed(line, name) && --left === 0) return line;
    return undefined;
  }

  #need(name: string, index: number): Line {
    const line = this.#find(name, index);
    if (line === undefined) throw new EngineError("HL7-104", { segment: name, index: index === 0 ? 1 : index });
    return line;
  }

  #lineOf(which: Hl7Segment | string): Line {
    if (typeof which === "string") {
      const { segment, index } = parseSegmentPath(which);
      return this.#need(segment, index);
    }
    const line = this.#body.lines.find((each) => which.stands(each));
    if (line === undefined) throw new EngineError("HL7-104");
    return line;
  }

  /** The last line of the last message, before the trailers of an envelope. */
  #last(): number {
    const { lines } = this.#body;
    let at = lines.length - 1;
    while (at > 0 && (isNamed(lines[at] as Line, "BTS") || isNamed(lines[at] as Line, "FTS"))) at--;
    return at;
  }

  #eol(): string {
    const first = (this.#body.lines[0] as Line).eol;
    return first === "" ? "\r" : first.startsWith("\r\n") ? "\r\n" : first.charAt(0);
  }
}
