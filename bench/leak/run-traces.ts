import type { Corpora } from "./corpora.ts";
import { Distinct } from "./distinct.ts";
import { Draws } from "./draws.ts";
import { Sink } from "./oracle/sink.ts";
import { Traces } from "./traces.ts";

export interface TraceRun {
  readonly cases: number;
  readonly distinct: number;
  readonly found: readonly string[];
}

/** Lines are full of times and numbers: what is shorter is there by chance. */
const shortest = 6;

/** What the engine says of broken messages, read by a sink that knows whom they were about. */
export async function runTraces({ from, seed, cases, sabotage }: { readonly from: Corpora; readonly seed: number; readonly cases: number; readonly sabotage: string | undefined }): Promise<TraceRun> {
  const traces = new Traces(new Draws(seed + 104_729), from, sabotage === "trace-echo");
  const sink = new Sink(sabotage === "oracle-blind");
  const distinct = new Distinct();
  const found: string[] = [];
  let count = 0;
  while (count < cases) {
    for (const { exit, damage, planted, said, of } of await traces.make()) {
      if (count >= cases || !distinct.add(of)) continue;
      const record = sink.read(count++, said, planted, shortest);
      if (record.found) found.push(`${record.found.role} ${record.found.kind} × ${damage} × ${exit}`);
    }
  }
  return { cases: sink.records.length, distinct: distinct.size, found };
}
