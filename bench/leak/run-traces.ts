import type { Corpora } from "./corpora.ts";
import { Distinct } from "./distinct.ts";
import { Draws } from "./draws.ts";
import { needlesOf } from "./oracle/needles.ts";
import { Sink } from "./oracle/sink.ts";
import type { Planted } from "./planted.ts";
import { type Trace, Traces } from "./traces.ts";

export interface TraceRun {
  readonly cases: number;
  readonly distinct: number;
  readonly found: readonly string[];
}

/** Lines are full of times and numbers: what is shorter is there by chance. */
const shortest = 6;

/** As many texts of an exit about other people are kept, to tell the engine's own words from somebody's. */
const most = 400;

/** What the engine says of broken messages, read by a sink that knows whom they were about. */
export async function runTraces({ from, seed, cases, sabotage }: { readonly from: Corpora; readonly seed: number; readonly cases: number; readonly sabotage: string | undefined }): Promise<TraceRun> {
  const traces = new Traces(new Draws(seed + 104_729), from, sabotage === "trace-echo");
  const sink = new Sink(sabotage === "oracle-blind");
  const distinct = new Distinct();
  const hits: { readonly trace: Trace; readonly planted: Planted }[] = [];
  const byExit = new Map<string, Trace[]>();
  let count = 0;
  while (count < cases) {
    for (const trace of await traces.make()) {
      if (count >= cases || !distinct.add(trace.of)) continue;
      const record = sink.read(count++, trace.said, trace.planted, shortest);
      if (record.found) hits.push({ trace, planted: record.found });
      const others = byExit.get(trace.exit) ?? [];
      byExit.set(trace.exit, others);
      if (others.length < most) others.push(trace);
    }
  }
  const found = hits.filter(({ trace, planted }) => !isSaidOfOthers(planted, byExit.get(trace.exit) ?? [], sabotage === "oracle-blind"));
  return { cases: count, distinct: distinct.size, found: found.map(({ trace, planted }) => `${planted.role} ${planted.kind} × ${trace.damage} × ${trace.exit}`) };
}

/**
 * Whether the engine says the same where nobody has that name, number or day: a Mr. Result of a channel `results`, a birthday in the clock of the lines. A leak stands in the
 * texts about its own person alone. More than one other text must say it, and none about anybody who shares it.
 */
function isSaidOfOthers(planted: Planted, others: readonly Trace[], blind: boolean): boolean {
  const needles = new Set(needlesOf(planted));
  const apart = new Sink(blind);
  const saying = others.filter((other) => !other.planted.some((each) => needlesOf(each).some((needle) => needles.has(needle))) && apart.read(0, other.said, [planted], shortest).found);
  return saying.length > 1;
}
