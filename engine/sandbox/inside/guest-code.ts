/** A piece of guest code as the engine prepared it: types stripped, `export default` turned into an assignment. */
export interface Piece {
  readonly index: number;
  readonly form: "body" | "module";
  readonly text: string;
  /** What a module takes from the program's library. */
  readonly uses?: readonly Use[];
}

/** One name of one file of the library: `default`, `*` for all of them, or a name; `local` is what it is called by who uses it. */
export interface Use {
  readonly library: number;
  readonly imported: string;
  readonly local: string;
}

/** Names in scope of guest code, in this order. */
export const scope = ["msg", "meta", "lookup", "log", "extension", "uuid", "date", "decimal", "parseHl7", "parseCsv", "parseXml", "parseScript", "parseIcal", "parseX12", "buildX12", "occurrences", "icalToFhir", "fhirToIcal", "toFhir", "toHl7"] as const;
export const moduleSlot = "$export";

/** The names a module finds in scope, beginning with its slot: the helpers it does not shadow, then what it imports. */
export function moduleNames(imported: readonly string[]): string[] {
  return [moduleSlot, ...scope.slice(2).filter((name) => !imported.includes(name)), ...imported];
}

/** Lines that stand before the first line of guest code in a stack: two of the `Function` constructor, one of ours. */
export const headLines = 3;

export type Values = readonly unknown[];
export type GuestFunction = (values: Values) => unknown;

/** A guest error that the engine itself names. */
export class Failure extends Error {
  readonly number: number;
  constructor(number: number) {
    super(String(number));
    this.number = number;
  }
}

/** A module that was compiled, to be made anew for each message. */
export interface Module {
  readonly factory: Made;
  /** Which values of the scope it is given. */
  readonly given: readonly number[];
  readonly uses: readonly Use[];
}

interface Slot {
  f?: unknown;
  all?: Record<string, unknown>;
}

export function compileModule({ index, text, uses = [] }: Piece): Module {
  const locals = uses.map(({ local }) => local);
  const body = `"use strict";\n${text}\n//# sourceURL=sluice-code-${index}`;
  const given = scope.flatMap((name, at) => (at >= 2 && !locals.includes(name) ? [at] : []));
  return { factory: frozen(new Function(...moduleNames(locals), body) as Made), given, uses };
}

/** Runs the top level of a module and of those it imports, each once in `made`: nothing of it is left for another message. */
function instance({ factory, given, uses }: Module, values: Values, library: readonly Module[], made: Slot[]): Slot {
  const slot: Slot = {};
  const imported = uses.map(({ library: at, imported }) => {
    const from = (made[at] ??= instance(library[at] as Module, values, library, made));
    if (imported === "default") return from.f;
    return imported === "*" ? { ...from.all, default: from.f } : from.all?.[imported];
  });
  factory(slot, ...given.map((at) => values[at]), ...imported);
  return slot;
}

/**
 * Compiles once. Each call of what it returns makes everything in the code anew: the locals of a body, and every
 * statement at the top of a module. The `Function` constructor parses the text as a whole body, so no text can close the
 * function early and leave something outside it.
 */
export function compile(piece: Piece, library: readonly Module[] = []): GuestFunction {
  if (piece.form === "module") {
    const module = compileModule(piece);
    return (values) => {
      const { f } = instance(module, values, library, []);
      if (typeof f !== "function") throw new Failure(210);
      return f(values[0], values[1], toolsOf(values));
    };
  }
  const body = `"use strict";\n${piece.text}\n//# sourceURL=sluice-code-${piece.index}`;
  const factory = frozen(bodyFunction(body));
  return (values) => factory(...values);
}

type Made = ((...values: unknown[]) => unknown) & { prototype?: unknown };

function bodyFunction(body: string): Made {
  try {
    return new Function(...scope, body) as Made;
  } catch (error) {
    const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
    if (/\bawait\b/.test(body)) return new AsyncFunction(...scope, body) as Made;
    throw error;
  }
}

function frozen(made: Made): Made {
  if (made.prototype) Object.freeze(made.prototype);
  return Object.freeze(made);
}

/** A module's function takes the helpers as its third argument too, for code that is tested outside the engine. */
function toolsOf(values: Values): Record<string, unknown> {
  return Object.fromEntries(scope.slice(2).map((name, index) => [name, values[index + 2]]));
}
