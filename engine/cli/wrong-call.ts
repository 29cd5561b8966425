import type { ExitCode, Terminal } from "./command.ts";

/** Says what is wrong with a call and where its help is. */
export function wrongCall(terminal: Terminal, what: string, command?: string): ExitCode {
  terminal.err(`${what}\nsee sluice ${command ? `${command} ` : ""}--help`);
  return 2;
}
