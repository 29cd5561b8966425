/** An element with the places of what can be read and changed in it. Places are UTF-16 units of the text that was read. */
export interface Element {
  /** As written, with its prefix. */
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly children: readonly Element[];
  /** Stretches of text between tags and comments, in order. */
  runs: Run[];
  /** Between the tags; of `<a/>` the place of its `/>`. */
  readonly start: number;
  end: number;
  readonly isEmptyTag: boolean;
}

/** Something with a value that stands in one span. */
export interface Spot {
  readonly start: number;
  readonly end: number;
  /** Decoded. */
  value: string;
}

export interface Attribute extends Spot {
  readonly name: string;
}

export interface Run extends Spot {
  /** Text between child elements that is white space alone only lays out the document. */
  readonly isBlank: boolean;
}

/** What `extension` is of `x:extension`. */
export function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}
