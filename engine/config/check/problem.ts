import type { ErrorObject } from "ajv";
import type { ConfigCode } from "../codes.ts";
import type { Path } from "../yaml/node.ts";

/** What a schema found wrong, still without a place in the text. */
export interface Problem {
  readonly code: ConfigCode;
  readonly path: Path;
  /** Whether the caret belongs under the key or the value at `path`. */
  readonly target: "key" | "value";
  readonly message: string;
  readonly help?: string;
}

export type SchemaError = ErrorObject & {
  readonly parentSchema?: Readonly<Record<string, unknown>>;
};

/** Says an error in the words of one kind of file; `undefined` leaves it to the general words. */
export type Explain = (error: SchemaError, path: Path, siblings: readonly SchemaError[]) => Problem | "drop" | undefined;

/** JSON Pointer to keys. */
export function pathOf(pointer: string): string[] {
  return pointer === "" ? [] : pointer.slice(1).split("/").map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The word to call a place by: its last key, skipping positions in lists. */
export function nameOf(path: Path): string {
  const name = [...path].reverse().find((step) => !/^\d+$/.test(String(step)));
  return name === undefined ? "the file" : `"${name}"`;
}
