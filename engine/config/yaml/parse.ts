import { Composer, type Document, Lexer, LineCounter, Parser, type CST } from "yaml";
import type { Diagnostic, Range } from "../../sdk/index.ts";
import { convert } from "./convert.ts";
import { limits } from "./limits.ts";
import type { Node } from "./node.ts";
import { syntaxProblems } from "./syntax.ts";

/** One YAML file as read: its value, unless it is broken beyond reading, and what is wrong with it. */
export interface Parsed {
  readonly node?: Node;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads YAML 1.2 (core schema), with positions, without aliases and tags, within limits. Never throws. */
export function parseYaml(file: string, text: string): Parsed {
  const lines = new LineCounter();
  const range = (start: number, end: number): Range => {
    const from = lines.linePos(start);
    const to = lines.linePos(Math.max(end, start + 1));
    return { file, line: Math.max(from.line, 1), column: Math.max(from.col, 1), endLine: Math.max(to.line, 1), endColumn: Math.max(to.col, 1) };
  };
  const tokens = tokenize(text, lines);
  if ("tooDeepAt" in tokens) {
    const at = range(tokens.tooDeepAt, tokens.tooDeepAt + 1);
    const message = `nests deeper than ${limits.depth} levels`;
    return { diagnostics: [{ code: "CFG-103", level: "error", at, message, help: "flatten the file; no part of a project needs such depth" }] };
  }
  const composer = new Composer({ version: "1.2", schema: "core", merge: false, uniqueKeys: true, strict: true, lineCounter: lines, prettyErrors: false });
  const documents = [...composer.compose(tokens.tokens, true, text.length)] as Document.Parsed[];
  const broken = syntaxProblems(documents, text, range);
  if (broken.some((d) => d.code !== "CFG-105")) return { diagnostics: broken };
  const contents = documents[0]?.contents;
  if (!contents) return { diagnostics: [{ code: "CFG-101", level: "error", at: range(0, 1), message: "the file is empty", help: "`sluice init` writes one to begin with" }] };
  const converted = convert(contents, range);
  return converted.refused ? { diagnostics: [converted.refused] } : { node: converted.node, diagnostics: broken };
}

/** The parser keeps its open collections on a stack of its own, so depth is known before anything recursive runs. */
function tokenize(text: string, lines: LineCounter): { tokens: CST.Token[] } | { tooDeepAt: number } {
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    const depth = parser.stack.filter((token) => token.type.endsWith("-map") || token.type.endsWith("-seq") || token.type === "flow-collection").length;
    if (depth > limits.depth) return { tooDeepAt: parser.offset - 1 };
  }
  for (const token of parser.end()) tokens.push(token);
  return { tokens };
}
