import type { Channel } from "../config/project.ts";
import { systemClock } from "../runtime/clock.ts";
import type { Call, Command, ExitCode, Terminal } from "./command.ts";
import { closest } from "./closest.ts";
import { type LoadedProject, loadProject } from "./compose.ts";
import { type ExplainedValue, explainedValues } from "./explain-values.ts";
import { type ChannelWords, channelWords } from "./explain-words.ts";
import { projectFlag, projectOf } from "./project-folder.ts";
import { renderTable } from "./render-table.ts";
import { reportProjectError } from "./report.ts";
import { listed } from "./spoken.ts";
import { paint } from "./terminal.ts";
import { wrongCall } from "./wrong-call.ts";

/** A channel with everything that it leaves unsaid. */
export const command: Command = {
  name: "explain",
  summary: "say what a channel does: every value with where it comes from, what may leave, and under which agreement",
  usage: "sluice explain [CHANNEL] [--values] [--project DIR] [--json]",
  examples: ["sluice explain", "sluice explain lab-results", "sluice explain lab-results --values --project channels"],
  options: { ...projectFlag, values: { type: "boolean" } },
  positionals: { min: 0, max: 1, help: "CHANNEL: the name of a channel (default: all of them)" },
  run,
};

/** One channel, explained. */
interface Explained {
  readonly channel: string;
  readonly summary?: string;
  readonly file: string;
  readonly revision: string;
  readonly words: ChannelWords;
  readonly values: readonly ExplainedValue[];
}

async function run({ terminal, flags, words: [name], json }: Call): Promise<ExitCode> {
  const root = projectOf(terminal, flags);
  let loaded: LoadedProject;
  try {
    loaded = await loadProject(root, { assumeSecrets: true });
  } catch (error) {
    if (reportProjectError(error, terminal)) return 1;
    throw error;
  }
  const { channels } = loaded.project;
  const wanted = channels.filter((channel) => name === undefined || channel.name === name);
  if (name !== undefined && wanted.length === 0) {
    const names = channels.map((channel) => channel.name);
    const near = closest(name, names);
    return wrongCall(terminal, `no channel "${name}"; ${near ? `did you mean "${near}"?` : `there is ${listed(names)}`}`, "explain");
  }
  const explained = wanted.map((channel) => explain(channel, loaded));
  if (json) for (const one of explained) terminal.out(JSON.stringify(one));
  else terminal.out(explained.map((one) => text(one, terminal, name !== undefined || flags["values"] === true)).join("\n\n"));
  return 0;
}

function explain(channel: Channel, { project, registry }: LoadedProject): Explained {
  const { name, summary, place, revision } = channel;
  return {
    channel: name,
    ...(summary === undefined ? {} : { summary }),
    file: place.file,
    revision,
    words: channelWords(channel, project, systemClock.now()),
    values: explainedValues(channel, project, registry),
  };
}

function text({ channel, summary, file, revision, words, values }: Explained, terminal: Terminal, withValues: boolean): string {
  const sentence = (words: string) => `  - ${words}`;
  return [
    `${paint(terminal, "bold", channel)}  ${file}  revision ${revision}`,
    ...(summary === undefined ? [] : [summary]),
    "",
    ...words.source.map(sentence),
    ...Object.entries(words.destinations).flatMap(([name, said]) => ["", `  ${paint(terminal, "bold", name)}`, ...said.map((words) => `  ${sentence(words)}`)]),
    ...(withValues ? ["", table(values)] : []),
  ].join("\n");
}

function table(values: readonly ExplainedValue[]): string {
  return renderTable(
    [
      { title: "VALUE", cell: ({ path }: ExplainedValue) => path },
      { title: "IS", cell: ({ value }) => shown(value) },
      { title: "FROM", cell: ({ from }) => from },
    ],
    values,
  );
}

function shown(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(", ");
  return JSON.stringify(value);
}
