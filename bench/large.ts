/**
 * bench:large - one message of 50 MB through the engine: how long it takes, and how much memory above an idle engine.
 *
 *   npm run -s bench:large -- [--json] [--runs 5]
 *
 * Each run has an engine of its own, a process watched from outside. Ends with 1 when a median is over its bar or a message is not whole.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bar, type Passage, passLarge } from "../test/large/passage.ts";
import { median, range, rounded } from "./statistics.ts";

const { values: flags } = parseArgs({ options: { json: { type: "boolean", default: false }, runs: { type: "string", default: "5" } } });

/** On a real disk: a store refuses to promise durability on memory. */
const parent = join(import.meta.dirname, "../.sluice");
mkdirSync(parent, { recursive: true });
const passages: Passage[] = [];
for (let run = 0; run < Math.max(1, Number(flags.runs)); run++) passages.push(await passLarge(parent));

const seconds = passages.map(({ ms }) => ms / 1000);
const above = passages.map(({ aboveIdleBytes }) => aboveIdleBytes / 1e6);
const whole = passages.filter(({ isWhole, ack }) => isWhole && ack.includes("|AA|LARGE")).length;
const line = {
  bench: "large",
  bytes: passages[0]?.bytes ?? 0,
  seconds: rounded(median(seconds), 2),
  above_idle_mb: rounded(median(above), 0),
  bar_seconds: bar.seconds,
  bar_mb: bar.bytes / 1e6,
  seconds_interval: range(seconds).map((value) => rounded(value, 2)),
  above_idle_mb_interval: range(above).map((value) => rounded(value, 0)),
  runs: passages.length,
  whole,
};
if (flags.json) process.stdout.write(`${JSON.stringify(line)}\n`);
else process.stdout.write(`${line.bytes} bytes: ${line.seconds} s of ${line.bar_seconds}, ${line.above_idle_mb} MB above idle of ${line.bar_mb}; ${whole} of ${line.runs} whole\n`);
process.exitCode = whole === line.runs && line.seconds <= line.bar_seconds && line.above_idle_mb <= line.bar_mb ? 0 : 1;
