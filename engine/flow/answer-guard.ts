import { decode } from "../codec/bytes/index.ts";
import { detectFormat, readTree } from "../codec/index.ts";
import type { Tree } from "../codec/tree.ts";
import type { Channel, DestinationSpec, Partner } from "../config/project.ts";
import { beyond } from "../phi/index.ts";
import { patientsOf } from "../phi/patients.ts";
import type { Boundary, Label, Refusal } from "../phi/boundary.ts";
import { codeOf, type Content, type Format } from "../sdk/index.ts";

export interface Answer {
  readonly response: Content;
  /** The most that the answer may be. */
  readonly label: Label;
  /** Who would get it, and the destination as it stands toward them. */
  readonly source: Partner;
  readonly destination: DestinationSpec;
  /** The message that is answered. */
  readonly asked: string | undefined;
}

/**
 * Why a partner's answer may not go to the source although an agreement covers what it was said to hold: it says of itself that it is more, nobody can read
 * it, or patients stand in what was said to hold none.
 */
export function answerRefusal({ response, label, source, destination, asked }: Answer, channel: Channel, boundary: Boundary): Refusal | undefined {
  if (isBeyond(response, label, boundary)) return { code: "PHI-219", rule: "label" };
  if (label.level === "phi") return undefined;
  try {
    const { tree, format } = treeOf(response);
    if (patientsOf(tree, format, "").patients.length > 0) return { code: "PHI-201", rule: "patients", where: "body" };
    const { source: of, classification } = channel;
    // Without the message the guard knows no identifiers of its own, and still the shapes and what it remembers.
    const raw = asked === undefined ? readTree("text", "") : readTree(of.format, asked, of.csv);
    // What a closed list took from the message is in what was sent, not in the answer to it.
    const { only: _, deidentify: __, ...bare } = destination;
    const partner = { ...source, endpoints: [{ id: "reply", url: "reply:" }] };
    const envelope = { endpoint: "reply", body: response.bytes };
    const harvest = boundary.harvest(raw, asked === undefined ? "text" : of.format);
    return boundary.guard({ envelope, harvest, label, destination: bare, partner, exempt: headerIds(tree, format), owners: classification.owners });
  } catch (error) {
    return { code: codeOf(error, "PHI-207"), rule: "unreadable" };
  }
}

/** Whether an answer says of itself more than its label allows. What cannot be read might. */
export function isBeyond(response: Content, label: Label, boundary: Boundary): boolean {
  try {
    const given = treeOf(response);
    return beyond(boundary.label(given.tree, given.format), label) !== undefined;
  } catch {
    return true;
  }
}

/** Read as what it is where nobody says. Plain text names nothing that could be read. */
export function treeOf({ format, bytes }: Content): { readonly format: Format; readonly tree: Tree } {
  const { text } = decode(bytes, { format });
  const seen = format === "text" ? detectFormat(text) : format;
  const is = text === "" || seen === "unknown" || (format === "text" && seen === "csv") ? "text" : seen;
  return { format: is, tree: readTree(is, text) };
}

/** Moment and numbers of an acknowledgement name messages and nobody. */
function headerIds(tree: Tree, format: Format): readonly string[] {
  return format === "hl7v2" ? [...tree.values("MSH-7"), ...tree.values("MSH-10"), ...tree.values("MSA-2")] : [];
}
