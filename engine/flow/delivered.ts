import { isSuspension, labelSent } from "../phi/index.ts";
import type { Attempted } from "../queue/lane.ts";
import { codeOf, type Outcome } from "../sdk/index.ts";
import type { Claimed } from "../store/store.ts";
import { partnerResponse } from "./partner-response.ts";
import type { ChannelRevision, Exit, FlowPorts } from "./ports.ts";
import type { Work } from "./work.ts";

/**
 * One attempt of a lane's head. The flow rule and the guard are asked again, with the partners and agreements of this moment; what they
 * release is the only thing that the engine's sockets take.
 */
export async function delivered(
  entry: Claimed,
  attempt: number,
  signal: AbortSignal,
  work: Work,
  revision: ChannelRevision,
  exit: Exit,
  ports: FlowPorts,
): Promise<Attempted> {
  const { spec } = exit;
  const partner = ports.partner(spec.partner);
  const envelope = work.envelopes.get(entry.lane);
  if (!partner || !envelope) return { kind: "refused", code: "PHI-202", reason: "partner" };
  const verdict = ports.boundary.release({
    envelope,
    harvest: work.harvest(ports.boundary),
    label: labelSent(revision.channel, spec),
    destination: spec,
    partner,
    now: ports.clock.now(),
    exempt: work.ids,
    minted: work.minted,
  });
  if ("refusal" in verdict) {
    const { code, rule, where } = verdict.refusal;
    const reason = where === undefined ? rule : `${rule} ${where}`;
    return isSuspension(code) ? { kind: "suspended", code, reason } : { kind: "refused", code, reason };
  }
  let outcome: Outcome;
  try {
    outcome = await exit.send(verdict.released, attempt, signal, entry.id);
  } catch (error) {
    if (signal.aborted) return { kind: "unknown", code: "FLW-302" };
    // A connector that throws may have sent: the entry is tried again as a possible duplicate.
    return { kind: "unknown", code: codeOf(error, "FLW-301") };
  }
  return outcome.kind === "delivered" ? partnerResponse(outcome, spec, work, entry.receivedAt, revision, ports) : outcome;
}
