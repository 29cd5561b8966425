import { mkdirSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { EngineProcess } from "../test/ledger/engine-process.ts";
import { freePorts, writeProject } from "../test/ledger/engine-project.ts";
import { compiled } from "./build.ts";
import { type Line, Talker } from "./child.ts";
import { type Usage, usageOfTree } from "./process-tree.ts";
import { median, range, rounded } from "./statistics.ts";

export interface Plan {
  readonly connections: number;
  readonly size: "1k" | "5k";
  readonly pairs: number;
  readonly echoSeconds: number;
  readonly engineSeconds: number;
  readonly warmupSeconds: number;
}

/** One line of the bench. Medians over the pairs; `interval` is the range of the pairs' ratios. */
export interface Figures {
  readonly connections: number;
  readonly valid: boolean;
  readonly echo_msg_s: number;
  readonly acked_msg_s: number;
  readonly delivered_msg_s: number;
  readonly ratio: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly cpu_us_per_msg: number;
  readonly rss_mb: number;
  readonly size: string;
  readonly pairs: number;
  readonly interval: readonly [number, number];
  readonly generator_msg_s: number;
  /** Why `valid` is false. */
  readonly why?: string;
}

interface Load {
  readonly start: number;
  readonly end: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly totalAcked: number;
  readonly faults: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

interface EngineRun extends Load {
  readonly delivered: number;
  readonly cpuUs: number;
  readonly rssBytes: number;
}

const messages = { "1k": { file: "adt-1k.hl7", type: "ADT^A01" }, "5k": { file: "oru-5k.hl7", type: "ORU^R01" } } as const;

/** Runs echo and engine in turns under the same generator, then the generator alone against a sink that does nothing. */
export async function measure(plan: Plan): Promise<Figures> {
  const sinkProgram = await compiled("sink");
  const channels = Math.min(plan.connections, 8);
  const intake = await freePorts(channels);
  const sink = new Talker(sinkProgram, ["--ports", intake.map(() => 0).join(",")]);
  const sinkPorts = (await sink.next("ready"))["ports"] as number[];
  const echo = new Talker(process.execPath, [join(import.meta.dirname, "echo.ts")]);
  const echoPorts = (await echo.next("ready"))["ports"] as number[];
  const folder = durableFolder();
  writeProject(folder, [messages[plan.size].type], intake.map((port, i) => ({ name: `c${i}`, port, lanes: new Map([["out", sinkPorts[i] ?? 0]]) })));
  const engine = new EngineProcess(folder);
  try {
    await engine.ready;
    const echoes: Load[] = [];
    const runs: EngineRun[] = [];
    let accepted = 0;
    for (let pair = 0; pair < plan.pairs; pair++) {
      echoes.push(await load(plan, echoPorts, plan.echoSeconds, { run: runTag(), fixedAck: true }));
      const run = await engineRun(plan, engine, intake, sink);
      runs.push(run);
      accepted += run.totalAcked;
      await drained(sink, accepted);
    }
    const total = await sink.ask("total", "total");
    return figures(plan, echoes, runs, await generatorAlone(plan, sinkProgram), { accepted, ...counters(total) });
  } finally {
    sink.stop();
    echo.stop();
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function engineRun(plan: Plan, engine: EngineProcess, ports: readonly number[], sink: Talker): Promise<EngineRun> {
  const usage: Usage[] = [];
  const generated = await load(plan, ports, plan.engineSeconds, { run: runTag(), fixedAck: false }, () => usage.push(usageOfTree(engine.pid)));
  const window = await sink.ask(`window ${generated.start} ${generated.end}`, "window");
  const [before, after] = usage;
  if (before === undefined || after === undefined) throw new Error("the generator did not say when it measured");
  return { ...generated, delivered: Number(window["delivered"]), cpuUs: after.cpuUs - before.cpuUs, rssBytes: after.rssBytes };
}

/** One run of the generator. `edge` is called when its measured window begins and when it ends. */
async function load(plan: Plan, ports: readonly number[], seconds: number, how: { readonly run: string; readonly fixedAck: boolean }, edge?: () => void): Promise<Load> {
  const generator = new Talker(await compiled("gen"), [
    ...["--ports", ports.join(","), "--connections", String(plan.connections), "--template", join(import.meta.dirname, "messages", messages[plan.size].file)],
    ...["--run", how.run, "--warmup", String(plan.warmupSeconds), "--seconds", String(seconds), ...(how.fixedAck ? ["--fixed-ack"] : [])],
  ]);
  await generator.next("measure");
  edge?.();
  await generator.next("measured");
  edge?.();
  const result = await generator.next("result");
  const number = (key: string) => Number(result[key]);
  return {
    start: number("start"),
    end: number("end"),
    seconds: number("seconds"),
    perSecond: number("acked") / number("seconds"),
    totalAcked: number("total_acked"),
    faults: number("naks") + number("errors"),
    p50Us: number("p50_us"),
    p99Us: number("p99_us"),
  };
}

async function generatorAlone(plan: Plan, sinkProgram: string): Promise<number> {
  const nothing = new Talker(sinkProgram, ["--ports", "0,0", "--null"]);
  const ports = (await nothing.next("ready"))["ports"] as number[];
  const rates: number[] = [];
  for (let i = 0; i < 3; i++) rates.push((await load(plan, ports, plan.echoSeconds / 2, { run: runTag(), fixedAck: true })).perSecond);
  nothing.stop();
  return median(rates);
}

interface Counters {
  readonly delivered: number;
  readonly malformed: number;
  readonly reordered: number;
  readonly duplicates: number;
}

function counters(total: Line): Counters {
  const number = (key: string) => Number(total[key]);
  return { delivered: number("delivered"), malformed: number("malformed"), reordered: number("reordered"), duplicates: number("duplicates") };
}

function figures(plan: Plan, echoes: readonly Load[], runs: readonly EngineRun[], generator: number, sum: Counters & { readonly accepted: number }): Figures {
  const perSecond = (r: EngineRun) => r.delivered / r.seconds;
  const ratios = runs.map((r, i) => perSecond(r) / (echoes[i]?.perSecond ?? Number.NaN));
  const echo = median(echoes.map((e) => e.perSecond));
  const [low, high] = range(ratios);
  const why = whyNot(echo, generator, [...echoes, ...runs], sum);
  return {
    connections: plan.connections,
    valid: why === undefined,
    echo_msg_s: rounded(echo, 0),
    acked_msg_s: rounded(median(runs.map((r) => r.perSecond)), 0),
    delivered_msg_s: rounded(median(runs.map(perSecond)), 0),
    ratio: rounded(median(ratios), 4),
    p50_ms: rounded(median(runs.map((r) => r.p50Us)) / 1000, 3),
    p99_ms: rounded(median(runs.map((r) => r.p99Us)) / 1000, 3),
    cpu_us_per_msg: rounded(median(runs.map((r) => r.cpuUs / Math.max(r.delivered, 1))), 1),
    rss_mb: rounded(median(runs.map((r) => r.rssBytes)) / 1024 ** 2, 0),
    size: plan.size,
    pairs: plan.pairs,
    interval: [rounded(low, 4), rounded(high, 4)],
    generator_msg_s: rounded(generator, 0),
    ...(why === undefined ? {} : { why }),
  };
}

function whyNot(echo: number, generator: number, loads: readonly Load[], sum: Counters & { readonly accepted: number }): string | undefined {
  const faults = loads.reduce((n, l) => n + l.faults, 0);
  if (faults > 0) return `${faults} answers were missing, negative or for another message`;
  if (sum.delivered !== sum.accepted || sum.malformed + sum.reordered + sum.duplicates > 0) {
    return `acked ${sum.accepted}, delivered ${sum.delivered}, malformed ${sum.malformed}, reordered ${sum.reordered}, duplicates ${sum.duplicates}`;
  }
  if (generator < 2 * echo) return `the generator alone reached ${(generator / echo).toFixed(2)} of echo, not 2`;
  return undefined;
}

/** Until the sink has all that was acked, so that the next echo run meets an idle engine. */
async function drained(sink: Talker, accepted: number): Promise<void> {
  for (let i = 0; i < 600; i++) {
    if (counters(await sink.ask("total", "total")).delivered >= accepted) return;
    await pause(50);
  }
}

let runNumber = 0;
/** Four characters that no other run of this process has used: control ids must not repeat. */
function runTag(): string {
  runNumber += 1;
  return runNumber.toString(36).padStart(4, "0");
}

/** A fresh folder on a real disk: in the repository's ignored `.sluice`, or the system's when the repository stands in memory. */
function durableFolder(): string {
  const own = join(import.meta.dirname, "../.sluice");
  mkdirSync(own, { recursive: true });
  const inMemory = new Set([0x01021994, 0x858458f6]); // tmpfs, ramfs
  const parent = [own, tmpdir()].find((path) => !inMemory.has(statfsSync(path).type));
  if (parent === undefined) throw new Error("no folder on a disk: neither the repository nor the temporary folder is on one");
  return mkdtempSync(join(parent, "bench-flow-"));
}
