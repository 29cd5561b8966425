import { type ClinicalResult, clinicalResults, whyCritical } from "../codec/clinical/index.ts";
import { readTree } from "../codec/index.ts";
import type { AlertedResult } from "../cases/index.ts";
import type { AlertSpec } from "../config/alert-spec.ts";
import type { Attempted, Prepared } from "../queue/lane.ts";
import { codeOf, type Content, type Outcome } from "../sdk/index.ts";
import type { Claimed } from "../store/store.ts";
import { readText } from "./encoding.ts";
import { guardContent } from "./guarded.ts";
import { leave } from "./leave.ts";
import type { ChannelRevision, Exit, FlowPorts } from "./ports.ts";
import type { Work } from "./work.ts";

/** Before code sees the message: what the trusted codec finds critical opens an alert, in the file of cases; all else ends here. `undefined`: somebody must be told. */
export function alerted(entry: Claimed, work: Work, spec: AlertSpec, ports: FlowPorts): Prepared | undefined {
  const { alerts } = ports;
  if (!alerts) return { kind: "retry", code: "CAS-201" };
  try {
    const at = ports.clock.now();
    const results = clinicalResults(work.tree(), work.raw.format).map((result) => told(result, entry.id, spec));
    const name = work.idFor("message", ports);
    const verdict = alerts.ask({ lane: entry.lane, message: entry.id, channel: entry.channel, list: spec.list, owner: spec.owner, name, results, at, dueAt: at + spec.withinMs });
    if (verdict.kind === "alert") return undefined;
    if (verdict.kind === "quiet") return { kind: "end", end: "filtered", code: "CAS-111" };
    return { kind: "end", end: "filtered", code: "CAS-113", reason: `m${verdict.into}` };
  } catch (error) {
    const code = codeOf(error, "FLW-202");
    return code === "CAS-201" ? { kind: "retry", code } : { kind: "held", code };
  }
}

/** An alert that code, the closed list or the boundary would end is an obligation still: it is held, and its time runs. */
export function notEnded(prepared: Prepared): Prepared {
  return prepared.kind === "end" && !quiet.has(prepared.code) ? { kind: "held", code: prepared.code, ...(prepared.reason !== undefined && { reason: prepared.reason }) } : prepared;
}

const quiet: ReadonlySet<string> = new Set(["CAS-111", "CAS-113"]);

/** One attempt to tell somebody: the next on the ladder by how often somebody was told, and by what has failed since. Told, the entry is held until a person has acknowledged. */
export async function tellSomebody(entry: Claimed, attempt: number, signal: AbortSignal, work: Work, revision: ChannelRevision, exit: Exit, spec: AlertSpec, ports: FlowPorts): Promise<Attempted> {
  const { alerts, clock } = ports;
  const state = alerts?.state(entry.lane, entry.id);
  const content = work.contents.get(entry.lane);
  if (!alerts || !state || !content) return { kind: "retry", code: "CAS-201" };
  if (state.acknowledged) return { kind: "delivered" };
  const ladder = [exit, ...(exit.escalations ?? [])];
  // What comes from the disk filled counts one attempt more, that may have been made before a crash: nobody is passed over for it.
  const failed = attempt - (entry.filled && entry.requeuedAt === undefined ? 2 : 1);
  const next = ladder[(state.told + failed) % ladder.length] ?? exit;
  const way: Exit = { ...exit, connector: next.connector, send: next.send };
  const guarded = guardContent(content, work, work.nameFor(entry, ports), revision.channel, way, ports);
  if (guarded.kind !== "clean") return { kind: "held", code: guarded.kind === "refused" ? guarded.refusal.code : guarded.code };
  const outcome = await leave({ envelope: guarded.envelope, works: [work], entry, entries: [entry] }, attempt, signal, revision, way, ports);
  if (outcome.kind === "delivered") {
    const by = spec.answer === undefined ? undefined : answeredBy(outcome, spec.answer, exit);
    if (by !== undefined && alerts.acknowledgeNamed(work.idFor("message", ports), { by, at: clock.now() })) return outcome;
    alerts.told(entry.lane, entry.id, clock.now() + spec.withinMs);
    return { kind: "held", code: "CAS-110", reason: `${spec.list}, ${spec.owner}` };
  }
  // A no of one is no end: the next is asked.
  if (outcome.kind === "rejected" || outcome.kind === "dead") return { kind: "retry", code: outcome.code };
  return outcome.kind === "refused" ? { kind: "held", code: outcome.code, ...(outcome.reason !== undefined && { reason: outcome.reason }) } : outcome;
}

/** Messages that say that an alert was seen. `undefined`: it goes on. */
export function acknowledged(work: Work, paths: { readonly alert: string; readonly by: string }, { alerts, clock }: FlowPorts): Prepared | undefined {
  if (!alerts) return { kind: "retry", code: "CAS-201" };
  try {
    const [name = ""] = work.tree().values(paths.alert);
    const [by = ""] = work.tree().values(paths.by);
    // Nobody has seen what nobody's name stands under.
    return by.trim() !== "" && alerts.acknowledgeNamed(name, { by, at: clock.now() }) ? undefined : { kind: "held", code: "CAS-112" };
  } catch (error) {
    const code = codeOf(error, "FLW-202");
    return code === "CAS-201" ? { kind: "retry", code } : { kind: "held", code };
  }
}

/** Corrected, deleted or of another patient (table 0085); the same of FHIR. */
const corrections: ReadonlySet<string> = new Set(["C", "W", "D", "X", "corrected", "amended", "entered-in-error", "cancelled"]);

function told(result: ClinicalResult, message: number, spec: AlertSpec): AlertedResult {
  const { order, code, subId, value, unit, range, flags, status } = result;
  return {
    // Without an order nobody can say that two of them are the same.
    result: JSON.stringify([order === "" ? message : order, code, subId]),
    version: JSON.stringify([value, unit, range, flags, status]),
    isCritical: whyCritical(result, spec) !== undefined,
    isCorrection: corrections.has(status),
  };
}

function answeredBy({ response }: Extract<Outcome, { kind: "delivered" }>, path: string, { spec }: Exit): string | undefined {
  if (!response) return undefined;
  try {
    const answer: Content = spec.response ? { ...response, format: spec.response.format } : response;
    const { text } = readText(answer.bytes, { format: answer.format, charset: "utf-8" });
    return readTree(answer.format, text).values(path).find((value) => value.trim() !== "");
  } catch {
    return undefined;
  }
}
