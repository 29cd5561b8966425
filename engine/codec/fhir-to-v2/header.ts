import { organizationHd } from "./identity.ts";
import type { Node } from "./graph.ts";
import { marks, type Repetition } from "./pieces.ts";
import { SegmentDraft } from "./segment.ts";
import type { BackOptions } from "./tables.ts";
import type { Writing } from "./writing.ts";

/** What a message says of itself. */
export interface Stamp {
  /** Milliseconds since 1970, for MSH-7. */
  readonly now: number;
  /** MSH-10, of 20 characters at most. */
  readonly controlId: string;
}

/** MSH: who sends to whom as the channel states it, else as a MessageHeader says. */
export function header(w: Writing, event: string, structure: string, options: BackOptions, { now, controlId }: Stamp, isUnicode: boolean): string {
  const [message] = w.graph.of("MessageHeader");
  const said = message === undefined ? undefined : partiesOf(w, message);
  const msh = new SegmentDraft(w, "MSH");
  // As they stand in front of the message: they are no text to escape.
  msh.set(1, marks.field).set(2, "^~\\&");
  msh.set(3, hd(options.sendingApplication) ?? said?.[0] ?? []);
  msh.set(4, hd(options.sendingFacility) ?? said?.[1] ?? []);
  msh.set(5, hd(options.receivingApplication) ?? said?.[2] ?? []);
  msh.set(6, hd(options.receivingFacility) ?? said?.[3] ?? []);
  msh.set(7, stamp(now));
  const [code = "", trigger = ""] = event.split("^");
  msh.set(9, w.version.isFrom("2.4") ? [code, trigger, structure] : [code, trigger]);
  msh.set(10, controlId).set(11, options.processing ?? "P").set(12, w.version.name);
  // HL7 table 0211, since 2.4; characters beyond ASCII are not to be guessed at.
  if (isUnicode && w.version.isFrom("2.4")) msh.set(18, "UNICODE UTF-8");
  return msh.headerText();
}

/** EVN: what the Provenance of the message says, and when it was recorded. */
export function eventSegment(w: Writing, event: string, now: number): string | undefined {
  const evn = new SegmentDraft(w, "EVN");
  const told = w.graph.of("Provenance").find((each) => each["recorded"] !== undefined && (each["occurredDateTime"] !== undefined || each["reason"] !== undefined)) ?? w.graph.of("Provenance").find((each) => each["recorded"] !== undefined);
  // Withdrawn with 2.7.
  if (w.version.field("EVN", 1) !== undefined) evn.set(1, event.split("^")[1] ?? "");
  if (told !== undefined) evn.fill({ map: "EVN[Provenance]", root: told });
  if (!evn.has(2)) evn.set(2, stamp(now));
  return evn.text();
}

/** `20260309143000.120+0000` to the second, in UTC. */
export function stamp(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19).replaceAll(/[-T:]/g, "")}+0000`;
}

function hd(text: string | undefined): Repetition | undefined {
  return text === undefined ? undefined : text.split("^").slice(0, 3);
}

function partiesOf(w: Writing, message: Node): readonly Repetition[] {
  const organization = (from: Node, name: string): Repetition => {
    const reference = w.node(from, name);
    const found = reference && w.behind({ value: reference, holder: from, name, root: message, marks: [], via: undefined }, "Organization");
    if (found === undefined) return [];
    const own = organizationHd(w, found);
    return own.some((each) => each !== "") ? own : [w.text(found, "name") || w.text(found, "display")];
  };
  const application = (node: Node | undefined): Repetition => {
    if (node === undefined) return [];
    const [, kind = "", id = ""] = /^urn:(oid|uuid|dns|uri):(.+)$/.exec(w.text(node, "endpoint")) ?? [];
    const type = { oid: "ISO", uuid: "UUID", dns: "DNS", uri: "URI" }[kind] ?? "";
    return [w.text(node, "name"), id || w.text(node, "software"), type];
  };
  const [destination] = w.nodes(message, "destination");
  return [application(w.node(message, "source")), organization(message, "sender"), application(destination), destination === undefined ? [] : organization(destination, "receiver")];
}
