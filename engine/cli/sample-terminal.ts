import type { Terminal } from "./command.ts";

/** A terminal for tests: what was written stands in `outs` and `errs`. */
export function sampleTerminal(change: Partial<Terminal> = {}): Terminal & { readonly outs: string[]; readonly errs: string[] } {
  const outs: string[] = [];
  const errs: string[] = [];
  return {
    outs,
    errs,
    out: (text) => void outs.push(text),
    err: (text) => void errs.push(text),
    tty: false,
    cwd: process.cwd(),
    env: {},
    signal: new AbortController().signal,
    ...change,
  };
}
