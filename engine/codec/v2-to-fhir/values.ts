import { unescapeText } from "../hl7v2/escape.ts";
import type { Hl7Segment } from "../hl7v2/segment.ts";

/**
 * A field repetition, or a component read as one: its parts, each with its own parts. HL7 null (`""`) counts as nothing, since FHIR has no
 * word for "delete this".
 */
export class Value {
  readonly #parts: readonly (readonly string[])[];

  constructor(parts: readonly (readonly string[])[]) {
    this.#parts = parts;
  }

  static of(text: string): Value {
    return new Value([[text]]);
  }

  /** Text of a part, counted from 1. */
  text(part = 1, sub = 1): string {
    return this.#parts[part - 1]?.[sub - 1] ?? "";
  }

  /** A part as a value of its own. */
  part(part: number): Value {
    return new Value((this.#parts[part - 1] ?? []).map((each) => [each]));
  }

  get isEmpty(): boolean {
    return this.#parts.every((part) => part.every((each) => each === ""));
  }

  /** All of it in reading form, for what keeps a value that fits nowhere. */
  whole(): string {
    return this.#parts.map((part) => part.join("&")).join("^").replace(/\^+$/, "");
  }
}

/** The fields of a segment, read once. */
export class Fields {
  readonly name: string;
  readonly #fields: readonly string[];
  readonly #segment: Hl7Segment;
  readonly #read = new Map<number, readonly Value[]>();

  constructor(segment: Hl7Segment) {
    this.#segment = segment;
    this.name = segment.name;
    const mark = segment.delimiters.field;
    const fields = segment.toString().split(mark);
    // MSH-1 is the separator itself.
    this.#fields = this.name === "MSH" ? [fields[0] ?? "", mark, ...fields.slice(1)] : fields;
  }

  /** Repetitions that hold something. */
  all(field: number): readonly Value[] {
    let values = this.#read.get(field);
    if (values === undefined) this.#read.set(field, (values = this.#values(field)));
    return values;
  }

  /** Numbers of the fields that hold something. */
  get valued(): readonly number[] {
    return this.#fields.flatMap((raw, field) => (field > 0 && raw !== "" && this.all(field).length > 0 ? [field] : []));
  }

  first(field: number): Value {
    return this.all(field)[0] ?? nothing;
  }

  #values(field: number): readonly Value[] {
    const marks = this.#segment.delimiters;
    const raw = this.#fields[field] ?? "";
    if (raw === "") return [];
    if (this.name === "MSH" && field <= 2) return [Value.of(raw)];
    const split = (text: string, mark: string) => (mark === "" ? [text] : text.split(mark));
    return split(raw, marks.repetition)
      .map((each) => new Value(split(each, marks.component).map((part) => split(part, marks.subcomponent).map((text) => (text === '""' ? "" : unescapeText(text, marks))))))
      .filter((value) => !value.isEmpty);
  }
}

export const nothing = new Value([]);
