import { readTree } from "../codec/index.ts";
import type { Channel } from "../config/project.ts";
import { briefType } from "../phi/brief.ts";
import { asking } from "../phi/index.ts";
import { EngineError, type Envelope, type OutboundResponse, type Released } from "../sdk/index.ts";
import { toward } from "./disclosing.ts";
import { needsAgreement } from "./leave.ts";
import type { FlowPorts } from "./ports.ts";

export interface AskedBy {
  /** Resolves when the partner's link lets another request pass; what is asked of the boundary is asked after it. */
  turn(): Promise<unknown>;
  exchange(released: Released): Promise<OutboundResponse>;
}

/** A question is of no message: there is nothing of its own to look for, and what others hold the guard remembers. */
const noMessage = readTree("json", "{}");

/**
 * A source's question to its own partner, released like what a destination sends: by the partners and agreements of this moment, and in the ledger
 * before its first byte leaves. Rejects with EngineError of the guard's code, or as the exchange does.
 */
export async function asked(envelope: Envelope, channel: Channel, by: AskedBy, { boundary, store, clock, partner, ...ports }: FlowPorts): Promise<OutboundResponse> {
  const calendar = ports.calendar ?? { now: () => clock.now(), isTrusted: true };
  const { source, classification } = channel;
  await by.turn();
  const partnerNow = () => partner(source.partner);
  const known = partnerNow();
  if (!known?.links.outbound) throw new EngineError("PHI-202", { sent: false, rule: known ? "link" : "partner" });
  const { label, spec } = asking(channel, known, calendar.now());
  if (!calendar.isTrusted && needsAgreement(label)) throw new EngineError("PHI-217", { sent: false, rule: "clock" });
  const verdict = boundary.release({ envelope, harvest: boundary.harvest(noMessage, "json"), label, destination: spec, partner: known, partnerNow, now: calendar.now(), owners: classification.owners });
  if ("refusal" in verdict) {
    const { code, rule, where } = verdict.refusal;
    throw new EngineError(code, { sent: false, rule, ...(where !== undefined && { where }) });
  }
  const { released, permit } = verdict;
  await store.disclose({
    kind: "ask", channel: channel.name, ...toward(known, permit), endpoint: envelope.endpoint, labelIn: classification, label, revision: channel.revision,
    what: { type: briefType(envelope.path?.split("/")[1] ?? "") }, bytes: envelope.body.length, patients: [], more: 0,
  });
  return by.exchange(released);
}
