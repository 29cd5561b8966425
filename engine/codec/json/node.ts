/** A piece of JSON with its place in the text. Strings and numbers are looked at only when asked. */
export type Node = ObjectNode | ArrayNode | ScalarNode;

interface Placed {
  readonly start: number;
  readonly end: number;
}

export interface ObjectNode extends Placed {
  readonly kind: "object";
  readonly members: ReadonlyMap<string, Node>;
}

export interface ArrayNode extends Placed {
  readonly kind: "array";
  readonly items: readonly Node[];
}

export interface ScalarNode extends Placed {
  readonly kind: "string" | "number" | "boolean" | "null";
  /** Strings decoded; the rest as written. */
  readonly text: string;
}
