import { readTree } from "../codec/index.ts";
import { decode, encode } from "../codec/bytes/index.ts";
import { inquiryForm } from "../codec/inquiry.ts";
import { briefType } from "../phi/brief.ts";
import { isSuspension, labelSent } from "../phi/index.ts";
import type { Attempted, Inquired } from "../queue/lane.ts";
import { type Code, codeOf, type Content, type Envelope, type Format } from "../sdk/index.ts";
import type { Claimed } from "../store/store.ts";
import { timeTold } from "./deidentified.ts";
import { aboutWhom, toward } from "./disclosing.ts";
import { allows } from "./guarded.ts";
import { leave } from "./leave.ts";
import { partnerResponse } from "./partner-response.ts";
import type { ChannelRevision, Exit, FlowPorts } from "./ports.ts";
import type { Work } from "./work.ts";

interface Question {
  readonly text: string;
  readonly content: Content;
  readonly envelope: Envelope;
  readonly id: string;
}

/**
 * Asks the partner what became of a message that may have arrived: the inquiry of the format's standard, rendered by the destination's connector, released by the
 * guard as everything that leaves, and in the ledger before its first byte does.
 */
export async function inquired(entry: Claimed, inquiry: number, signal: AbortSignal, work: Work, revision: ChannelRevision, exit: Exit, ports: FlowPorts): Promise<Inquired> {
  const { spec } = exit;
  const form = inquiryForm(spec.format);
  const sent = sentText(work.envelopes.get(entry.lane), spec.format);
  if (!form || !exit.inquiry || sent === undefined) return { kind: "unaskable", code: "LAN-127" };
  const way: Exit = { ...exit, connector: exit.inquiry.connector, send: exit.inquiry.send };
  const id = ports.opaqueId(`${entry.lane} inquiry ${inquiry}`, entry.again ?? entry.id).slice(0, 32);
  const text = form.build(sent, { id, now: ports.clock.now() });
  const question = text === undefined ? undefined : rendered(text, id, entry, work, revision, way);
  if (!question) return { kind: "unaskable", code: "LAN-127" };
  const stopped = await told(question, entry, work, revision, way, ports);
  if (stopped) return stopped;
  const outcome = await leave({ envelope: question.envelope, works: [work], exempt: [id], entry, entries: [entry] }, inquiry, signal, revision, way, ports);
  if (outcome.kind === "suspended") return outcome;
  if (outcome.kind === "refused" || outcome.kind === "held") return { kind: "unaskable", code: outcome.code };
  const answer = "response" in outcome && outcome.response ? textOf(outcome.response.bytes, spec.format) : undefined;
  if (answer === undefined) return { kind: "silent", code: "code" in outcome && outcome.code ? outcome.code : "LAN-126" };
  switch (form.read(sent, question.text, answer)) {
    case "taken":
      return taken(outcome, spec, work, entry, revision, ports);
    case "refused":
      return { kind: "rejected", code: "FLW-312", ...("response" in outcome && outcome.response && { response: outcome.response }) };
    case "absent":
      return spec.unknown?.absent === "resend" ? { kind: "absent", code: "LAN-125" } : { kind: "silent", code: "LAN-125" };
    case "nothing":
      return { kind: "silent", code: "LAN-126" };
  }
}

/** What the partner says of it takes the place of the answer that did not come. */
async function taken(outcome: Attempted, spec: Exit["spec"], work: Work, entry: Claimed, revision: ChannelRevision, ports: FlowPorts): Promise<Inquired> {
  const response = "response" in outcome ? outcome.response : undefined;
  const kept = await partnerResponse({ kind: "delivered", ...(response && { response }) }, spec, work, entry.receivedAt, revision, ports);
  return kept.kind === "delivered" ? kept : { kind: "delivered" };
}

function rendered(text: string, id: string, entry: Claimed, work: Work, { channel }: ChannelRevision, { spec, connector }: Exit): Question | undefined {
  const content: Content = { format: spec.format, bytes: encode(text, "utf-8") };
  try {
    const envelope = connector.render({ id, channel: channel.name, destination: spec.name, content, sequence: entry.again ?? entry.id, receivedAt: timeTold(spec, work.receivedAt) });
    return { text, content, envelope, id };
  } catch {
    return undefined;
  }
}

/** The ledger is told of the inquiry by itself: it is no delivery of the message. */
async function told({ text, content, envelope }: Question, entry: Claimed, work: Work, { channel }: ChannelRevision, { spec }: Exit, ports: FlowPorts): Promise<Inquired | undefined> {
  const { boundary, store, calendar } = ports;
  const partner = ports.partner(spec.partner);
  if (!partner) return { kind: "unaskable", code: "PHI-202" };
  const { type } = readTree(spec.format, text);
  if (!allows(type, partner)) return { kind: "unaskable", code: "FLW-207" };
  const label = labelSent(channel, spec);
  const verdict = boundary.permits({ label, destination: spec, partner, now: (calendar ?? ports.clock).now(), grant: ports.breakGlass?.grant(entry.lane) });
  if ("refusal" in verdict) {
    const { code } = verdict.refusal;
    return isSuspension(code) ? { kind: "suspended", code } : { kind: "unaskable", code };
  }
  try {
    const { patients, more } = aboutWhom(work, channel, ports);
    await store.disclose({
      kind: "ask", channel: channel.name, ...toward(partner, verdict.permit), endpoint: envelope.endpoint, labelIn: channel.classification, label, revision: channel.revision,
      what: { type: briefType(type) }, bytes: content.bytes.length, patients, more,
    });
    return undefined;
  } catch (error) {
    const code: Code = codeOf(error, "FLW-202");
    return { kind: "suspended", code };
  }
}

function sentText(envelope: Envelope | undefined, format: Format): string | undefined {
  return envelope === undefined ? undefined : textOf(envelope.body, format);
}

function textOf(bytes: Uint8Array, format: Format): string | undefined {
  try {
    return decode(bytes, { format }).text;
  } catch {
    return undefined;
  }
}
