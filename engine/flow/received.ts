import { headerView } from "../codec/bytes/index.ts";
import { type AcksDue, acksDue, type Header, readHeader } from "../codec/ack/index.ts";
import { readTree, ScriptMessage, X12Message } from "../codec/index.ts";
import type { Problem } from "../codec/problem.ts";
import type { Validator } from "../codec/validate.ts";
import type { Channel, Partner } from "../config/project.ts";
import { prescriptionFlaw } from "../phi/controlled/index.ts";
import { readText } from "./encoding.ts";
import { type Code, codeOf, EngineError } from "../sdk/index.ts";

/** A message that may be stored: decoded once, with what the trusted codec read of its head. */
export interface Received {
  readonly text: string;
  readonly charset: string;
  readonly type: string;
  /** The id inside the message, for the search index. */
  readonly controlId?: string;
  /** MSH of an HL7 v2 message. */
  readonly header?: Header;
  /** Which acknowledgements an HL7 v2 message asks for (MSH-15, MSH-16). */
  readonly due?: AcksDue;
  /** What the standard or the profile holds against it, where the source asks for that (`validate: report` or `hold`). */
  readonly problems?: readonly Problem[];
  /** MSA-4 of its answer, where its source keeps sequence numbers. */
  readonly expected?: number;
  /** Recognises a resend (DESIGN 7): sender, its facility and its control id; absent when the message has no id. */
  readonly identity?: string;
}

/** How a sender shows that a prescription of a controlled substance was signed, and when that is asked (ms since 1970). */
export interface Signed {
  readonly evidence: string | undefined;
  readonly now: number;
  /** Schedules by drug code. */
  readonly drugs?: Readonly<Record<string, string>> | undefined;
}

/** Why a message was not taken. `text` is for the acknowledgement: the message, or what could be read of its header. */
export interface NotReceived {
  readonly code: Code;
  readonly text?: string;
  readonly expected?: number;
  /** What the standard or the profile holds against it (`validate: refuse`). */
  readonly problems?: readonly Problem[];
}

/**
 * First stage: bytes to text, format, type against what the channel and the partner's inbound link allow, and what the standard says of it where the
 * source asks (`validator`). `given`: the protocol's own id. `signed`: how its sender shows that a prescription was signed; absent where that was asked before.
 */
export function received(raw: Uint8Array, channel: Channel, partner: Partner | undefined, given?: string, validator?: Validator, signed?: Signed): Received | NotReceived {
  if (raw.length === 0) return { code: "FLW-103" };
  let text: string;
  let charset: string;
  try {
    ({ text, charset } = readText(raw, channel.source));
  } catch (error) {
    const text = channel.source.format === "hl7v2" ? plainHeader(raw) : undefined;
    return { code: codeOf(error, "FLW-102"), ...(text === undefined ? {} : { text }) };
  }
  try {
    const head = readHead(channel, text);
    if (!typeAllowed(head.type, channel, partner)) return { code: "FLW-101", text };
    const flaw = signed && prescriptionFlaw(readTree(channel.source.format, text, channel.source.csv), raw, signed.evidence, partner, signed.now, signed.drugs);
    if (flaw) return { code: flaw.code, text, problems: [{ code: flaw.code, severity: "error", path: flaw.where ?? "", line: 1 }] };
    const problems = validator?.(readTree(channel.source.format, text, channel.source.csv)).filter(isError) ?? [];
    if (problems.some((each) => isRefused(each, channel))) return { code: "FLW-110", text, problems };
    const { identity: _, ...read } = head;
    const identity = given === undefined ? head.identity : `${channel.name}\n${given}`;
    return { text, charset, ...read, ...(problems.length === 0 ? {} : { problems }), ...(identity === undefined ? {} : { identity }) };
  } catch (error) {
    return { code: codeOf(error, "FLW-102"), text };
  }
}

