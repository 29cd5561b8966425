import type { Prepared } from "../queue/lane.ts";
import type { RunOutput } from "../sandbox/sandbox.ts";
import type { Content } from "../sdk/index.ts";
import type { Claimed } from "../store/store.ts";
import { filtered } from "./filtered.ts";
import { type Guarded, guardContent, guarded } from "./guarded.ts";
import type { ChannelRevision, Exit, FlowPorts } from "./ports.ts";
import { transformed } from "./transformed.ts";
import type { Work } from "./work.ts";

/** A message whose code kills or outlasts its worker is tried again: a neighbour may have been the cause. Three strikes end it. */
const strikes = 3;

/** Fills an entry: filter, transform, closed list, guard, and the commit of what will be sent. Only then is it fit to be a head. */
export async function queued(entry: Claimed, work: Work, revision: ChannelRevision, exit: Exit, ports: FlowPorts): Promise<Prepared> {
  const id = publicId(entry.id);
  if (entry.filled && entry.sent) {
    return prepared(guardContent(entry.sent, work, id, revision.channel, exit, ports), work, exit);
  }
  let log: RunOutput["log"] = [];
  for (let strike = 1; ; strike++) {
    const run = await transformed(work, id, entry.receivedAt, revision, exit.spec, ports);
    log = run.log;
    const { result } = run;
    if (result.kind === "filtered") return filtered(result);
    if (result.kind === "failed") {
      if (killed(result.code) && strike < strikes) {
        work.run = undefined;
        continue;
      }
      const reason = result.at && `${result.at.file}:${result.at.line}:${result.at.column}`;
      return { kind: "end", end: "dead", code: result.code, ...(reason === undefined ? {} : { reason }) };
    }
    const outcome = guarded(result, work, id, revision.channel, exit, ports);
    if (outcome.kind === "clean") await fill(entry, outcome.content, log, ports);
    return prepared(outcome, work, exit);
  }
}

/** The message's name outside the record: an opaque count, fit for an idempotency key. */
export function publicId(id: number): string {
  return `m${id}`;
}

function prepared(outcome: Guarded, work: Work, exit: Exit): Prepared {
  if (outcome.kind === "clean") {
    work.envelopes.set(exit.spec.name, outcome.envelope);
    return { kind: "ready" };
  }
  const { code, rule, where } = outcome.refusal;
  return { kind: "end", end: "refused", code, reason: where === undefined ? rule : `${rule} ${where}` };
}

async function fill(entry: Claimed, content: Content, log: readonly string[], ports: FlowPorts): Promise<void> {
  await ports.store.fill(entry.lane, entry.id, content, log);
}

function killed(code: string): boolean {
  return poison.has(code);
}

/** Deaths of a worker, as against errors of the code: see `docs/errors/`. */
const poison: ReadonlySet<string> = new Set(["SBX-301", "SBX-302", "SBX-303"]);
