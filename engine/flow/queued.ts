import type { Channel } from "../config/project.ts";
import { labelSent } from "../phi/index.ts";
import type { Permit } from "../phi/boundary.ts";
import type { Disclosing } from "../phi/disclosure.ts";
import type { Prepared } from "../queue/lane.ts";
import type { StepResult } from "../sandbox/sandbox.ts";
import { codeOf } from "../sdk/index.ts";
import type { Claimed } from "../store/store.ts";
import { acknowledged, alerted } from "./alerted.ts";
import { cased } from "./cased.ts";
import { compared } from "./compared.ts";
import { deidentified } from "./deidentified.ts";
import { disclosingOf } from "./disclosing.ts";
import { encodedFor } from "./encoding.ts";
import { filtered } from "./filtered.ts";
import { type Guarded, guardContent, guarded } from "./guarded.ts";
import { labelled } from "./labelled.ts";
import type { ChannelRevision, Exit, FlowPorts } from "./ports.ts";
import { isEngineFault, transformed } from "./transformed.ts";
import type { Work } from "./work.ts";

/** Fills an entry: filter, transform, de-identification, clinical comparison, closed list, guard, and the commit of what will be sent. Only then is it fit to be a head. */
export async function queued(entry: Claimed, work: Work, revision: ChannelRevision, exit: Exit, ports: FlowPorts): Promise<Prepared> {
  // What has counted may have been reported: with it once more, the difference of two reports would be a few people.
  if (exit.spec.deidentify?.method === "aggregate" && (entry.again !== undefined || entry.requeuedAt !== undefined)) return { kind: "end", end: "refused", code: "PHI-233", reason: "again" };
  const kept = labelled(work, revision.channel, exit.spec, ports);
  if (kept) return kept;
  const about = revision.channel.case;
  const waits = about && (await cased(entry, work, about, revision.channel, ports.cases, ports.clock.now()));
  // Whoever must be told of a critical result is told before its order, its patient or its unit is sorted out. What a correction has overtaken waits.
  if (waits && !(exit.spec.alert && waits.kind === "held" && waits.code !== "CAS-103")) return waits;
  const { acknowledges } = revision.channel;
  const unheard = acknowledges && acknowledged(work, acknowledges, ports);
  if (unheard) return unheard;
  const quiet = exit.spec.alert && alerted(entry, work, exit.spec.alert, ports);
  if (quiet) return quiet;
  const name = work.nameFor(entry, ports);
  // What was put back is made anew: its last content may come from code that has been mended since.
  if (entry.filled && entry.sent && entry.requeuedAt === undefined && !isOfOtherPolicies(exit)) {
    const again = guardContent(entry.sent, work, name, revision.channel, exit, ports);
    if (entry.disclosed) work.intents.set(entry.lane, undefined);
    const disclosing = toldOf(again, entry, work, revision, exit, ports);
    if (again.kind === "clean" && again.content !== entry.sent) await filled(entry, again, [], work, disclosing, ports);
    return prepared(again, work, entry.lane, revision.channel, exit);
  }
  const { result, log } = await transformed(work, entry.receivedAt, revision, exit.spec, ports);
  if (result.kind === "filtered") return filtered(result);
  if (result.kind === "failed") return failed(result);
  const lowered = await deidentified(result, work, name, revision, exit.spec, ports);
  if ("refusal" in lowered) return prepared({ kind: "refused", ...lowered }, work, entry.lane, revision.channel, exit);
  if (lowered.result.kind === "failed") return failed(lowered.result);
  const against = await compared(entry, work, lowered.result, revision.channel, exit.spec, ports);
  if (against.kind === "held") return against.prepared;
  const encoded = await encodedFor(exit.spec, lowered.result).catch((error: unknown) => codeOf(error, "HL7-111"));
  if (typeof encoded === "string") return { kind: "end", end: "dead", code: encoded };
  const outcome = guarded(encoded, work, name, revision.channel, exit, ports);
  const disclosing = toldOf(outcome, entry, work, revision, exit, ports);
  if (outcome.kind === "clean") await filled(entry, outcome, [...log, ...lowered.log, ...against.log], work, disclosing, ports);
  return prepared(outcome, work, entry.lane, revision.channel, exit);
}

/** A revision counts the engine's policies, so that what an earlier one has de-identified may be of others, and is made anew. */
function isOfOtherPolicies({ isEarlier, spec }: Exit): boolean {
  return isEarlier === true && spec.deidentify !== undefined;
}

async function filled({ lane, id }: Claimed, { content, permit }: Extract<Guarded, { kind: "clean" }>, log: readonly string[], work: Work, disclosing: Disclosing | undefined, ports: FlowPorts): Promise<void> {
  await ports.store.fill(lane, id, content, log, disclosing);
  if (disclosing) work.intents.set(lane, permit);
}

/** What the ledger is told, now if something lets it go, else when something does. */
function toldOf(outcome: Guarded, { lane }: Claimed, work: Work, revision: ChannelRevision, exit: Exit, ports: FlowPorts): Disclosing | undefined {
  if (outcome.kind !== "clean") return undefined;
  const disclosing = (permit: Permit) => disclosingOf(outcome, permit, work, revision, exit, ports);
  work.disclosing.set(lane, disclosing);
  return outcome.permit && disclosing(outcome.permit);
}

/** The message's name for its operators; partners get an opaque one (`FlowPorts.opaqueId`). */
export function publicId(id: number): string {
  return `m${id}`;
}

function prepared(outcome: Guarded, work: Work, lane: string, channel: Channel, { spec }: Exit): Prepared {
  if (outcome.kind === "clean") {
    work.discharged.set(lane, labelSent(channel, spec).obligations);
    work.envelopes.set(lane, outcome.envelope);
    if (!spec.batch && !spec.alert && spec.deidentify?.method !== "aggregate") return { kind: "ready" };
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
