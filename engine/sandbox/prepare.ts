import { facts } from "../codec/x12/grammar/index.ts";
import type { CodeSpec, FilterSpec } from "../config/project.ts";
import type { Diagnostic } from "../sdk/index.ts";
import { codes } from "./codes.ts";
import { CodeLibrary, type ReadModule } from "./code-library.ts";
import { headLines, moduleNames, type Piece, scope } from "./inside/guest-code.ts";
import type { FilterText, ProgramText } from "./inside/program.ts";
import { readBackTables, readMapTables } from "./map-tables.ts";
import { moduleForm } from "./module-form.ts";
import { placeIn, placeOfOffset } from "./places.ts";
import type { ChannelProgram } from "./sandbox.ts";
import { stripTypes } from "./strip.ts";
import type { SyntaxMistake, Wrapped } from "./worker/check.ts";

/** A channel's program as a worker takes it, with what is needed to point into the files. */
export interface Prepared {
  readonly program: ChannelProgram;
  readonly json: string;
  /** The pieces of code by their index. */
  readonly pieces: readonly CodeSpec[];
  readonly wrapped: readonly Wrapped[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Strips types, makes modules ready, and collects the mistakes that show without compiling. */
export function prepare(program: ChannelProgram, mapKey = ""): Prepared {
  const pieces: CodeSpec[] = [];
  const wrapped: Wrapped[] = [];
  const diagnostics: Diagnostic[] = [];
  const read = (code: CodeSpec, role: "entry" | "library"): ReadModule => {
    const { text, form } = readied(code, role, diagnostics);
    wrapped.push(wrap(text, code.form, form?.imports.flatMap(({ names }) => names.map(({ local }) => local)) ?? []));
    return { piece: { index: pieces.push(code) - 1, form: code.form, text }, form };
  };
  const library = new CodeLibrary({
    read: (code) => read(code, "library"),
    report: (kind, code, offset, detail) => diagnostics.push(mistake(kind, placeOfOffset(code, offset), detail)),
  });
  const piece = (code: CodeSpec): Piece => {
    const { piece, form } = read(code, "entry");
    const uses = library.uses(code, form?.imports ?? [], code.modules);
    return uses.length > 0 ? { ...piece, uses } : piece;
  };
  const filter = (spec: FilterSpec): FilterText =>
    spec.kind === "match" ? { match: spec.conditions } : { code: piece(spec.code) };
  const step = (spec: { readonly filter?: FilterSpec; readonly transform?: CodeSpec }) => ({
    ...(spec.filter ? { filter: filter(spec.filter) } : {}),
    ...(spec.transform ? { transform: piece(spec.transform) } : {}),
  });
  const text: ProgramText = {
    channel: program.channel,
    format: program.format,
    ...(program.csv ? { csv: program.csv } : {}),
    ...(readsX12(program) ? { x12: facts } : {}),
    outputChars: program.limits.outputBytes,
    lookups: program.lookups,
    ...step(program),
    destinations: program.destinations.map((each) => ({ name: each.name, ...(each.format ? { format: each.format } : {}), ...step(each) })),
  };
  const whole: ProgramText = {
    ...text,
    ...(library.pieces.length > 0 ? { library: library.pieces } : {}),
    // The tables are large: only an isolate whose code names the function has them.
    ...(pieces.some((code) => /\btoFhir\b/.test(code.text)) ? { maps: { tables: readMapTables(), key: mapKey } } : {}),
    ...(pieces.some((code) => /(?<!\bdate\s*\.\s*)\btoHl7\b/.test(code.text)) ? { back: readBackTables() } : {}),
  };
  return { program, json: JSON.stringify(whole), pieces, wrapped, diagnostics };
}

/** The tables are large: only a program that reads X12 holds them. */
function readsX12({ format, destinations }: ChannelProgram): boolean {
  return format === "x12" || destinations.some((each) => each.format === "x12" || each.response?.format === "x12");
}

/** The code as a function body, every character in its place. Code with a mistake becomes empty, and is not run. */
function readied(code: CodeSpec, role: "entry" | "library", diagnostics: Diagnostic[]): { readonly text: string; readonly form: ReadModule["form"] } {
  let { text } = code;
  if (code.language === "ts") {
    const stripped = stripTypes(text, code.form);
    if ("code" in stripped) {
      diagnostics.push(mistake(stripped.code, placeIn(code, stripped.line, stripped.column), stripped.message));
      return { text: "", form: undefined };
    }
    text = stripped.text;
  }
  if (code.form === "body") return { text, form: undefined };
  const form = moduleForm(text, role);
  if ("text" in form) return { text: form.text, form };
  diagnostics.push(mistake(form.code, placeOfOffset(code, form.offset)));
  return { text: "", form: undefined };
}

function wrap(text: string, form: CodeSpec["form"], imported: readonly string[]): Wrapped {
  const names = form === "module" ? moduleNames(imported) : scope;
  const around = (word: string) => `(${word}(${names.join(", ")}\n) {\n"use strict";\n${text}\n})`;
  const sync = around("function");
  return { sync, body: text, head: headLines, ...(form === "body" ? { async: around("async function") } : {}) };
}

/** Mistakes of syntax that a worker found, as diagnostics. */
export function syntaxDiagnostics(prepared: Prepared, mistakes: readonly SyntaxMistake[]): Diagnostic[] {
  return mistakes.flatMap((each) => {
    const code = prepared.pieces[each.piece];
    return code ? [mistake("SBX-101", placeIn(code, each.line, each.column), each.message)] : [];
  });
}

const help: Partial<Record<keyof typeof codes, string>> = {
  "SBX-102": "enums, namespaces and parameter properties are more than types: write them as plain JavaScript",
  "SBX-103": 'a code file imports others of the project alone, each by a relative path with its ending, such as "../lib/names.ts"',
  "SBX-104": 'write "export default (msg, meta) => ..." once; other names may only be exported where they are declared',
};

function mistake(code: keyof typeof codes, at: Diagnostic["at"], detail?: string): Diagnostic {
  const way = help[code];
  return {
    code,
    level: "error",
    at,
    message: detail ? `${codes[code].title}: ${detail}` : codes[code].title,
    ...(way ? { help: way } : {}),
  };
}
