import type { LaneView } from "../runtime/operations.ts";
import { bulk, bulkFlags, bulkRequest, bulkUsage } from "./bulk.ts";
import type { Call, Command, ExitCode } from "./command.ts";
import { openLiveDoor, type LaneChoice, type LiveDoor } from "./door.ts";
import { drain } from "./lane-drain.ts";
import { listLanes, showLane } from "./lane-list.ts";
import { projectFlag, projectOf } from "./project-folder.ts";
import { messageNumber } from "./selection-flags.ts";
import { sorts } from "./lane-row.ts";
import { wrongCall } from "./wrong-call.ts";

export const command: Command = {
  name: "lane",
  summary: "see why lanes stand still; pause, resume, hold, release, cancel, drain",
  usage: `sluice lane list [--stopped] [--state retrying] [--sort S] | show LANE | pause|resume|retry-now LANE… | hold|release PARTNER
  arrived|resend LANE ID --by NAME --reason R
  cancel LANE ID --reason R | cancel --lane L --reason R ${bulkUsage}
  drain CHANNEL…|--all [--within 5m] | open CHANNEL…|--all [--project DIR] [--json]`,
  examples: [
    "sluice lane list --stopped",
    "sluice lane list --state retrying",
    "sluice lane show lab-results/ehr",
    'sluice lane pause lab-results/ehr --reason "maintenance until six"',
    "sluice lane resume lab-results/ehr",
    "sluice lane hold ehr",
    "sluice lane release ehr",
    'sluice lane cancel lab-results/ehr m7 --reason "sent by phone"',
    'sluice lane arrived prescriptions/network m7 --by jdoe --reason "the pharmacy has it"',
    "sluice lane drain --all --within 5m",
  ],
  options: {
    ...projectFlag, ...bulkFlags, by: { type: "string" }, stopped: { type: "boolean" }, sort: { type: "string" }, all: { type: "boolean" }, within: { type: "string" },
  },
  positionals: { min: 1, max: 200, help: "list, show, pause, resume, retry-now, hold, release, cancel, arrived, resend, drain or open" },
  run,
};

/** How a lane can stand. */
const kinds: readonly string[] = ["idle", "working", "retrying", "suspended", "stopped", "paused", "outside-window"];

async function run(call: Call): Promise<ExitCode> {
  const { terminal, flags, words } = call;
  const [what, ...names] = words;
  const door = () => openLiveDoor(projectOf(terminal, flags));
  switch (what) {
    case "list":
      if (flags["sort"] !== undefined && !sorts.includes(String(flags["sort"]))) return wrongCall(terminal, `--sort takes one of ${sorts.join(", ")}`, "lane");
      if (flags["state"] !== undefined && !kinds.includes(String(flags["state"]))) return wrongCall(terminal, `--state of a lane is one of ${kinds.join(", ")}`, "lane");
      return listLanes(call, await door());
    case "show":
      return names.length === 1 ? showLane(call, await door(), names[0] ?? "") : wrongCall(terminal, "lane show needs one LANE", "lane");
    case "pause":
    case "resume":
    case "retry-now":
      return order(call, what, names, door);
    case "hold":
    case "release":
      return partner(call, what, names, door);
    case "cancel":
      return cancel(call, names, door);
    case "arrived":
    case "resend":
      return resolve(call, what, names, door);
    case "drain":
    case "open":
      return drain(call, what, names, door);
    default:
      return wrongCall(terminal, `no "lane ${what}"; there is list, show, pause, resume, retry-now, hold, release, cancel, arrived, resend, drain and open`, "lane");
  }
}

/** Lanes by name, or those of a channel or toward a partner. */
function choiceOf({ flags }: Call, names: readonly string[]): LaneChoice | undefined {
  const { channel, partner, lane } = flags as Readonly<Record<string, string | undefined>>;
  const lanes = [...names, ...(lane?.split(",") ?? [])];
  if (lanes.length === 0 && channel === undefined && partner === undefined) return undefined;
  return { ...(lanes.length === 0 ? {} : { lanes }), ...(channel === undefined ? {} : { channel }), ...(partner === undefined ? {} : { partner }) };
}

