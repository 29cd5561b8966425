import type { Document, YAMLError } from "yaml";
import type { Diagnostic, Range } from "../../sdk/index.ts";

type ToRange = (start: number, end: number) => Range;

/** What the library found wrong, in our words: every duplicate key, but of other mistakes the first alone, since the rest follow from it. */
export function syntaxProblems(documents: readonly Document.Parsed[], text: string, range: ToRange): Diagnostic[] {
  const problems = documents.flatMap((d) => [...d.errors, ...d.warnings.filter((w) => w.code === "TAG_RESOLVE_FAILED")]);
  const fatal = problems.filter((p) => p.code !== "DUPLICATE_KEY").sort((a, b) => a.pos[0] - b.pos[0])[0];
  if (fatal) return [describe(fatal, text, range)];
  if (documents.length > 1) {
    const start = documents[1]?.range[0] ?? 0;
    return [{ code: "CFG-101", level: "error", at: range(start, start + 3), message: "a file holds one document", help: "remove the line ---, or split the file" }];
  }
  return problems.map((p) => describe(p, text, range));
}

function describe(error: YAMLError, text: string, range: ToRange): Diagnostic {
  const [start, end] = error.pos;
  if (error.code === "DUPLICATE_KEY") {
    const key = /^[^:\n]*/.exec(text.slice(start))?.[0].trimEnd() ?? "";
    return { code: "CFG-105", level: "error", at: range(start, start + key.length), message: `the key ${key} stands twice`, help: "keep one of them; only one could count" };
  }
  const tab = tabIndent(text, start, end);
  if (tab) {
    return { code: "CFG-106", level: "error", at: range(tab[0], tab[1]), message: "a tab is used as indentation", help: "indent with spaces, two per level" };
  }
  if (error.code === "TAG_RESOLVE_FAILED") {
    return { code: "CFG-107", level: "error", at: range(start, end), message: "YAML tags are refused", help: "write the value without the tag" };
  }
  const open = opener(error, text);
  if (open !== undefined) {
    const message = `this ${text[open]} is not closed`;
    return { code: "CFG-101", level: "error", at: range(open, open + 1), message, help: "close it before the next key" };
  }
  const said = words[error.code];
  const from = start + (/^[ ]*/.exec(text.slice(start, lineEnd(text, start)))?.[0].length ?? 0);
  return {
    code: "CFG-101",
    level: "error",
    at: range(from, Math.max(from + 1, Math.min(end, lineEnd(text, from)))),
    message: said?.message ?? "this is not valid YAML",
    ...(said?.help === undefined ? {} : { help: said.help }),
  };
}

/** Where a bracket or quote opened that is missed at the place of the error: the mistake is there, not where the reader gave up. */
function opener(error: YAMLError, text: string): number | undefined {
  const quote = /closing (['"])quote/.exec(error.message)?.[1];
  // An unclosed text runs to the end of the file, so its opening quote is the last that follows a space or an opening.
  if (quote) return [...text.matchAll(new RegExp(`(?<=^|[\\s\\[{,:])${quote}`, "gm"))].at(-1)?.index;
  if (!/^Flow (?:map|sequence) (?:in block collection must|must end)/i.test(error.message)) return undefined;
  let closed = 0;
  for (let at = error.pos[0] - 1; at >= 0; at--) {
    const char = text[at] ?? "";
    if ("]}".includes(char)) closed += 1;
    else if ("[{".includes(char) && closed-- === 0) return at;
  }
  return undefined;
}

/** A tab among the leading white space of the line where the parser stopped. */
function tabIndent(text: string, start: number, end: number): [number, number] | undefined {
  for (let at = text.lastIndexOf("\n", start - 1) + 1; at <= end && at < text.length; at = lineEnd(text, at) + 1) {
    const lead = /^[ \t]*/.exec(text.slice(at, lineEnd(text, at)))?.[0] ?? "";
    const tab = lead.indexOf("\t");
    if (tab >= 0) return [at + tab, at + lead.length];
  }
  return undefined;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

const indent = { message: "this line is indented differently from its neighbours", help: "keys of one map begin in the same column" };
const words: Partial<Record<YAMLError["code"], { message: string; help?: string }>> = {
  BAD_INDENT: indent,
  MULTILINE_IMPLICIT_KEY: { message: "a key and its colon must stand on one line", help: "is a colon or a quote missing on this line?" },
  MISSING_CHAR: { message: "a colon, a quote or a closing bracket is missing here" },
  UNEXPECTED_TOKEN: { message: "this does not belong here", help: "put text with special characters in quotes; JavaScript stands in a block scalar (key: |)" },
  BAD_SCALAR_START: { message: "plain text cannot begin with this character", help: "put the text in quotes" },
  BLOCK_AS_IMPLICIT_KEY: { message: "a second colon on one line", help: "put the text in quotes, or begin a new line" },
  BLOCK_IN_FLOW: { message: "a block cannot stand inside { } or [ ]" },
  BAD_DQ_ESCAPE: { message: "this backslash means nothing in double quotes", help: "use single quotes" },
  KEY_OVER_1024_CHARS: { message: "a key is too long" },
  MULTIPLE_DOCS: { message: "a file holds one document", help: "remove the line ---, or split the file" },
};
