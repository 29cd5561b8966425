import { readFileSync } from "node:fs";
import { parseArgs, type ParseArgsConfig } from "node:util";
import { describe } from "./catalogues.ts";
import type { Call, Command, ExitCode, Terminal } from "./command.ts";
import { commands } from "./commands.ts";
import { closest } from "./closest.ts";
import { flagWords } from "./flag-words.ts";
import { whereOf } from "./last-words.ts";
import { processTerminal } from "./terminal.ts";
import { wrongCall } from "./wrong-call.ts";

export { watchFaults } from "./last-words.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

const common: Options = {
  help: { type: "boolean", short: "h" },
  json: { type: "boolean" },
  debug: { type: "boolean" },
};

/** Runs one call of the command line and gives its exit code. */
export async function main(argv: readonly string[], terminal: Terminal = processTerminal()): Promise<ExitCode> {
  const [name, ...rest] = argv;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") return overview(terminal);
  if (name === "--version" || name === "-V" || name === "version") return version(terminal, rest.includes("--json"));
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) return wrong(terminal, `no command "${name}"`, closest(name, Object.keys(commands)));
  const command = await load();
  const call = read(command, rest, terminal);
  if (typeof call === "number") return call;
  try {
    return await command.run(call);
  } catch (error) {
    terminal.err(await describe(error));
    if (call.flags["debug"] && error instanceof Error) terminal.err(whereOf(error));
    return 1;
  }
}

/** A call as the command sees it, or the exit code when it was help or a wrong call. */
function read(command: Command, argv: readonly string[], terminal: Terminal): Call | ExitCode {
  const options: Options = { ...common, ...command.options };
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
    if (values["help"]) return usage(command, terminal);
    const { min, max } = command.positionals;
    if (positionals.length < min) return wrong(terminal, `${command.name} needs ${command.positionals.help}`, undefined, command.name);
    if (positionals.length > max) return wrong(terminal, `${command.name} takes ${max === 0 ? "no words" : `at most ${max}`} beside its flags`, undefined, command.name);
    return { terminal, flags: values as Call["flags"], words: positionals, json: values["json"] === true };
  } catch (error) {
    const unknown = /'(--?[^' =]+)/.exec(error instanceof Error ? error.message : "")?.[1];
    const known = Object.keys(options).map((option) => `--${option}`);
    if (unknown && known.includes(unknown)) return wrong(terminal, `${unknown} is not used like this`, undefined, command.name);
    return wrong(terminal, unknown ? `no flag ${unknown}` : "cannot read the flags", unknown && closest(unknown, known), command.name);
  }
}

function wrong(terminal: Terminal, what: string, suggestion: string | undefined, command?: string): ExitCode {
  return wrongCall(terminal, `${what}${suggestion ? `; did you mean "${suggestion}"?` : ""}`, command);
}

function usage(command: Command, terminal: Terminal): ExitCode {
  const options: Options = { ...command.options, ...common };
  const flags = Object.entries(options).map(([name, { short }]) => {
    const [takes, means] = flagWords(command.name, name) ?? ["", ""];
    return [`${short ? `-${short}, ` : ""}--${name}${takes && ` ${takes}`}`, means] as const;
  });
  const width = Math.max(...flags.map(([flag]) => flag.length));
  terminal.out(
    [`${command.summary}`, "", `Usage: ${command.usage}`, "", "Flags:", ...flags.map(([flag, means]) => `  ${flag.padEnd(width)}  ${means}`.trimEnd()), "", "Examples:", ...command.examples.map((example) => `  ${example}`)].join("\n"),
  );
  return 0;
}

async function overview(terminal: Terminal): Promise<ExitCode> {
  const all = await Promise.all(Object.values(commands).map((load) => load()));
  const width = Math.max(...all.map((command) => command.name.length));
  terminal.out(
    [
      "Sluice: an integration engine for healthcare",
      "",
      ...all.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
      "",
      'Every command has --help with an example and --json for programs. "sluice --version" names the version.',
    ].join("\n"),
  );
  return 0;
}

function version(terminal: Terminal, json: boolean): ExitCode {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };
  terminal.out(json ? JSON.stringify({ version, node: process.versions.node }) : version);
  return 0;
}
