/** The child of `fuzz`: reads texts until its time is over, and says now and then how far it is, so that the parent sees a hang. */
import { join } from "node:path";
import { EngineError } from "../../engine/sdk/error.ts";
import { dice, mutated } from "./mutate.ts";
import type { Target } from "./target.ts";

const [name = "", seedText = "1", secondsText = "10"] = process.argv.slice(2);
const { target } = (await import(join(import.meta.dirname, "targets", `${name}.ts`))) as { target: Target };
const roll = dice(Number(seedText));
const pool = [...target.seeds];
const ends = performance.now() + Number(secondsText) * 1000;
let runs = 0;
let refused = 0;
let slowestMs = 0;
let told = 0;
const seen = new Set<string>();

for (const seed of target.seeds) target.run(seed);
globalThis.gc?.();
const began = process.memoryUsage().heapUsed;
while (performance.now() < ends) {
  const text = mutated(pool, target.words, roll);
  const at = performance.now();
  // A hang shows as silence: the text that hangs is the one behind the last that was told.
  if (at - told > 200) {
    told = at;
    await new Promise<void>((resolve) => process.send?.({ run: runs }, () => resolve()));
  }
  const before = process.threadCpuUsage();
  let outcome = "read";
  try {
    target.run(text);
  } catch (error) {
    if (!(error instanceof EngineError)) {
      process.send?.({ find: { run: runs, kind: error instanceof Error ? `${error.name}: ${error.stack?.split("\n")[1]?.trim() ?? ""}` : "thrown", text: text.slice(0, 4000) } });
    }
    outcome = error instanceof EngineError ? error.code : "crash";
    refused++;
  }
  // Time of this thread: on a machine that does other things as well, the clock on the wall tells of those.
  const { user, system } = process.threadCpuUsage(before);
  const ms = (user + system) / 1000;
  if (ms > slowestMs) slowestMs = ms;
  if (ms > 1000) process.send?.({ find: { run: runs, kind: `took ${Math.round(ms)} ms`, text: text.slice(0, 4000) } });
  runs++;
  // What still reads in a new way is kept to go on from; from what was refused only refusals follow, so of those a few do.
  const kind = `${outcome}:${Math.round(Math.log2(text.length + 1))}:${new Set(text.slice(0, 2000)).size >> 3}`;
  if (!seen.has(kind)) {
    seen.add(kind);
    if (outcome !== "read" && roll(8) > 0) continue;
    if (pool.length < 500) pool.push(text);
    else pool[target.seeds.length + roll(pool.length - target.seeds.length)] = text;
  }
}
globalThis.gc?.();
const grownMb = Math.round((process.memoryUsage().heapUsed - began) / 1e5) / 10;
process.send?.({ end: { runs, refused, slowest_ms: Math.round(slowestMs), grown_mb: grownMb, kinds: seen.size } }, () => process.disconnect?.());
