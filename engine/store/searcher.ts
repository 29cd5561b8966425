import type { EntryFacts, Facts, FactsReader } from "./facts.ts";
import type { Found } from "./listing.ts";
import { numberOf } from "./schema.ts";
import type { IndexQuery, SearchIndex } from "./search-index.ts";
import type { MessageId, Search } from "./store.ts";

/** How far the search index is, and what it may be wrong about. */
export interface Progress {
  readonly mark: MessageId;
  readonly stale: boolean;
  readonly pending: ReadonlySet<MessageId>;
}

/** The record's numbers for what a search names; undefined: the record never heard of it. */
export interface Names {
  channel(name: string): number | undefined;
  lane(name: string): number | undefined;
  /** All lanes, or those of a channel: a lane's name begins with its channel. */
  lanes(channel?: string): readonly number[];
  control(id: string): Uint8Array;
}

/** What one call may cost: units of about 3 µs for messages in the record, and questions to the index of some 100 ms at most each. */
export interface Bounds {
  readonly units: number;
  readonly questions: number;
}
/** Beside intake: some 50 ms. */
const besideIntake: Bounds = { units: 20_000, questions: 3 };
/** For a command of its own process, which holds nobody up. */
export const alone: Bounds = { units: 1_000_000, questions: 20 };
/** A look at the entries of a message costs more than one at its row alone. */
const entriesUnits = 5;
/** Rows read at once of what the index does not hold. */
const tailRows = 500;

/**
 * Answers a search from the index and from what it does not hold yet. The index only proposes: every message of an answer was looked at in the
 * record. A call is bounded; where it stops early, `more` says where to go on.
 */
export function search(query: Search, parts: { readonly facts: FactsReader; readonly names: Names; readonly index?: SearchIndex; readonly progress: Progress; readonly bounds?: Bounds }): Found {
  const { facts, names, index, progress, bounds = besideIntake } = parts;
  const asked = numbered(query, names);
  if (asked === undefined) return { ids: [] };
  const ids: MessageId[] = [];
  let units = bounds.units;
  const look = (found: Facts | undefined) => {
    units--;
    if (found === undefined || !matchesMessage(found, asked)) return;
    if (asksEntries(asked)) {
      units -= entriesUnits;
      if (!found.entries.some((entry) => matchesEntry(entry, asked))) return;
    }
    ids.push(found.id);
  };
  const before = query.before ?? Number.MAX_SAFE_INTEGER;
  for (let below = before; below > progress.mark; ) {
    const rows = facts.below(below, progress.mark, tailRows);
    for (const found of rows) {
      if (ids.length === query.limit || units <= 0) return { ids, more: found.id + 1 };
      look(found);
    }
    below = rows.length < tailRows ? progress.mark : (rows.at(-1)?.id ?? 0);
  }
  if (index === undefined) return { ids };
  const unsure = [...new Set([...progress.pending, ...facts.touched(Number.MAX_SAFE_INTEGER).map(({ message }) => message)])].sort((a, b) => b - a);
  let below = Math.min(before, progress.mark + 1);
  for (let questions = bounds.questions; below > 1; questions--) {
    if (ids.length === query.limit || questions === 0) return { ids, more: below };
    const proposed = index.find(asked, names.lanes(query.channel), below, query.limit - ids.length, progress.stale);
    const from = Math.max(0, ...proposed.map((part) => part.from));
    const candidates = new Set(proposed.flatMap((part) => part.ids).filter((one) => one >= from));
    for (const one of unsure) if (one < below && one >= from) candidates.add(one);
    for (const one of [...candidates].sort((a, b) => b - a)) {
      if (ids.length === query.limit || units <= 0) return { ids, more: one + 1 };
      look(facts.of(one));
    }
    below = from;
  }
  return { ids };
}

interface Asked extends IndexQuery {
  readonly lanes?: readonly number[];
}

function numbered({ channel, lanes, states, code, controlId, type, received, settled, parent }: Search, names: Names): Asked | undefined {
  const channelNumber = channel === undefined ? undefined : names.channel(channel);
  const laneNumbers = lanes?.flatMap((lane) => names.lane(lane) ?? []);
  if ((channel !== undefined && channelNumber === undefined) || laneNumbers?.length === 0 || states?.length === 0) return undefined;
  return {
    ...(channelNumber !== undefined && { channel: channelNumber }),
    ...(laneNumbers && { lanes: laneNumbers }),
    ...(states && { states: states.map((state) => numberOf[state]) }),
    ...(code !== undefined && { code }),
    ...(controlId !== undefined && { control: names.control(controlId) }),
    ...(type !== undefined && { type }),
    ...(received && { received }),
    ...(settled && { settled }),
    ...(parent !== undefined && { parent }),
  };
}

function matchesMessage(facts: Facts, { channel, control, type, received, parent }: Asked): boolean {
  return (
    (channel === undefined || facts.channel === channel) &&
    (type === undefined || facts.type === type) &&
    (parent === undefined || facts.parent === parent) &&
    (control === undefined || (facts.control !== null && Buffer.compare(facts.control, control) === 0)) &&
    (received === undefined || within(facts.received, received))
  );
}

function asksEntries({ lanes, states, code, settled }: Asked): boolean {
  return lanes !== undefined || states !== undefined || code !== undefined || settled !== undefined;
}

function matchesEntry(entry: EntryFacts, { lanes, states, code, settled }: Asked): boolean {
  return (
    (lanes === undefined || lanes.includes(entry.lane)) &&
    (states === undefined || states.includes(entry.state)) &&
    (code === undefined || entry.code === code) &&
    (settled === undefined || (entry.at !== null && within(entry.at, settled)))
  );
}

function within(at: number, { from = 0, to = Number.MAX_SAFE_INTEGER }: { readonly from?: number; readonly to?: number }): boolean {
  return at >= from && at < to;
}
