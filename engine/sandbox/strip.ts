import { stripTypeScriptTypes } from "node:module";

/** JavaScript with each character where it was, or the first mistake. */
export type Stripped =
  | { readonly text: string }
  | { readonly code: "SBX-101" | "SBX-102"; readonly line: number; readonly column: number; readonly message: string };

/** Blanks the types out of TypeScript. A body is no program by itself (it returns), so it is read inside a function. */
export function stripTypes(source: string, form: "body" | "module"): Stripped {
  const head = form === "body" ? "async function _() {\n" : "";
  const tail = form === "body" ? "\n}" : "";
  const failure = attempt(head + source + tail);
  if (typeof failure === "string") return { text: failure.slice(head.length, failure.length - tail.length) };
  const place = placeOf(source, (text) => attempt(head + text));
  const only = failure.code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX";
  return { code: only ? "SBX-102" : "SBX-101", ...place, message: failure.message.split("\n")[0] ?? "" };
}

interface Mistake {
  readonly code: unknown;
  readonly message: string;
}

function attempt(source: string): string | Mistake {
  try {
    return stripQuietly(source);
  } catch (error) {
    return { code: (error as { code?: unknown }).code, message: error instanceof Error ? error.message : "" };
  }
}

/** Node calls the function experimental once, in a warning; an operator can do nothing with that. */
export function stripQuietly(source: string): string {
  const { emitWarning } = process;
  try {
    process.emitWarning = () => {};
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}

/**
 * Node tells what is wrong and not where. The mistake stands at the end of the shortest beginning of the text that is
 * wrong for another reason than its being cut off.
 */
function placeOf(source: string, read: (text: string) => string | Mistake): { line: number; column: number } {
  const wrong = (text: string) => {
    const result = read(text);
    return typeof result !== "string" && !/eof|unterminated|expected '\}'/i.test(result.message);
  };
  const lines = source.split("\n");
  const row = lines.findIndex((_, index) => wrong(lines.slice(0, index + 1).join("\n")));
  if (row < 0) return { line: lines.length, column: 1 };
  const before = lines.slice(0, row).map((line) => `${line}\n`).join("");
  const line = lines[row] ?? "";
  for (const { index, 0: token } of line.matchAll(/[\w$]+|[^\s\w$]/g)) {
    if (wrong(before + line.slice(0, index + token.length))) return { line: row + 1, column: index + 1 };
  }
  return { line: row + 1, column: 1 };
}