async function order(call: Call, what: "pause" | "resume" | "retry-now", names: readonly string[], open: () => Promise<LiveDoor>): Promise<ExitCode> {
  const { terminal, flags, json } = call;
  const choice = choiceOf(call, names);
  if (choice === undefined) return wrongCall(terminal, `lane ${what} needs a LANE, a --channel or a --partner`, "lane");
  const reason = typeof flags["reason"] === "string" ? flags["reason"].trim() : "";
  if (what === "pause" && reason === "") return wrongCall(terminal, "lane pause needs a --reason: whoever comes next reads it", "lane");
  const door = await open();
  const lanes = what === "pause" ? await door.pauseLanes(choice, reason) : what === "resume" ? await door.resumeLanes(choice) : await door.retryNow(choice);
  const done = { pause: "paused", resume: "resumed", "retry-now": "tried again now" }[what];
  if (json) terminal.out(JSON.stringify({ lanes, done }));
  else for (const lane of lanes) terminal.out(`${lane} ${done}`);
  return 0;
}

async function partner(call: Call, what: "hold" | "release", names: readonly string[], open: () => Promise<LiveDoor>): Promise<ExitCode> {
  const { terminal, flags, json } = call;
  const all = [...names, ...(typeof flags["partner"] === "string" ? [flags["partner"]] : [])];
  const [name] = all;
  if (name === undefined || all.length > 1) return wrongCall(terminal, `lane ${what} needs one PARTNER`, "lane");
  // What is kept of a hold is a name and a time; a reason is sealed with a lane.
  if (flags["reason"] !== undefined) return wrongCall(terminal, `lane ${what} keeps no reason; "lane pause --partner ${name} --reason …" does, for the lanes there are now`, "lane");
  const door = await open();
  const lanes = what === "hold" ? await door.hold(name) : await door.release(name);
  const views: readonly LaneView[] = (await door.status()).lanes.filter(({ lane }) => lanes.includes(lane));
  const waiting = views.reduce((sum, view) => sum + view.depth, 0);
  if (json) terminal.out(JSON.stringify({ partner: name, lanes, waiting, done: what === "hold" ? "held" : "released" }));
  else terminal.out(`everything to ${name} is ${what === "hold" ? "held until" : "released:"} ${what === "hold" ? `"sluice lane release ${name}": ` : ""}${lanes.join(", ")}; ${waiting} in flight`);
  return 0;
}

async function cancel(call: Call, names: readonly string[], open: () => Promise<LiveDoor>): Promise<ExitCode> {
  const { terminal, flags, json } = call;
  const [lane, id, ...rest] = names;
  if (lane === undefined) {
    const request = bulkRequest(call, "cancel");
    if (typeof request === "string") return wrongCall(terminal, request, "lane");
    if (Object.keys(request.selection).length === 0) return wrongCall(terminal, "lane cancel needs a LANE and an ID, or a query such as --lane L", "lane");
    return bulk(call, await open(), request);
  }
  const number = messageNumber(id ?? "");
  if (number === undefined || rest.length > 0) return wrongCall(terminal, "lane cancel needs a LANE and the ID of a message", "lane");
  const reason = typeof flags["reason"] === "string" ? flags["reason"].trim() : "";
  if (reason === "") return wrongCall(terminal, "lane cancel needs a --reason; it is kept with the message", "lane");
  const door = await open();
  await door.discard(lane, number, reason);
  terminal.out(json ? JSON.stringify({ lane, id: number, done: "cancelled" }) : `${lane} m${number} cancelled; what stood behind it goes on`);
  return 0;
}

/** For the person who knows what became of a message whose answer never came. */
async function resolve({ terminal, flags, json }: Call, what: "arrived" | "resend", [lane, id, ...rest]: readonly string[], open: () => Promise<LiveDoor>): Promise<ExitCode> {
  const number = messageNumber(id ?? "");
  if (lane === undefined || number === undefined || rest.length > 0) return wrongCall(terminal, `lane ${what} needs a LANE and the ID of a message`, "lane");
  const { by, reason } = flags;
  if (typeof by !== "string" || by.trim() === "" || typeof reason !== "string" || reason.trim() === "") return wrongCall(terminal, `lane ${what} needs --by with your name and a --reason; both are kept with the item of work`, "lane");
  await (await open()).resolve(lane, number, { what, by, reason });
  const done = what === "arrived" ? "is delivered; what stood behind it goes on" : "is sent again, in its place";
  terminal.out(json ? JSON.stringify({ lane, id: number, done: what }) : `${lane} m${number} ${done}`);
  return 0;
}
