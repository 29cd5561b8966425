import { EngineError } from "../../sdk/error.ts";
import { isNamedPath, isPlace, resolveNames } from "./names/resolve.ts";

/** A place inside a segment. Levels count from 1; 0 means: not named. */
export interface FieldPath {
  readonly field: number;
  readonly repetition: number;
  readonly component: number;
  readonly subcomponent: number;
}

/** A place in a message: `PID-5.1`, `PID-3[2].4.2`, `OBX[3]-5`, or by names: `patient.name.family`, `PID.patientName`. `index` 0 means: not named. */
export interface MessagePath extends FieldPath {
  readonly segment: string;
  readonly index: number;
}

/** The name given to lines without a segment name, so that their text never becomes part of a path. */
export const oddName = "???";

/** Reads a path of the message. Done by hand: it runs for every `get`, and a cache would outlive the message. */
export function parsePath(path: string): MessagePath {
  if (typeof path !== "string") throw new EngineError("HL7-101");
  if (isNamedPath(path)) return named(path, "");
  const reader = new Reader(path);
  const segment = reader.segment();
  const index = reader.bracket();
  reader.expect(45);
  return reader.fields(segment, index);
}

/** Reads a path inside a segment: `5.1`, `3[2].4`, or by the names of the fields of `segment`: `patientName.familyName`. */
export function parseFieldPath(path: string | number, segment = ""): FieldPath {
  if (typeof path !== "string" && typeof path !== "number") throw new EngineError("HL7-101");
  if (typeof path === "number" && Number.isInteger(path) && path > 0 && path < 10_000) return { field: path, repetition: 0, component: 0, subcomponent: 0 };
  if (typeof path === "string" && isLetter(path.charCodeAt(0))) return named(path, segment);
  return new Reader(String(path)).fields("", 0);
}

/** Reads `OBX`, `OBX[2]` or `observation`. */
export function parseSegmentPath(path: string): { readonly segment: string; readonly index: number } {
  if (typeof path !== "string") throw new EngineError("HL7-101");
  if (isNamedPath(path)) {
    const found = resolveNames(path);
    if (!isPlace(found) || found.field !== 0) throw new EngineError("HL7-101");
    return found;
  }
  const reader = new Reader(path);
  const segment = reader.segment();
  const index = reader.bracket();
  reader.end();
  return { segment, index };
}

/** A path in numbers, as leaves have theirs: `OBX-5` for `observation.value`. */
export function numbered(path: string): string {
  if (!isNamedPath(path)) return path;
  const { segment, index, field, repetition, component, subcomponent } = named(path, "");
  const at = (n: number) => (n === 0 ? "" : `[${n}]`);
  return `${segment}${at(index)}-${field}${at(repetition)}${component === 0 ? "" : `.${component}`}${subcomponent === 0 ? "" : `.${subcomponent}`}`;
}

function named(path: string, segment: string): MessagePath {
  const found = resolveNames(path, segment);
  if (!isPlace(found) || found.field === 0) throw new EngineError("HL7-101");
  return found;
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || isCapital(code);
}

/** Three characters, a capital letter first. */
export function isSegmentName(text: string, at = 0): boolean {
  return isCapital(text.charCodeAt(at)) && isNameChar(text.charCodeAt(at + 1)) && isNameChar(text.charCodeAt(at + 2));
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90;
}

function isNameChar(code: number): boolean {
  return isCapital(code) || (code >= 48 && code <= 57);
}

class Reader {
  readonly #path: string;
  #at = 0;

  constructor(path: string) {
    this.#path = path;
  }

  segment(): string {
    const name = this.#path.slice(0, 3);
    if (!isSegmentName(name) && name !== oddName) this.#wrong();
    this.#at = 3;
    return name;
  }

  bracket(): number {
    if (this.#path.charCodeAt(this.#at) !== 91) return 0;
    this.#at++;
    const n = this.#number(1);
    this.expect(93);
    return n;
  }

  expect(code: number): void {
    if (this.#path.charCodeAt(this.#at) !== code) this.#wrong();
    this.#at++;
  }

  fields(segment: string, index: number): MessagePath {
    const field = this.#number(segment === oddName ? 0 : 1);
    const repetition = this.bracket();
    let component = 0;
    let subcomponent = 0;
    if (this.#path.charCodeAt(this.#at) === 46) {
      this.#at++;
      component = this.#number(1);
      if (this.#path.charCodeAt(this.#at) === 46) {
        this.#at++;
        subcomponent = this.#number(1);
      }
    }
    this.end();
    return { segment, index, field, repetition, component, subcomponent };
  }

  end(): void {
    if (this.#at !== this.#path.length) this.#wrong();
  }

  /** At most four digits, so that no path can ask for a gigabyte of delimiters. */
  #number(least: number): number {
    const start = this.#at;
    let n = 0;
    for (;;) {
      const digit = this.#path.charCodeAt(this.#at) - 48;
      if (!(digit >= 0 && digit <= 9)) break;
      n = n * 10 + digit;
      this.#at++;
    }
    if (this.#at === start || this.#at - start > 4 || n < least) this.#wrong();
    return n;
  }

  #wrong(): never {
    throw new EngineError("HL7-101", { at: this.#at });
  }
}
