import { readHeader } from "../codec/ack/index.ts";
import { hl7OfXml, isHl7Xml } from "../codec/hl7v2/xml/read.ts";
import { declaredEncoding, decode, encode, headerView } from "../codec/bytes/index.ts";
import { readTree, ScriptMessage } from "../codec/index.ts";
import type { Channel, DestinationSpec, Partner } from "../config/project.ts";
import { isSelf } from "../config/self.ts";
import { alters } from "../phi/controlled/index.ts";
import { isSuspension, labelSent, withNotice } from "../phi/index.ts";
import type { Permit, Refusal } from "../phi/boundary.ts";
import { type Code, codeOf, type Content, type Envelope } from "../sdk/index.ts";
import { timeTold } from "./deidentified.ts";
import { mintOf } from "./mint.ts";
import type { Exit, FlowPorts } from "./ports.ts";
import { matches } from "./received.ts";
import { laneOf } from "./stored.ts";
import type { OutboundName, Work } from "./work.ts";

export type Guarded =
  | { readonly kind: "clean"; readonly content: Content; readonly envelope: Envelope; /** MSH-9, of HL7 v2. */ readonly type?: string; /** Absent: nothing lets it go now. */ readonly permit?: Permit }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** The transform gave what this destination does not send: a mistake of the code, as if it had thrown. */
  | { readonly kind: "dead"; readonly code: Code; readonly reason: string };

/** What a transform gave, before the closed list and the envelope. */
export interface Output {
  readonly format: Content["format"];
  readonly text: string;
}

/** Closed list, then render, then the guard over every part of what would leave. Anything unreadable is refused. */
export function guarded(output: Output, work: Work, name: OutboundName, channel: Channel, exit: Exit, ports: FlowPorts): Guarded {
  const { spec } = exit;
  if (!spec.only && !isOf(spec.format, output.format)) return { kind: "dead", code: "FLW-205", reason: `${output.format} for ${spec.format}` };
  if (altersControlled(output, work, ports)) return { kind: "refused", refusal: { code: "EPC-211", rule: "controlled" } };
  if (unsigns(output, work, spec)) return { kind: "dead", code: "FLW-210", reason: "signed" };
  const listed = contentOf(output, work, channel, spec, ports);
  if ("refusal" in listed) return { kind: "refused", refusal: listed.refusal };
  return guardContent(listed.content, work, name, channel, exit, ports);
}

/** The guard alone, for content that an earlier run of the engine has already put through the closed list. */
export function guardContent(given: Content, work: Work, name: OutboundName, channel: Channel, exit: Exit, ports: FlowPorts): Guarded {
  const { spec } = exit;
  const partner = ports.partner(spec.partner);
  if (!partner) return { kind: "refused", refusal: { code: "PHI-202", rule: "partner", where: spec.partner } };
  const label = labelSent(channel, spec);
  let content: Content;
  try {
    content = noticed(given, work, spec, label.obligations);
  } catch (error) {
    return { kind: "refused", refusal: { code: codeOf(error, "PHI-215"), rule: "notice" } };
  }
  const type = content.format === "hl7v2" ? hl7Type(content.bytes) : undefined;
  if (!allowedOut(content, partner, type)) return { kind: "refused", refusal: { code: "FLW-207", rule: "allow", where: partner.name } };
  let envelope: Envelope;
  try {
    envelope = exit.connector.render({ ...name, channel: channel.name, destination: spec.name, content, receivedAt: timeTold(spec, work.receivedAt) });
  } catch (error) {
    return { kind: "refused", refusal: { code: codeOf(error, "FLW-204"), rule: "render" } };
  }
  const asked = { label, destination: spec, partner, now: ports.clock.now(), grant: ports.breakGlass?.grant(laneOf(channel.name, spec.name)) };
  const verdict = ports.boundary.permits(asked);
  // A lapsed agreement suspends the lane at its head; whatever else the rule says is final.
  if ("refusal" in verdict && !isSuspension(verdict.refusal.code)) return { kind: "refused", refusal: verdict.refusal };
  const refusal = ports.boundary.guard({ ...asked, envelope, harvest: work.harvest(ports.boundary), exempt: work.ids, minted: work.minted(timeTold(spec, work.receivedAt)), owners: channel.classification.owners });
  return refusal ? { kind: "refused", refusal } : { kind: "clean", content, envelope, ...(type !== undefined && { type }), ...("permit" in verdict && { permit: verdict.permit }) };
}

