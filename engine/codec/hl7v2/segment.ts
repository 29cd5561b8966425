import { getRawText, getValue, presenceOf, setRawText, setValue, type Presence, type Value } from "./access.ts";
import type { Delimiters } from "./delimiters.ts";
import { type Body, type Line, nameOf } from "./lines.ts";
import { parseFieldPath } from "./path.ts";

/** One segment of a message. Paths are relative: `5.1`, `3[2].4`, `patientName.familyName`. It stays the same segment when others come or go. */
export class Hl7Segment {
  readonly #body: Body;
  readonly #line: Line;

  constructor(body: Body, line: Line) {
    this.#body = body;
    this.#line = line;
  }

  /** `???` for a line that does not begin with a segment name. */
  get name(): string {
    return nameOf(this.#line);
  }

  /** Which of the segments of this name it is, counted from 1; 0 after it was removed. */
  get index(): number {
    const { name } = this;
    let n = 0;
    for (const line of this.#body.lines) {
      if (nameOf(line) === name) n++;
      if (line === this.#line) return n;
    }
    return 0;
  }

  /** Of the message that it stands in. */
  get delimiters(): Delimiters {
    return this.#line.marks;
  }

  get(path: string | number): Value {
    return getValue(this.#line, parseFieldPath(path, nameOf(this.#line)));
  }

  getRaw(path: string | number): string {
    return getRawText(this.#line, parseFieldPath(path, nameOf(this.#line)));
  }

  presence(path: string | number): Presence {
    return presenceOf(this.#line, parseFieldPath(path, nameOf(this.#line)));
  }

  set(path: string | number, value: string | number | null): this {
    if (setValue(this.#line, parseFieldPath(path, nameOf(this.#line)), value)) this.#body.edited = true;
    return this;
  }

  setRaw(path: string | number, raw: string): this {
    if (setRawText(this.#line, parseFieldPath(path, nameOf(this.#line)), raw)) this.#body.edited = true;
    return this;
  }

  /** Whether this object stands for that line. */
  stands(line: Line): boolean {
    return line === this.#line;
  }

  /** The raw text without the line end. */
  toString(): string {
    return this.#line.text;
  }
}
