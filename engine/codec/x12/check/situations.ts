import facts from "../../../../schemas/x12/situations.json" with { type: "json" };
import { elementOf, getElement } from "../element.ts";
import { compositeDefinition, segmentDefinition } from "../grammar/definitions.ts";
import type { Transaction } from "../grammar/structure.ts";
import type { X12Message } from "../message.ts";
import type { Outline, Place } from "../outline.ts";
import { hasId, type X12Line } from "../segments.ts";
import type { ElementFault, SegmentFault } from "./fault.ts";

interface Situation {
  readonly sets: readonly string[];
  readonly loop: string;
  readonly segment: string;
  readonly elements: readonly (readonly [element: number, component: number])[];
  readonly values: readonly string[];
  readonly needs: readonly Need[];
}

type Need =
  | { readonly kind: "element"; readonly element: number; readonly component: number }
  /** `first`: what its first element must be; empty: anything. `loop`: the loop inside, empty for this one. */
  | { readonly kind: "segment"; readonly loop: string; readonly segment: string; readonly first: string }
  | { readonly kind: "loop"; readonly loop: string };

const situations: readonly Situation[] = facts.rows.map(situation);

/**
 * What a transaction set lacks that its convention asks for only where something else is said (SNIP level 2): an accident without its date, a
 * payment by transfer without accounts. Told at the segment that asks.
 */
export function situationFaults(message: X12Message, set: Place, { key, version }: Transaction): (SegmentFault | ElementFault)[] {
  const own = situations.filter(({ sets }) => sets.includes(key));
  if (own.length === 0) return [];
  const inner = innerOf(message.outline);
  const out: (SegmentFault | ElementFault)[] = [];
  const look = (place: Place): void => {
    for (const each of own) {
      if (each.loop !== place.id) continue;
      // What a loop must hold is the same for every segment that asks.
      const held = new Map<Need, boolean>();
      for (const at of place.own) {
        const line = message.body.lines[at] as X12Line;
        const asking = hasId(line, each.segment) ? asks(line, each) : undefined;
        if (asking === undefined) continue;
        for (const need of each.needs) {
          const met = held.get(need) ?? isMet(need, line, place, inner.get(place) ?? [], message);
          if (need.kind !== "element") held.set(need, met);
          if (!met) out.push(fault(need, each, asking, at, set, version));
        }
      }
    }
    for (const child of inner.get(place) ?? []) look(child);
  };
  look(set);
  return out;
}

type Inner = ReadonlyMap<Place, readonly Place[]>;

/** Places straight inside each; an outline is gone through once, however many sets it has. */
function innerOf(outline: Outline): Inner {
  const known = inners.get(outline);
  if (known !== undefined) return known;
  const made = new Map<Place, Place[]>();
  for (const places of outline.places.values()) {
    for (const place of places) {
      if (place.parent === undefined) continue;
      const siblings = made.get(place.parent);
      if (siblings === undefined) made.set(place.parent, [place]);
      else siblings.push(place);
    }
  }
  inners.set(outline, made);
  return made;
}

const inners = new WeakMap<Outline, Inner>();

/** The element that asks, if one does. */
function asks(line: X12Line, { elements, values }: Situation): Situation["elements"][number] | undefined {
  return elements.find(([element, component]) => {
    const value = getElement(line, { element, repetition: 0, component });
    return value !== "" && (values.includes("*") || values.includes(value));
  });
}

function isMet(need: Need, line: X12Line, place: Place, within: readonly Place[], message: X12Message): boolean {
  if (need.kind === "element") return getElement(line, { element: need.element, repetition: 0, component: need.component }) !== "";
  const inner = need.loop === "" ? [place] : within.filter(({ id }) => id === need.loop);
  if (need.kind === "loop") return inner.length > 0;
  const { segment, first } = need;
  return inner.some(({ own }) => own.some((at) => {
    const found = message.body.lines[at] as X12Line;
    return hasId(found, segment) && (first === "" || elementOf(found, 1) === first);
  }));
}

function fault(need: Need, { segment, loop }: Situation, asking: Situation["elements"][number], at: number, set: Place, version: string): SegmentFault | ElementFault {
  const position = at - set.start + 1;
  const where = { at, position, trigger: { segment, position, loop, element: asking[0], component: asking[1] } };
  if (need.kind === "element") {
    const part = segmentDefinition(version, segment)?.elements[need.element - 1]?.number ?? "";
    const number = need.component === 0 ? part : (compositeDefinition(version, part)?.components[need.component - 1]?.number ?? "");
    return { level: "element", code: "X12-246", note: "I9", segment, ...where, loop, element: need.element, component: need.component, repetition: 0, number };
  }
  const missing = need.kind === "segment" ? need.segment : "NM1";
  return { level: "segment", code: "X12-245", note: "I6", segment: missing, ...where, loop: need.loop === "" ? loop : need.loop, missing: true };
}

/** A table with a wrong row stops the start. */
function situation(row: readonly (string | readonly string[])[]): Situation {
  const [sets, loop, segment, elements, values, needs] = row;
  if (!Array.isArray(sets) || typeof loop !== "string" || typeof segment !== "string" || !Array.isArray(elements) || !Array.isArray(values) || !Array.isArray(needs)) throw new RangeError(`situation ${String(loop)} ${String(segment)}`);
  return {
    sets: sets as readonly string[], loop, segment, values: values as readonly string[],
    elements: (elements as readonly string[]).map((text) => text.split("-").map(Number)).map(([element = 0, component = 0]) => [element, component] as const),
    needs: (needs as readonly string[]).map((text) => need(text, segment)),
  };
}

function need(text: string, segment: string): Need {
  const own = new RegExp(`^${segment}(\\d\\d)(?:-(\\d+))?$`).exec(text);
  if (own !== null) return { kind: "element", element: Number(own[1]), component: Number(own[2] ?? 0) };
  if (/^\d{4}[A-Z]*$/.test(text)) return { kind: "loop", loop: text };
  const [, loop = "", id = "", first = ""] = /^(?:(\d{4}[A-Z]*)\/)?([A-Z][A-Z0-9]{1,2})(?:\((\w+)\))?$/.exec(text) ?? [];
  if (id === "") throw new RangeError(`situation ${text}`);
  return { kind: "segment", loop, segment: id, first };
}
