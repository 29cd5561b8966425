import type { Code } from "./error.ts";

/** A place in a file. Lines and columns count from 1; `end` is exclusive. */
export interface Range {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** One mistake, as a value. `message` and `help` may quote configuration, never message content or a secret. */
export interface Diagnostic {
  readonly code: Code;
  readonly level: "error" | "warning";
  readonly at: Range;
  readonly message: string;
  readonly help?: string;
}
