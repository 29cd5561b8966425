/** A piece of guest code as the engine prepared it: types stripped, `export default` turned into an assignment. */
export interface Piece {
  readonly index: number;
  readonly form: "body" | "module";
  readonly text: string;
}

/** Names in scope of guest code, in this order. */
export const scope = ["msg", "meta", "lookup", "log", "extension", "uuid", "date", "parseHl7", "parseCsv", "parseXml"] as const;
export const moduleSlot = "$export";

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

/**
 * Compiles once. Each call of what it returns makes everything in the code anew: the locals of a body, and every
 * statement at the top of a module. The `Function` constructor parses the text as a whole body, so no text can close the
 * function early and leave something outside it.
 */
export function compile(piece: Piece): GuestFunction {
  const body = `"use strict";\n${piece.text}\n//# sourceURL=sluice-code-${piece.index}`;
  if (piece.form === "module") {
    const factory = frozen(new Function(moduleSlot, ...scope.slice(2), body) as Made);
    return (values) => {
      const slot: { f?: unknown } = {};
      factory(slot, ...values.slice(2));
      if (typeof slot.f !== "function") throw new Failure(210);
      return slot.f(values[0], values[1], toolsOf(values));
    };
  }
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