/** What was cut off is not held either: nobody can say what the rest was, and its sender still has it. */
function isRefused({ code }: Problem, { source: { validate } }: Channel): boolean {
  return validate === "refuse" || (validate === "hold" && cutOff.has(code));
}

/** An interchange, a group or a transaction set without its end. */
const cutOff: ReadonlySet<Code> = new Set<Code>(["X12-205", "X12-208", "X12-211"]);

function isError({ severity }: Problem): boolean {
  return severity === "error";
}

function readHead(channel: Channel, text: string): Pick<Received, "type" | "controlId" | "header" | "due" | "identity"> {
  if (channel.source.format !== "hl7v2") {
    const tree = readTree(channel.source.format, text, channel.source.csv);
    const { type, controlId } = tree;
    // A prescription that comes twice is dispensed once: SCRIPT's own id says so where the protocol gives none.
    // An interchange that comes twice pays twice: its sender and control number say so.
    const sender = tree instanceof ScriptMessage ? tree.get("message.from") : tree instanceof X12Message ? tree.get("ISA06") : undefined;
    const identity = sender !== undefined && controlId ? `${channel.name}\n${sender}\n${controlId}` : undefined;
    return { type, ...(controlId ? { controlId } : {}), ...(identity === undefined ? {} : { identity }) };
  }
  refuseFraming(text);
  const head = readHeader(text);
  if (!head) {
    // The reader of whole messages knows why; only when it has nothing to say is the general code ours.
    readTree("hl7v2", text);
    throw new EngineError("FLW-102");
  }
  const { type, controlId } = head;
  const due = acksDue(head);
  if (controlId === "") return { type, header: head, due };
  return { type, controlId, header: head, due, identity: `${channel.name}\n${head.sendingApplication}\n${head.sendingFacility}\n${controlId}` };
}

/**
 * One body is one message: a second one inside would pass unread through type, identity and guard. Bytes that begin or end an MLLP frame
 * (they come over other protocols) would do the same on the partner's wire.
 */
function refuseFraming(text: string): void {
  if (text.includes("\x0b") || text.includes("\x1c")) throw new EngineError("FLW-106");
  const first = text.startsWith("MSH") ? 0 : text.search(/(?<=[\r\n\uFEFF])MSH/);
  const separator = text.charAt(first + 3);
  if (text.includes(`\rMSH${separator}`, first + 3) || text.includes(`\nMSH${separator}`, first + 3)) throw new EngineError("FLW-107");
}

/** `ORU^R01` is allowed by itself, by `ORU^*` and by `*`, `837 005010X222A1` by `837`; both lists must allow it, and an empty list of the channel adds nothing. */
function typeAllowed(type: string, channel: Channel, partner: Partner | undefined): boolean {
  const linked = partner?.links.inbound?.allow ?? [];
  const narrowed = channel.source.types;
  return matches(type, linked) && (narrowed.length === 0 || matches(type, narrowed));
}

/** True when a list of types, or of groups of them, holds this type; of an X12 text with several kinds of transaction sets, each of them. */
export function matches(type: string, allowed: readonly string[]): boolean {
  if (allowed.includes("*") || allowed.includes(type)) return true;
  if (type.includes("+")) return type.split("+").every((each) => matches(each, allowed));
  // `ORU^R01` of HL7 v2, `837 005010X222A1` of X12.
  const [group] = type.split(/[\^ ]/);
  return allowed.includes(`${group}^*`) || allowed.includes(group ?? "");
}

/** The header of bytes that are not of their character set, as far as it is plain: enough to answer with the sender's own control id. */
export function plainHeader(raw: Uint8Array): string | undefined {
  const lines = headerView(raw.subarray(0, 4096))?.split(/[\r\n]+/, 4);
  const line = lines?.find((each) => each.startsWith("MSH"));
  const separator = line?.charAt(3);
  if (line === undefined || !separator) return undefined;
  return line.split(separator).map((field) => (/^[ -~]*$/.test(field) ? field : "")).join(separator);
}
