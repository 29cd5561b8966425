import type { ParseArgsConfig } from "node:util";

/** What a command may do to the outside: text out, text err, nothing else. Tests pass their own. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Colour and progress only when true. */
  readonly tty: boolean;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts on SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** Calls back at each SIGHUP; absent on a terminal, whose end that signal is. */
  onHangup?(handler: () => void): void;
  /** Asks a person; absent where nobody can answer. An empty answer gives `standard`. */
  ask?(question: string, standard: string): Promise<string>;
}

/** 0 well, 1 found problems, 2 wrong call, 78 cannot run here (DESIGN 10). */
export type ExitCode = 0 | 1 | 2 | 78;

/** One file per command; `main.ts` finds them by name, parses the flags and adds `--help` and `--json`. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** For example `sluice send FILE… [--to mllp://127.0.0.1:2575]`. */
  readonly usage: string;
  readonly examples: readonly string[];
  readonly options: NonNullable<ParseArgsConfig["options"]>;
  /** Words beside the flags: how many at least and at most. */
  readonly positionals: { readonly min: number; readonly max: number; readonly help: string };
  run(call: Call): Promise<ExitCode>;
}

export interface Call {
  readonly terminal: Terminal;
  readonly flags: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  readonly words: readonly string[];
  readonly json: boolean;
}
