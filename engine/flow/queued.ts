import type { Prepared } from "../queue/lane.ts";
import type { StepResult } from "../sandbox/sandbox.ts";
import type { Claimed } from "../store/store.ts";
import { filtered } from "./filtered.ts";
import { type Guarded, guardContent, guarded } from "./guarded.ts";
import type { ChannelRevision, Exit, FlowPorts } from "./ports.ts";
import { isEngineFault, transformed } from "./transformed.ts";
import type { Work } from "./work.ts";

/** Fills an entry: filter, transform, closed list, guard, and the commit of what will be sent. Only then is it fit to be a head. */
export async function queued(entry: Claimed, work: Work, revision: ChannelRevision, exit: Exit, ports: FlowPorts): Promise<Prepared> {
  const name = work.nameFor(entry, ports);
  // What was put back is made anew: its last content may come from code that has been mended since.
  if (entry.filled && entry.sent && entry.requeuedAt === undefined) {
    return prepared(guardContent(entry.sent, work, name, revision.channel, exit, ports), work, entry.lane, exit);
  }
  const { result, log } = await transformed(work, entry.receivedAt, revision, exit.spec, ports);
  if (result.kind === "filtered") return filtered(result);
  if (result.kind === "failed") return failed(result);
  const outcome = guarded(result, work, name, revision.channel, exit, ports);
  if (outcome.kind === "clean") await ports.store.fill(entry.lane, entry.id, outcome.content, log);
  return prepared(outcome, work, entry.lane, exit);
}

/** The message's name for its operators; partners get an opaque one (`FlowPorts.opaqueId`). */
export function publicId(id: number): string {
  return `m${id}`;
}

function prepared(outcome: Guarded, work: Work, lane: string, { spec }: Exit): Prepared {
  if (outcome.kind === "clean") {
    work.envelopes.set(lane, outcome.envelope);
    if (!spec.batch) return { kind: "ready" };
    work.contents.set(lane, outcome.content);
    return { kind: "ready", bytes: outcome.content.bytes.length };
  }
  if (outcome.kind === "dead") return { kind: "end", end: "dead", code: outcome.code, reason: outcome.reason };
  const { code, rule, where } = outcome.refusal;
  return { kind: "end", end: "refused", code, reason: where === undefined ? rule : `${rule} ${where}` };
}

function failed({ code, at }: Extract<StepResult, { kind: "failed" }>): Prepared {
  if (isEngineFault(code)) return { kind: "retry", code };
  return { kind: "end", end: "dead", code, ...(at === undefined ? {} : { reason: `${at.file}:${at.line}:${at.column}` }) };
}
