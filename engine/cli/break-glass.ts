import { dataFolder } from "../config/read/data-folder.ts";
import { controlPath } from "../console/control-path.ts";
import type { Liftable } from "../phi/break-glass.ts";
import type { CaseView } from "../runtime/break-glass/desk.ts";
import { checkedRequest, hashOf, type Request, signed, type Word } from "../runtime/break-glass/documents.ts";
import { systemClock, systemRandom } from "../runtime/clock.ts";
import { durationMs } from "../sdk/index.ts";
import type { Call, Command, ExitCode } from "./command.ts";
import { callControl } from "./control-client.ts";
import { keyOf, makeKey } from "./person-key.ts";
import { projectFlag, projectOf } from "./project-folder.ts";
import { renderTable } from "./render-table.ts";
import { wrongCall } from "./wrong-call.ts";

export const command: Command = {
  name: "break-glass",
  summary: "emergency access to one destination: one person asks, another approves, everybody sees it",
  usage: `sluice break-glass key FILE [--as NAME] | list
  request --lane L --for 2h --messages N --lifts agreement,purpose,hold,part2 --reason CODE --ticket T --as NAME --key FILE
  approve ID | end ID | review ID [--not-justified]   each with --as NAME --key FILE [--project DIR] [--json]`,
  examples: [
    "sluice break-glass key ada.pem",
    "sluice break-glass request --lane lab-results/ehr --for 2h --messages 50 --lifts agreement --reason patient-emergency --ticket INC-4711 --as ada --key ada.pem",
    "sluice break-glass list",
    "sluice break-glass approve bg-1a2b3c4d --as bert --key bert.pem",
    "sluice break-glass end bg-1a2b3c4d --as ada --key ada.pem",
    "sluice break-glass review bg-1a2b3c4d --as bert --key bert.pem",
  ],
  options: {
    ...projectFlag, as: { type: "string" }, key: { type: "string" }, lane: { type: "string" }, for: { type: "string" }, messages: { type: "string" },
    lifts: { type: "string" }, compartments: { type: "string" }, reason: { type: "string" }, ticket: { type: "string" }, recipient: { type: "string" },
    emergency: { type: "string" }, "not-justified": { type: "boolean" },
  },
  positionals: { min: 1, max: 2, help: "key, request, list, approve, end or review" },
  run,
};

const words: Readonly<Record<string, Word["kind"]>> = { approve: "approval", end: "end", review: "review" };

async function run(call: Call): Promise<ExitCode> {
  const { terminal, flags, words: [what = "", id], json } = call;
  if (what === "key") {
    if (id === undefined) return wrongCall(terminal, "break-glass key needs the FILE to write", "break-glass");
    const key = makeKey(terminal.cwd, id);
    const name = typeof flags["as"] === "string" ? flags["as"] : undefined;
    terminal.out(json ? JSON.stringify({ key }) : name === undefined ? `your public key; it goes under people in sluice.yaml:\n  - { name: YOUR-NAME, key: "${key}" }` : `  - { name: ${name}, key: "${key}" }`);
    return 0;
  }
  const control = controlPath(dataFolder(projectOf(terminal, flags)));
  if (what === "list") return tell(call, (await callControl<{ cases: readonly CaseView[] }>(control, "GET", "/api/break-glass")).cases);
  if (what !== "request" && words[what] === undefined) return wrongCall(terminal, `no "break-glass ${what}"; there is key, request, list, approve, end and review`, "break-glass");
  const { as, key: file } = flags as Readonly<Record<string, string | undefined>>;
  if (as === undefined || file === undefined) return wrongCall(terminal, `break-glass ${what} needs --as NAME and --key FILE`, "break-glass");
  const key = keyOf(terminal.cwd, file);
  if (what === "request" && !/^\d{1,6}(s|m|h)$/.test(String(flags["for"]))) return wrongCall(terminal, "break-glass request needs --for with a duration, as 2h", "break-glass");
  if (what === "request") {
    const [channel = "", destination = ""] = String(flags["lane"] ?? "").split("/");
    const about = await callControl<Pick<Request, "partner" | "purpose">>(control, "GET", `/api/break-glass/about/${encodeURIComponent(channel)}/${encodeURIComponent(destination)}`);
    return tell(call, [await callControl<CaseView>(control, "POST", "/api/break-glass", signed(requestOf(call, as, about), key))]);
  }
  if (id === undefined) return wrongCall(terminal, `break-glass ${what} needs the ID that "break-glass list" shows`, "break-glass");
  const path = `/api/break-glass/${encodeURIComponent(id)}`;
  const request = checkedRequest(await callControl<Request>(control, "GET", path));
  const kind = words[what] as Word["kind"];
  const word: Word = { kind, of: hashOf(request), by: as, at: now(), ...(kind === "review" && { justified: flags["not-justified"] !== true }) };
  return tell(call, [await callControl<CaseView>(control, "POST", path, signed(word, key))]);
}

function requestOf({ flags }: Call, by: string, about: Pick<Request, "partner" | "purpose">): Request {
  const { lane = "", messages, lifts, compartments, reason = "", ticket = "", recipient, emergency } = flags as Readonly<Record<string, string | undefined>>;
  const list = (text: string | undefined) => (text === undefined ? [] : text.split(",").map((each) => each.trim()));
  const period = durationMs(String(flags["for"] ?? ""));
  return checkedRequest({
    kind: "request",
    id: `bg-${Buffer.from(systemRandom.bytes(4)).toString("hex")}`,
    lane,
    ...about,
    lifts: list(lifts) as Liftable[],
    compartments: list(compartments),
    minutes: Math.ceil(period / 60_000),
    messages: Number(messages),
    reason,
    ticket,
    by,
    at: now(),
    ...(recipient !== undefined && emergency !== undefined && { part2: { recipient, emergency } }),
  });
}

function now(): string {
  return new Date(systemClock.now()).toISOString();
}

function tell({ terminal, json }: Call, cases: readonly CaseView[]): ExitCode {
  if (json) for (const each of cases) terminal.out(JSON.stringify(each));
  else if (cases.length === 0) terminal.out("no emergency access was asked for");
  else {
    terminal.out(
      renderTable(
        [
          { title: "ID", cell: (each) => each.id },
          { title: "LANE", cell: (each) => each.lane },
          { title: "STATE", cell: (each) => each.state },
          { title: "ASKED", cell: (each) => each.requestedBy },
          { title: "APPROVED", cell: (each) => each.approvedBy ?? "" },
          { title: "UNTIL", cell: (each) => each.until ?? "" },
          { title: "USED", right: true, cell: (each) => `${each.used}/${each.messages}` },
          { title: "REASON", cell: (each) => each.reason },
          { title: "TICKET", cell: (each) => each.ticket },
          { title: "REVIEW", cell: (each) => each.review },
        ],
        cases,
      ),
    );
  }
  return 0;
}
