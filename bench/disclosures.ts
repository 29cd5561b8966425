import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock, systemRandom } from "../engine/runtime/clock.ts";
import { openStore } from "../engine/store/index.ts";
import { disclosing } from "../engine/store/ledger/sample.fixture.ts";

/**
 * What the ledger of disclosures adds to a message: CPU of fill and settle with an intent and its outcome against the same without, in the same
 * process, in pairs. Prints the median of the differences.
 */
const messages = process.argv.includes("--short") ? 2_000 : 8_000;
const pairs = process.argv.includes("--short") ? 3 : 7;
const together = 64;
const lane = "lab/ehr";
const content = { format: "hl7v2" as const, bytes: Buffer.alloc(700, 65) };

async function run(isTold: boolean): Promise<{ readonly cpu: number; readonly wall: number }> {
  const dir = mkdtempSync(join(tmpdir(), "sluice-bench-"));
  const store = await openStore({ dir, clock: systemClock, random: systemRandom, allowVolatile: true, minFreeBytes: 0, writer: "inline" });
  const ids: number[] = [];
  for (let at = 0; at < messages; at += together) {
    const accepted = await Promise.all(Array.from({ length: together }, () => store.accept({ channel: "lab", revision: "r", receivedAt: 1, raw: content, lanes: [lane] })));
    ids.push(...accepted.map(({ id }) => id));
  }
  const [began, before] = [performance.now(), process.cpuUsage()];
  for (let at = 0; at < ids.length; at += together) {
    const some = ids.slice(at, at + together);
    await Promise.all(some.map((id) => store.fill(lane, id, content, [], isTold ? { ...disclosing, patients: [{ owner: "north", ids: [`${id % 500}`, `${id % 500}^^^NORTH`] }] } : undefined)));
    await Promise.all(some.map((id) => store.settle({ lane, id, state: "delivered", at: 1, attempts: 1 })));
  }
  // What is behind the commits counts as well: the files, and crossing the lines out of the record.
  await store.close();
  const { user, system } = process.cpuUsage(before);
  const wall = performance.now() - began;
  rmSync(dir, { recursive: true });
  return { cpu: (user + system) / ids.length, wall: (wall * 1000) / ids.length };
}

await run(true);
const found: { readonly without: number; readonly added: number; readonly wall: number }[] = [];
for (let i = 0; i < pairs; i++) {
  const [first, second] = i % 2 === 0 ? [await run(false), await run(true)] : [await run(true), await run(false)].reverse();
  if (first && second) found.push({ without: first.cpu, added: second.cpu - first.cpu, wall: second.wall - first.wall });
}
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const added = median(found.map((each) => each.added));
console.log(`fill and settle: ${median(found.map(({ without }) => without)).toFixed(1)} µs of CPU a message; with the ledger ${added.toFixed(1)} µs more (${found.map((each) => each.added.toFixed(1)).join(", ")}), wall ${median(found.map(({ wall }) => wall)).toFixed(1)} µs more; bar 20 µs`);
