import type { Corpora } from "./corpora.ts";
import { Distinct } from "./distinct.ts";
import { Door } from "./doors.ts";
import { Draws } from "./draws.ts";
import { Legals } from "./legal.ts";
import { Sink } from "./oracle/sink.ts";

export interface LegalRun {
  readonly legal: number;
  readonly distinct: number;
  /** Legal messages that did not arrive. */
  readonly refused: number;
  readonly why: readonly string[];
}

/** Legal messages must arrive: what the partner's own list does not hold was refused. */
export function runLegal({ from, seed, legal, sabotage }: { readonly from: Corpora; readonly seed: number; readonly legal: number; readonly sabotage: string | undefined }): LegalRun {
  const draws = new Draws(seed + 7919);
  const legals = new Legals(new Door(sabotage === "guard-all" ? sabotage : undefined), draws, from);
  const sink = new Sink();
  const distinct = new Distinct();
  const why: string[] = [];
  let asked = 0;
  while (distinct.size < legal) {
    for (const each of legals.four()) {
      if (!distinct.add(each.text)) continue;
      asked++;
      if (each.left) sink.count(each.id);
      else why.push(`${each.kind} ${each.code}`);
    }
  }
  return { legal: asked, distinct: distinct.size, refused: asked - sink.records.length, why };
}
