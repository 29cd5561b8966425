import type { Place } from "./notation.ts";
import type { MessageStructure } from "./structures.ts";

/** A group of a message, or the message itself, as it stands there. */
export interface Group {
  /** `PATIENT_RESULT`; of the message its structure id. */
  readonly name: string;
  /** In order: groups, and segments by their number among those given. */
  readonly items: (Group | number)[];
}

/** What is wrong with the order of segments, at one of them. */
export interface Misplacement {
  /** `missing`: `segment` should stand before `at`; `unexpected`: the one at `at` has no place there; `repeated`: it may stand there once. */
  readonly kind: "missing" | "unexpected" | "repeated";
  readonly segment: string;
  /** Number of the segment; how many there are when it is the end. */
  readonly at: number;
}

export interface Arrangement {
  readonly root: Group;
  readonly faults: readonly Misplacement[];
}

/** A group that is open: its places, which of them was used last and how often. */
interface Frame {
  readonly places: readonly Place[];
  readonly group: Group;
  at: number;
  used: number;
}

/** A way from where the message stands to a place for the next segment: groups to leave, places to go in, required ones passed over. */
interface Way {
  readonly leave: number;
  readonly steps: readonly number[];
  readonly missing: readonly string[];
  /** What is passed over, and how far from the obvious reading the way is; the least wins. */
  readonly cost: number;
}

/**
 * Puts the segments of one message, by name, into the groups of its structure. Each goes to the nearest place that passes over the fewest required
 * ones; a segment of the site (Z..) or without a place stays in the group that is open. `isWhole`: a segment of the site without a place is as wrong as another.
 */
export function arrange(names: readonly string[], structure: MessageStructure, isWhole = false): Arrangement {
  const root: Group = { name: structure.id, items: [] };
  const stack: Frame[] = [{ places: structure.places, group: root, at: 0, used: 0 }];
  let faults: Misplacement[] = [];
  for (const [i, name] of names.entries()) {
    const here = stack.at(-1) as Frame;
    const isOwn = !isWhole && name.startsWith("Z") && !structure.segments.has(name);
    const way = isOwn ? undefined : nearest(stack, name);
    if (way === undefined) {
      here.group.items.push(i);
      if (isOwn) continue;
      // It comes too late: then it is out of order rather than missing.
      const late = faults.findLastIndex((each) => each.kind === "missing" && each.segment === name);
      if (late >= 0) faults = faults.toSpliced(late, 1);
      const again = late < 0 && ((names[i - 1] === name && structure.segments.has(name)) || stack.some((frame) => isSpent(frame, name)));
      faults.push({ kind: again ? "repeated" : "unexpected", segment: name, at: i });
      continue;
    }
    for (const segment of way.missing) faults.push({ kind: "missing", segment, at: i });
    walk(stack, way, i);
  }
  for (let depth = stack.length - 1; depth >= 0; depth--) {
    for (const segment of passed(stack[depth] as Frame, Number.POSITIVE_INFINITY)) faults.push({ kind: "missing", segment, at: names.length });
  }
  return { root, faults };
}

function walk(stack: Frame[], way: Way, segment: number): void {
  stack.length -= way.leave;
  for (const [depth, step] of way.steps.entries()) {
    const frame = stack.at(-1) as Frame;
    const place = frame.places[step] as Place;
    frame.used = frame.at === step ? frame.used + 1 : 1;
    frame.at = step;
    if (depth === way.steps.length - 1) frame.group.items.push(segment);
    else {
      const group: Group = { name: place.group, items: [] };
      frame.group.items.push(group);
      stack.push({ places: place.inner, group, at: 0, used: 0 });
    }
  }
}

function nearest(stack: readonly Frame[], name: string): Way | undefined {
  let best: Way | undefined;
  const missing: string[] = [];
  for (let depth = stack.length - 1; depth >= 0; depth--) {
    const frame = stack[depth] as Frame;
    for (const way of waysIn(frame.places, name, frame.at, frame.used)) {
      const all = [...missing, ...way.missing];
      const cost = way.cost + missing.length;
      if (best === undefined || cost < best.cost) best = { leave: stack.length - 1 - depth, steps: way.steps, missing: all, cost };
    }
    if (best?.cost === 0) return best;
    missing.push(...passed(frame, Number.POSITIVE_INFINITY));
  }
  return best;
}

/** Ways to a segment from a place on that was used so many times. */
function* waysIn(places: readonly Place[], name: string, from: number, used: number): Generator<Omit<Way, "leave">> {
  const missing: string[] = [];
  let passedOver = 0;
  for (let at = from; at < places.length; at++) {
    const place = places[at] as Place;
    const times = at === from ? used : 0;
    if (times < place.max) {
      // A group that is entered behind its optional begin is the less obvious reading.
      const odd = passedOver > 0 && from === 0 && used === 0 ? 0.1 : 0;
      if (place.segments.includes(name) || place.segments[0] === "ANY") yield { steps: [at], missing: [...missing], cost: missing.length + odd };
      if (place.group !== "" && mayHold(place, name)) {
        for (const way of waysIn(place.inner, name, 0, 0)) {
          yield { steps: [at, ...way.steps], missing: [...missing, ...way.missing], cost: missing.length + way.cost + odd };
        }
      }
    }
    if (times < place.min) missing.push(firstOf(place));
    passedOver++;
  }
}

/** Whether a place that the segment would begin stands there as often as it may. */
function isSpent({ places, at, used }: Frame, name: string): boolean {
  const place = places[at];
  return place !== undefined && place.max > 1 && used >= place.max && firstOf(place) === name;
}

/** Required places of an open group that nothing stands at. */
function passed(frame: Frame, until: number): string[] {
  const out: string[] = [];
  for (let at = frame.at; at < Math.min(until, frame.places.length); at++) {
    const place = frame.places[at] as Place;
    if ((at === frame.at ? frame.used : 0) < place.min) out.push(firstOf(place));
  }
  return out;
}

/** What is missing when a place is: its segment, or the first that the group cannot do without. */
function firstOf(place: Place): string {
  if (place.group === "") return place.segments[0] ?? "";
  const required = place.inner.find(({ min }) => min > 0) ?? place.inner[0];
  return required === undefined ? "" : firstOf(required);
}

const holds = new WeakMap<Place, ReadonlySet<string>>();

function mayHold(place: Place, name: string): boolean {
  const names = namesIn(place);
  return names.has(name) || names.has("ANY");
}

function namesIn(place: Place): ReadonlySet<string> {
  let names = holds.get(place);
  if (names === undefined) holds.set(place, (names = new Set([...place.segments, ...place.inner.flatMap((each) => [...namesIn(each)])])));
  return names;
}