/** A prescription of a controlled substance is the one that was received, or none leaves; what cannot be read is none that could be filled. */
function altersControlled({ format, text }: Output, work: Work, { drugSchedules }: FlowPorts): boolean {
  if (format !== "script") return false;
  return alters({ tree: readTree("script", text), text }, { format: work.raw.format, text: work.text }, drugSchedules?.());
}

/** What is signed in a SCRIPT message leaves as it came, or the message does not: altered in transmission it is void (21 CFR 1306.08(d)). */
function unsigns({ format, text }: Output, work: Work, { only, deidentify }: DestinationSpec): boolean {
  if (format !== "script" || work.raw.format !== "script" || only || deidentify || text === work.text) return false;
  const tree = work.tree();
  return tree instanceof ScriptMessage && tree.signedTexts.some((each) => !text.includes(each));
}

/** FHIR is JSON; nothing else passes for another format. */
function isOf(wanted: Content["format"], given: Content["format"]): boolean {
  return given === wanted || (wanted === "json" && given === "fhir");
}

/** What the partner's outbound link lets through, by type. What has no type (plain JSON, text) passes only where all may. */
function allowedOut(content: Content, partner: Partner, type: string | undefined): boolean {
  return (partner.links.outbound?.allow ?? []).includes("*") || allows(type ?? typeOf(content), partner);
}

/** Whether the partner's outbound link lets a type through. */
export function allows(type: string, { links }: Partner): boolean {
  const allow = links.outbound?.allow ?? [];
  return allow.includes("*") || matches(type, allow);
}

function hl7Type(bytes: Uint8Array): string {
  return readHeader(headerView(bytes) ?? "")?.type ?? "";
}

function typeOf({ format, bytes }: Content): string {
  // In XML a message of HL7 v2 is of the type that it is in the standard encoding.
  if (format === "xml") {
    const { text } = decode(bytes, { format });
    return isHl7Xml(text) ? (readHeader(hl7OfXml(text))?.type ?? "") : readTree(format, text).type;
  }
  return format === "fhir" || format === "script" || format === "x12" || format === "ical" ? readTree(format, decode(bytes, { format }).text).type : "";
}

function contentOf(
  output: Output,
  work: Work,
  channel: Channel,
  spec: DestinationSpec,
  ports: FlowPorts,
): { readonly content: Content } | { readonly refusal: Refusal } {
  if (spec.only) {
    return ports.boundary.project({ channel, destination: spec, result: output.text, raw: work.tree(), mint: ports.mint ?? mintOf(ports), now: ports.clock.now() });
  }
  if (output.text === work.text && !work.isRecoded) return { content: work.raw };
  try {
    return { content: { format: output.format, bytes: encode(output.text, charsetOf(output, work)) } };
  } catch (error) {
    return { refusal: { code: codeOf(error, "FLW-203"), rule: "charset" } };
  }
}

/** With the statements that the data comes with (42 CFR 2.32); a channel of this engine that takes it over owes them itself. Throws where they have no place. */
function noticed(content: Content, work: Work, spec: DestinationSpec, owed: readonly string[]): Content {
  if (owed.length === 0 || isSelf(spec.partner)) return content;
  const { format } = content;
  const { text, charset } = decode(content.bytes, { format, charset: writtenIn(content, work, spec) });
  const whole = withNotice(format, text, owed);
  return whole === undefined || whole === text ? content : { format, bytes: encode(whole, charset) };
}

/** The characters of a message that goes with others: what a closed list gives is the engine's own text. */
export function writtenIn({ format }: Content, work: Work, { only }: DestinationSpec): string {
  return only ? "utf-8" : ownCharset(format, work);
}

function ownCharset(format: Content["format"], work: Work): string {
  return format === "hl7v2" || format === work.raw.format ? work.charset : "utf-8";
}

/** HL7 v2 goes out as it came; so does text of the source's own format, and XML as its declaration says. */
function charsetOf({ format, text }: Output, work: Work): string {
  const own = ownCharset(format, work);
  return format === "xml" || format === "script" ? (declaredEncoding(text) ?? own) : own;
}
