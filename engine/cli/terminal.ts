import { createInterface } from "node:readline/promises";
import type { Terminal } from "./command.ts";

/** The process as a terminal. The first SIGINT or SIGTERM asks to stop; a second one ends at once. */
export function processTerminal(): Terminal {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(130);
      stop.abort();
    });
  }
  // A reader that leaves early (`sluice message list | head`) is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
  });
  const tty = Boolean(process.stdout.isTTY) && process.env["TERM"] !== "dumb";
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    tty,
    cwd: process.cwd(),
    env: process.env,
    signal: stop.signal,
    ...(tty ? {} : { onHangup: (handler: () => void) => void process.on("SIGHUP", handler) }),
    ...(tty && process.stdin.isTTY ? { ask: (question, standard) => ask(question, standard, stop.signal) } : {}),
  };
}

async function ask(question: string, standard: string, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await lines.question(`${question} [${standard}] `, { signal })).trim() || standard;
  } finally {
    lines.close();
  }
}

const paints = { bold: "1", dim: "2", red: "31", green: "32", yellow: "33" } as const;

/** Colours text on a terminal, unless `NO_COLOR` is set; elsewhere gives it back as it is. */
export function paint(terminal: Terminal, style: keyof typeof paints, text: string): string {
  return terminal.tty && !terminal.env["NO_COLOR"] ? `\u001b[${paints[style]}m${text}\u001b[0m` : text;
}
