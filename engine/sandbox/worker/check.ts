import type ivm from "isolated-vm";

/** One piece of guest code as the engine wraps it: `head` lines stand before its first line. */
export interface Wrapped {
  readonly sync: string;
  /** The same code in an async function; only a body may be one. */
  readonly async?: string;
  /** The code without what is around it, which must be a whole function body by itself. */
  readonly body: string;
  readonly head: number;
}

/** A mistake of syntax: which piece, and where in it, counted from 1. */
export interface SyntaxMistake {
  readonly piece: number;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

const breakout = "the code ends the function it stands in";

/** Compiles and never calls what it compiled, in an isolate that is thrown away. */
export function checkSyntax(vm: typeof ivm, pieces: readonly Wrapped[]): SyntaxMistake[] {
  const isolate = new vm.Isolate({ memoryLimit: 64 });
  const context = isolate.createContextSync();
  try {
    return pieces.flatMap((wrapped, piece) => {
      let mistake = compile(isolate, wrapped.sync);
      if (mistake && wrapped.async && /\bawait\b/.test(wrapped.sync)) mistake = compile(isolate, wrapped.async);
      if (!mistake && !isWhole(context, wrapped.body)) mistake = { line: 1 + wrapped.head, column: 1, message: breakout };
      return mistake ? [{ piece, ...mistake, line: mistake.line - wrapped.head }] : [];
    });
  } finally {
    isolate.dispose();
  }
}

/** The `Function` constructor takes only text that is a body for itself: `} later(); {` would escape a mere wrapper. */
function isWhole(context: ivm.Context, body: string): boolean {
  const make = "try { new (async () => {}).constructor($0) } catch { return false } return true";
  const makeSync = "try { new Function($0) } catch { return false } return true";
  return context.evalClosureSync(makeSync, [body]) === true || context.evalClosureSync(make, [body]) === true;
}

function compile(isolate: ivm.Isolate, code: string): Omit<SyntaxMistake, "piece"> | undefined {
  try {
    isolate.compileScriptSync(code, { filename: "code" }).release();
    return undefined;
  } catch (error) {
    const text = error instanceof Error ? error.message : "";
    const place = /\s*\[code:(\d+):(\d+)\]$/.exec(text);
    return { line: Number(place?.[1] ?? 1), column: Number(place?.[2] ?? 1), message: text.slice(0, place?.index) };
  }
}
