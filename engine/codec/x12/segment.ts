import { getElement, getRawElement } from "./element.ts";
import { writeElement, writeRawElement } from "./write.ts";
import { parseElementPath } from "./path.ts";
import { idOf, type X12Line } from "./segments.ts";

/** One segment of a message, live: what is written here stands in the message. Paths are of its elements: `3`, `05-1`, `03[2]`. */
export class X12Segment {
  readonly #line: X12Line;
  readonly #changed: () => void;

  constructor(line: X12Line, changed: () => void) {
    this.#line = line;
    this.#changed = changed;
  }

  get id(): string {
    return idOf(this.#line);
  }

  get(path: string | number): string {
    return getElement(this.#line, parseElementPath(path));
  }

  getRaw(path: string | number): string {
    return getRawElement(this.#line, parseElementPath(path));
  }

  set(path: string | number, value: string | number | null): this {
    return this.#after(writeElement(this.#line, parseElementPath(path), value));
  }

  setRaw(path: string | number, raw: string): this {
    return this.#after(writeRawElement(this.#line, parseElementPath(path), raw));
  }

  /** The segment without its terminator. */
  toString(): string {
    return this.#line.text;
  }

  #after(changed: boolean): this {
    if (changed) this.#changed();
    return this;
  }
}
