/**
 * drill:kill - SIGKILL at random moments under load. Every figure comes from the two ledgers.
 *
 *   npm run -s drill:kill -- [--json] [--kills 200] [--acked 10000] [--seed S] [--short] [--sabotage NAME]
 *
 * --sabotage ack-before-commit breaks the engine from outside (fault-points.ts), drop-frame and late-frame break what the receiver writes down: the drill must fail.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { compare, type Verdict } from "./compare.ts";
import { EngineProcess } from "./engine-process.ts";
import { freePorts, writeProject } from "./engine-project.ts";
import { type ArrivalLine, LedgerFile, readLedger, type SenderLine } from "./ledger.ts";
import { LedgerReceiver, type Manners } from "./receiver.ts";
import { seeded } from "./seeded.ts";
import { LedgerSender } from "./sender.ts";

const sabotages = ["ack-before-commit", "drop-frame", "late-frame"];

const { values: flags } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    short: { type: "boolean", default: false },
    kills: { type: "string" },
    acked: { type: "string" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    sabotage: { type: "string" },
    keep: { type: "boolean", default: false },
  },
});
if (flags.sabotage !== undefined && !sabotages.includes(flags.sabotage)) {
  process.stderr.write(`--sabotage takes ${sabotages.join(", ")}\n`);
  process.exit(2);
}
const kills = Number(flags.kills ?? (flags.short ? 15 : 200));
const enough = Number(flags.acked ?? (flags.short ? 1_000 : 10_000));
const random = seeded(Number(flags.seed));
const channels = ["north", "south"];
const lanes = ["ward", "archive"];
const connectionsPerChannel = 4;

const folder = newFolder();
const arrivals = new LedgerFile(join(folder, "receiver.ledger"));
const sendings = new LedgerFile(join(folder, "sender.ledger"));
const { receiver, ports } = await LedgerReceiver.start(arrivals, channels.flatMap((c) => lanes.map((l) => `${c}/${l}`)), manners(flags.sabotage));
const intake = await freePorts(channels.length);
const plans = channels.map((name, i) => ({ name, port: intake[i] ?? 0, lanes: new Map(lanes.map((l) => [l, ports.get(`${name}/${l}`) ?? 0])) }));
const project = join(folder, "project");
writeProject(project, ["ADT^A01"], plans);

const fault = flags.sabotage === "ack-before-commit" ? flags.sabotage : undefined;
const sender = new LedgerSender({
  ledger: sendings,
  run: "K",
  connections: plans.flatMap((p, c) => Array.from({ length: connectionsPerChannel }, (_, i) => ({ name: `${c}${i}`, port: p.port }))),
});

let runs = 0;
while (runs < kills || sender.acked < enough) {
  const engine = new EngineProcess(project, fault);
  const early = random() < 0.1; // some kills meet the engine while it starts and recovers
  if (early) await pause(random() * 600);
  else {
    await engine.ready;
    await pause(random() * (runs < kills ? 250 : 2_000));
  }
  await engine.kill();
  runs += 1;
  if (!flags.json && runs % 10 === 0) process.stderr.write(`${runs} kills, ${sender.acked} acked, ${receiver.arrivals} arrivals\n`);
}

const last = new EngineProcess(project, fault);
await last.ready;
await within(300_000, sender.finish());
await sender.abandon();
await drained();
const ending = await last.stop();
await receiver.close();
sendings.close();
arrivals.close();

const verdict = judged();
const good = verdict.lost === 0 && verdict.reordered === 0 && verdict.damaged === 0 && receiver.stray === 0;
process.stdout.write(`${JSON.stringify({ drill: "kill", runs, acked: verdict.acked, lost: verdict.lost, reordered: verdict.reordered, duplicates: verdict.duplicates, seed: Number(flags.seed) })}\n`);
if (verdict.damaged > 0 || receiver.stray > 0) process.stderr.write(`damaged arrivals: ${verdict.damaged}, bytes outside frames: ${receiver.stray}\n`);
if (ending !== 0) process.stderr.write(`the engine did not stop by itself: ${ending}\n${last.words}\n`);
if ((good || flags.sabotage !== undefined) && !flags.keep) rmSync(folder, { recursive: true, force: true });
else process.stderr.write(`ledgers and store are kept in ${folder}\n`);
process.exit(good ? 0 : 1);

function judged(): Verdict {
  return compare(readLedger(sendings.path) as SenderLine[], readLedger(arrivals.path) as ArrivalLine[], (connection) =>
    lanes.map((l) => `${channels[Number(connection[0])]}/${l}`),
  );
}

/** Arrivals have stopped: nothing for two seconds when all is there, and for twenty while something is missing, since a machine with neighbours may stand still. */
async function drained(): Promise<void> {
  const until = performance.now() + 300_000;
  for (let quiet = 0; quiet < (judged().lost === 0 ? 2_000 : 20_000) && performance.now() < until; ) {
    const before = receiver.arrivals;
    await pause(1_000);
    quiet = receiver.arrivals === before ? quiet + 1_000 : 0;
  }
}

function within(ms: number, work: Promise<unknown>): Promise<unknown> {
  return Promise.race([work, pause(ms)]);
}

/** On a real disk: a store refuses to promise durability on memory. */
function newFolder(): string {
  const parent = join(import.meta.dirname, "../../.sluice");
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, "drill-kill-"));
}

/** Arrivals in the middle are forgotten, or written down after ten later ones. Several, since what arrived just before a kill comes once more. */
function manners(sabotage: string | undefined): Manners {
  const victim = 200;
  if (sabotage === "drop-frame") return { record: (nth) => (nth >= victim && nth % 50 === 0 ? "forget" : "yes") };
  if (sabotage === "late-frame") return { record: (nth) => (nth >= victim && nth % 50 === 0 ? "late" : "yes") };
  return {};
}
