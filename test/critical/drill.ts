/**
 * drill:critical - results to a real engine that is killed at random moments; no critical one may go untold. What was sent and what was told are counted by
 * the lab and the pager, each for itself. `p99_ms` is from receipt to the first page while the engine was up; `p99_with_downtime_ms` counts the time it lay dead as well.
 *
 *   npm run -s drill:critical -- [--json] [--results 100000] [--kills 100] [--seed S] [--short] [--sabotage NAME]
 *
 * --sabotage drop-alert: the pager says that somebody has seen some results of which it tells nobody. no-limits: the project has no limits of its own, so values
 * outside them go untold when their flag is missing.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { EngineProcess } from "../ledger/engine-process.ts";
import { freePorts } from "../ledger/engine-project.ts";
import { seeded } from "../ledger/seeded.ts";
import { Lab } from "./lab.ts";
import { Pager } from "./pager.ts";
import { UpClock } from "./up-clock.ts";
import { isCritical, writeCriticalProject } from "./project.ts";

const sabotages = ["drop-alert", "no-limits"];
const { values: flags } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    short: { type: "boolean", default: false },
    results: { type: "string" },
    kills: { type: "string" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    sabotage: { type: "string" },
  },
});
if (flags.sabotage !== undefined && !sabotages.includes(flags.sabotage)) {
  process.stderr.write(`--sabotage takes ${sabotages.join(", ")}\n`);
  process.exit(2);
}
const results = Number(flags.results ?? (flags.short ? 300 : 100_000));
const kills = Number(flags.kills ?? (flags.short ? 5 : 100));
const random = seeded(Number(flags.seed));
/** Longer than two rungs of the ladder: when nobody is told of anything for so long, all has been told. */
const quietMs = 6_000;
/** And while something is untold, so long: a machine with neighbours may stand still. */
const patienceMs = 24_000;
/** From receipt to the first page, for 99 of 100. A short drill is one of many things that a machine does at once: there it is what no delay of the machine's explains. */
const mostMs = flags.short ? 30_000 : 5_000;

const folder = newFolder();
const [intake = 0, pagerPort = 0] = await freePorts(2);
const clock = new UpClock();
const moment = () => ({ up: clock.now(), wall: performance.now() });
const pager = new Pager(moment, (n) => flags.sabotage === "drop-alert" && n % 50 === 0);
await pager.listen(pagerPort);
writeCriticalProject(join(folder, "project"), { intake, pager: pagerPort }, flags.sabotage !== "no-limits");
const lab = new Lab(intake, results, moment);
const sent = lab.run(8);

for (let run = 0; run < kills; run++) {
  lab.allowed = Math.ceil((results * (run + 1)) / (kills + 1));
  const engine = new EngineProcess(join(folder, "project"));
  // Some kills meet the engine while it starts and recovers.
  if (random() < 0.1) await pause(random() * 600);
  else {
    await engine.ready;
    clock.up();
    // It gets on before it is killed, at whatever moment that is.
    const [before, share] = [lab.acked.size, random() * (lab.allowed - lab.acked.size)];
    for (const until = performance.now() + 20_000; lab.acked.size < before + share && performance.now() < until; ) await pause(5);
    await pause(random() * 300);
  }
  await engine.kill();
  clock.down();
  if (!flags.json) process.stderr.write(`${run + 1} kills, ${lab.acked.size} acknowledged, ${pager.told.size} told of\n`);
}

const last = new EngineProcess(join(folder, "project"));
await last.ready;
clock.up();
lab.allowed = results;
await Promise.race([sent, pause(15 * 60_000)]);
lab.stop();
const critical = [...lab.acked].filter(([n]) => isCritical(n));
const untold = () => critical.filter(([n]) => !pager.told.has(`F${n}`)).length;
for (let quiet = 0; quiet < (untold() === 0 ? quietMs : patienceMs); ) {
  const before = pager.pages;
  await pause(quietMs);
  quiet = pager.pages === before ? quiet + quietMs : 0;
}
const ending = await last.stop();
pager.close();

const missed = untold();
const untrue = [...pager.told.keys()].filter((order) => !isCritical(Number(order.slice(1)))).length;
/** From the lab's acknowledgement to the first page; 0 where the page came before it. */
const p99Of = (by: "up" | "wall") => {
  const waits = critical.flatMap(([n, at]) => {
    const told = pager.told.get(`F${n}`);
    return told === undefined ? [] : [Math.max(0, told[by] - at[by])];
  }).toSorted((a, b) => a - b);
  return Math.round(waits[Math.min(waits.length - 1, Math.floor(waits.length * 0.99))] ?? Number.NaN);
};
const p99 = p99Of("up");
const good = missed === 0 && untrue === 0 && lab.acked.size === results && p99 <= mostMs && ending === 0;
process.stdout.write(`${JSON.stringify({ results: lab.acked.size, critical: critical.length, kills, missed, untrue, p99_ms: p99, p99_with_downtime_ms: p99Of("wall"), pages: pager.pages, seed: Number(flags.seed) })}\n`);
if (ending !== 0) process.stderr.write(`the engine did not stop by itself: ${ending}\n${last.words}\n`);
if (good || flags.sabotage !== undefined) rmSync(folder, { recursive: true, force: true });
else process.stderr.write(`the project and its store are kept in ${folder}\n`);
process.exit(good ? 0 : 1);

/** On a real disk: a store refuses to promise durability on memory. */
function newFolder(): string {
  const parent = join(import.meta.dirname, "../../.sluice");
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, "drill-critical-"));
}
