/** The common face of a parsed message, for trusted code: intake, guard, closed lists, inspect. Paths are the format's own. */
export interface Tree {
  /** `hl7v2`: `ORU^R01`; `fhir`: resource type; `json`/`text`: empty. */
  readonly type: string;
  /** MSH-10, or a FHIR Bundle/resource id; absent when the message has none. */
  readonly controlId?: string | undefined;
  /** Decoded scalar values at a path (all repetitions); empty when there is none. `extension(x)`: exactly one or an error. */
  values(path: string): readonly string[];
  /** Every leaf with its path, in order of the text. */
  leaves(): Iterable<Leaf>;
  /** The text as it would be sent; for an untouched message the very text that was read. */
  toString(): string;
}

/** A tree whose leaves can be changed by their paths. An edit replaces the span of one value; the rest of the text stays as it is. */
export interface EditableTree extends Tree {
  set(path: string, value: string): unknown;
}

export interface Leaf {
  /** `PID-5.1`, `PID-3[2].4.2`, `OBX[3]-5`; JSON: `/entry/0/resource/id`. */
  readonly path: string;
  /** Decoded: escapes resolved. */
  readonly value: string;
  /** Place in the text, UTF-16 units. */
  readonly start: number;
  readonly end: number;
}
