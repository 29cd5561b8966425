/**
 * drill:file - one large file of CSV records or HL7 v2 messages through the engine, killed on the way. Every figure comes from the receiver.
 *
 *   npm run -s drill:file -- [--json] [--format csv|hl7v2] [--size 1g] [--record 2k] [--kills 1] [--sabotage NAME]
 *
 * --sabotage drop-record or repeat-record changes the file behind what is counted: the drill must then fail.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";

import { EngineProcess } from "../ledger/engine-process.ts";
import { Arrivals } from "./arrivals.ts";
import { type BigFormat, writeBigFile } from "./big-input.ts";
import { writeBigProject } from "./big-project.ts";
import { residentBytes } from "./memory.ts";

const { values: flags } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    format: { type: "string", default: "csv" },
    size: { type: "string", default: "8m" },
    record: { type: "string", default: "2k" },
    kills: { type: "string", default: "1" },
    sabotage: { type: "string" },
    keep: { type: "boolean", default: false },
  },
});
const format = flags.format as BigFormat;
const kills = Number(flags.kills);
if (!["csv", "hl7v2"].includes(format) || ![undefined, "drop-record", "repeat-record"].includes(flags.sabotage)) {
  process.stderr.write("--format takes csv, hl7v2; --sabotage takes drop-record, repeat-record\n");
  process.exit(2);
}

const folder = newFolder();
const project = join(folder, "project");
const arrivals = await Arrivals.start();
writeBigProject(project, format, arrivals.port);
const path = join(folder, "big");
const made = writeBigFile(path, format, bytesOf(flags.size), bytesOf(flags.record));
if (flags.sabotage !== undefined) spoil(path, flags.sabotage);

const began = performance.now();
let engine = new EngineProcess(project);
await engine.ready;
await pause(1_500);
const idle = residentBytes(engine.pid);
renameSync(path, join(project, "in", "big"));
let peak = 0;
let killed = 0;
let silent = { since: performance.now(), count: -1 };
for (;;) {
  await pause(250);
  peak = Math.max(peak, residentBytes(engine.pid));
  if (killed < kills && arrivals.records >= ((killed + 1) * made.records) / (kills + 1)) {
    killed++;
    await engine.kill();
    engine = new EngineProcess(project);
    await engine.ready;
  }
  if (silent.count !== arrivals.count) silent = { since: performance.now(), count: arrivals.count };
  const isTaken = !existsSync(join(project, "in", "big"));
  // One more than there should be comes within a moment of the last. While some are missing a machine with neighbours may only stand still; and a drill
  // that stands still for long has failed.
  const isAll = arrivals.count - arrivals.redelivered >= made.records;
  if (isTaken && performance.now() - silent.since > (isAll ? 2_000 : 20_000)) break;
  if (performance.now() - silent.since > 120_000) break;
}
const seconds = (silent.since - began) / 1000;
const ending = await engine.stop();
await arrivals.close();

const [lost, repeated] = [arrivals.lost(made.records), arrivals.repeated];
const good = lost === 0 && repeated === 0 && arrivals.unknown === 0 && arrivals.reordered === 0 && readdirSync(join(project, "taken")).length === 1;
const mb = (bytes: number) => Math.round(bytes / 1024 ** 2);
process.stdout.write(
  `${JSON.stringify({
    drill: "file", format, bytes: made.bytes, records: made.records, kills: killed, lost, repeated, peak_rss_mb: mb(peak), seconds: Math.round(seconds * 10) / 10,
    reordered: arrivals.reordered, redelivered: arrivals.redelivered, idle_rss_mb: mb(idle),
  })}\n`,
);
if (ending !== 0) process.stderr.write(`the engine did not stop by itself: ${ending}\n${engine.words}\n`);
if (!good) process.stderr.write(`${engine.words}\n`);
if ((good || flags.sabotage !== undefined) && !flags.keep) rmSync(folder, { recursive: true, force: true });
else process.stderr.write(`the project and its store are kept in ${folder}\n`);
process.exit(good ? 0 : 1);

/** On a real disk: a store refuses to promise durability on memory. */
function newFolder(): string {
  const parent = join(import.meta.dirname, "../../.sluice");
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, "drill-file-"));
}

function bytesOf(text: string): number {
  const [, n = "0", unit = ""] = /^(\d+)([kmg]?)$/.exec(text) ?? [];
  return Number(n) * { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[unit as "" | "k" | "m" | "g"];
}

/** Another record in the place of the tenth: one is missing then, or one is there twice. */
function spoil(file: string, how: string): void {
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace("REC-0000010", how === "drop-record" ? "REC-9999999" : "REC-0000009"));
}
