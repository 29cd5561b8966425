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
  const place = placeOf(source, failure, (text) => attempt(head + text));
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
 * wrong in the same way; text that is cut off is wrong at its end.
 */
function placeOf(source: string, whole: Mistake, read: (text: string) => string | Mistake): { line: number; column: number } {
  const lines = source.split("\n");
  const end = { line: lines.length, column: (lines.at(-1) ?? "").length + 1 };
  if (/\beof\b|unterminated/i.test(whole.message)) return end;
  const wrong = (text: string) => {
    const result = read(text);
    return typeof result !== "string" && result.message === whole.message;
  };
  const row = lines.findIndex((_, index) => wrong(lines.slice(0, index + 1).join("\n")));
  if (row < 0) return end;
  const before = lines.slice(0, row).map((line) => `${line}\n`).join("");
  const line = lines[row] ?? "";
  const at = [...line.matchAll(/[\w$]+|[^\s\w$]/g)].find(({ index, 0: token }) => wrong(before + line.slice(0, index + token.length)));
  return beginningOf(whole, lines, row, at?.index ?? 0);
}

/** An enum is known to be one only at its last bracket; its place is that of the word. */
function beginningOf(whole: Mistake, lines: readonly string[], row: number, column: number): { line: number; column: number } {
  const word = /TypeScript (enum|namespace)/.exec(whole.message)?.[1];
  for (let line = row; word !== undefined && line >= 0; line--) {
    const found = (lines[line] ?? "").search(new RegExp(`\\b(?:${word}|module)\\b`));
    if (found >= 0) return { line: line + 1, column: found + 1 };
  }
  return { line: row + 1, column: column + 1 };
}
