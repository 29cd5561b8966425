import { feedToken } from "../runtime/feeds/feed-token.ts";
import { servedPlaces } from "../runtime/feeds/feed-doors.ts";
import { Secrets } from "../runtime/secrets.ts";
import type { Call, Command, ExitCode } from "./command.ts";
import { loadProject } from "./compose.ts";
import { projectFlag, projectOf } from "./project-folder.ts";
import { renderTable } from "./render-table.ts";
import { wrongCall } from "./wrong-call.ts";

export const command: Command = {
  name: "feed",
  summary: "print the addresses of the calendar feeds that this project serves; whoever knows one can read that feed",
  usage: "sluice feed list [NAME] [--base URL] [--project DIR] [--json]",
  examples: ["sluice feed list", "sluice feed list uma-sample --base https://calendars.example.org"],
  options: { ...projectFlag, base: { type: "string" } },
  positionals: { min: 1, max: 2, help: "list, and the name of one feed" },
  run,
};

interface FeedRow {
  readonly lane: string;
  readonly feed: string;
  readonly number: number;
  readonly address: string;
}

/** From configuration and secret alone: no engine need run. */
async function run({ terminal, flags, words: [what, name], json }: Call): Promise<ExitCode> {
  if (what !== "list") return wrongCall(terminal, `no "feed ${what}"; there is list`, "feed");
  const root = projectOf(terminal, flags);
  const { project, registry } = await loadProject(root);
  const secrets = new Secrets(root, process.env);
  const rows = servedPlaces(project, registry).flatMap(({ lane, served, host, port, path }): FeedRow[] => {
    const base = typeof flags.base === "string" ? flags.base.replace(/\/$/, "") : `${served.tls ? "https" : "http"}://${host}:${port}`;
    const secret = secrets.open(served.secret).expose();
    return Object.entries(served.feeds).map(([feed, epoch]) => ({ lane, feed, number: epoch, address: `${base}${path}/${feedToken(secret, { lane, feed, epoch })}.ics` }));
  });
  const shown = rows.filter(({ feed }) => name === undefined || feed === name);
  if (json) for (const row of shown) terminal.out(JSON.stringify(row));
  else if (shown.length > 0) terminal.out(renderTable([{ title: "FEED", cell: ({ feed }) => feed }, { title: "OF", cell: ({ lane }) => lane }, { title: "NUMBER", cell: (row) => String(row.number) }, { title: "ADDRESS", cell: ({ address }) => address }], shown));
  else terminal.err(name === undefined ? "this project serves no feeds" : `no feed is called "${name}"`);
  return shown.length > 0 ? 0 : 1;
}
