import { dataFolder } from "../config/read/data-folder.ts";
import { controlPath } from "../console/control-path.ts";
import type { Call, Command, ExitCode } from "./command.ts";
import { followControl } from "./control-stream.ts";
import { eventLine, kinds } from "./event-line.ts";
import { projectFlag, projectOf } from "./project-folder.ts";
import { wrongCall } from "./wrong-call.ts";

export const command: Command = {
  name: "tail",
  summary: "follow a running engine: one line per event, never content",
  usage: "sluice tail [--channel C] [--lane L] [--partner P] [--kind K,…] [--limit N] [--project DIR] [--json]",
  examples: ["sluice tail", "sluice tail --partner ehr --kind retry,dead,refused", "sluice tail --lane lab-results/ehr --json"],
  options: {
    ...projectFlag,
    channel: { type: "string" },
    lane: { type: "string" },
    partner: { type: "string" },
    kind: { type: "string" },
    limit: { type: "string" },
  },
  positionals: { min: 0, max: 0, help: "" },
  run,
};

async function run({ terminal, flags, json }: Call): Promise<ExitCode> {
  const { channel, lane, partner, kind, limit } = flags as Readonly<Record<string, string | undefined>>;
  const unknown = kind?.split(",").find((each) => !kinds.includes(each));
  if (unknown !== undefined) return wrongCall(terminal, `no kind "${unknown}"; there is ${kinds.join(", ")}`, "tail");
  if (limit !== undefined && !/^[1-9]\d{0,8}$/.test(limit)) return wrongCall(terminal, "--limit takes a number of events", "tail");
  const path = controlPath(dataFolder(projectOf(terminal, flags)));
  const wanted = { channel, lane, partner, event: kind };
  const query = new URLSearchParams(Object.entries(wanted).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
  const enough = new AbortController();
  let left = limit === undefined ? Number.POSITIVE_INFINITY : Number(limit);
  await followControl(path, `/api/events?${query}`, AbortSignal.any([terminal.signal, enough.signal]), (event) => {
    if (event["event"] === "alive" || left <= 0) return;
    if (event["event"] === "following") {
      if (!json) terminal.err("following; Ctrl-C leaves, the engine runs on");
      return;
    }
    if (json) terminal.out(JSON.stringify(event));
    else if (event["event"] === "dropped") terminal.out(`.. ${event["count"]} events left out: they came faster than they were read`);
    else terminal.out(eventLine(event));
    if (--left <= 0) enough.abort();
  });
  if (terminal.signal.aborted || enough.signal.aborted) return 0;
  terminal.err("the engine has ended");
  return 1;
}
