import { askedAt } from "../asked.ts";
import { elementOf } from "../element.ts";
import type { GrammarSource } from "../grammar-port.ts";
import type { X12Message } from "../message.ts";
import type { Place } from "../outline.ts";
import { hasId, idOf, type X12Line } from "../segments.ts";
import { controlFaults, elementFaults, trailsEmpty } from "./elements.ts";
import { envelopeFaults } from "./envelope.ts";
import type { ElementFault, SetFault, X12Fault } from "./fault.ts";
import { hierarchyFaults } from "./hierarchy.ts";
import { walkSet } from "./order.ts";
import { situationFaults } from "./situations.ts";

export type { ElementFault, GroupFault, InterchangeFault, SegmentFault, SetFault, X12Fault } from "./fault.ts";

/**
 * What is wrong in a text by SNIP levels 1 and 2, in the order of its segments: envelopes, control numbers and counts; order, repetition and
 * presence of segments and loops; presence, type, length, codes and relations of elements. A transaction set without a grammar is checked in its
 * envelope alone, which the harmless `X12-219` says.
 */
export function faultsOf(message: X12Message, grammar: GrammarSource): readonly X12Fault[] {
  const out: X12Fault[] = envelopeFaults(message);
  // One by one: a call takes no hundred thousand arguments.
  for (const place of message.envelopes("ST")) for (const fault of setFaults(message, place, grammar)) out.push(fault);
  message.body.lines.forEach((line, at) => {
    if (trailsEmpty(line) && idOf(line) !== "ISA") out.push({ level: "set", code: "X12-244", at, note: "", harmless: true });
  });
  return out.sort((a, b) => a.at - b.at);
}

function setFaults(message: X12Message, place: Place, grammar: GrammarSource): X12Fault[] {
  const { lines } = message.body;
  const closed = hasId(lines[place.end - 1] as X12Line, "SE");
  const end = closed ? place.end - 1 : place.end;
  const gs = place.parent?.id === "GS" ? (lines[place.parent.start] as X12Line) : undefined;
  const asked = askedAt(lines, place.start, gs === undefined ? "" : elementOf(gs, 8));
  const transaction = grammar(asked);
  if (transaction === undefined) {
    const unknown: SetFault = { level: "set", code: "X12-219", at: place.start, note: "1", harmless: true };
    const found: ElementFault[] = [];
    for (let at = place.start; at < end; at++) for (const fault of controlFaults(lines[at] as X12Line, { at, position: at - place.start + 1, loop: "ST" })) found.push(fault);
    return [unknown, ...found];
  }
  const out: X12Fault[] = [];
  if (gs !== undefined && elementOf(gs, 1) !== transaction.group) out.push({ level: "set", code: "X12-220", at: place.start, note: "6", element: 1 });
  const { walked, faults } = walkSet(lines, place.start, end, transaction);
  for (const found of [faults, hierarchyFaults(lines, walked), situationFaults(message, place, transaction)]) for (const fault of found) out.push(fault);
  for (const { at, position, use, loop } of walked) {
    const line = lines[at] as X12Line;
    const where = { at, position, loop };
    for (const fault of use === undefined ? controlFaults(line, where) : elementFaults(line, use, transaction.version, where)) out.push(fault);
  }
  return out;
}
