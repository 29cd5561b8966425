import type ivm from "isolated-vm";

/** One piece of guest code as the engine wraps it: `head` lines stand before its first line. */
export interface Wrapped {
  readonly sync: string;
  /** The same code in an async function; only a body may be one. */
  readonly async?: string;
  readonly head: number;
}

/** A mistake of syntax: which piece, and where in it, counted from 1. */
export interface SyntaxMistake {
  readonly piece: number;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Compiles without running: an isolate that never gets a context cannot run anything. */
export function checkSyntax(vm: typeof ivm, pieces: readonly Wrapped[]): SyntaxMistake[] {
  const isolate = new vm.Isolate({ memoryLimit: 64 });
  try {
    return pieces.flatMap((wrapped, piece) => {
      let mistake = compile(isolate, wrapped.sync);
      if (mistake && wrapped.async && /\bawait\b/.test(wrapped.sync)) mistake = compile(isolate, wrapped.async);
      return mistake ? [{ piece, ...mistake, line: mistake.line - wrapped.head }] : [];
    });
  } finally {
    isolate.dispose();
  }
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
