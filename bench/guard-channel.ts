import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { EngineProcess } from "../test/ledger/engine-process.ts";
import { freePorts } from "../test/ledger/engine-project.ts";
import { compiled } from "./build.ts";
import { Talker } from "./child.ts";
import { usageOfTree } from "./process-tree.ts";
import { median, range, rounded } from "./statistics.ts";

export interface Loss {
  /** Share of throughput that the guarded channels lose: the median over the pairs, and the lowest and highest. */
  readonly loss: number;
  readonly interval: readonly [number, number];
  /** The same of the CPU that one message takes in all processes of the engine. */
  readonly cpu_loss: number;
  readonly guarded_msg_s: number;
  readonly unguarded_msg_s: number;
  readonly pairs: number;
}

const channels = 4;

/** HL7 v2 in, JSON out: half of the channels by a closed list toward a partner without an agreement, half the same JSON toward one under treatment. They take turns. */
export async function channelLoss(pairs: number, seconds: number): Promise<Loss> {
  let taken = 0;
  const sink = createServer({ keepAlive: true }, (request, response) => {
    request.resume().on("end", () => {
      taken++;
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((listening) => sink.listen(0, "127.0.0.1", listening));
  const parent = join(import.meta.dirname, "../.sluice");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "bench-guard-"));
  const ports = await freePorts(channels * 2);
  writeProject(folder, ports, (sink.address() as AddressInfo).port);
  const engine = new EngineProcess(folder);
  const losses: number[] = [];
  const cpuLosses: number[] = [];
  const rates = { guarded: [] as number[], unguarded: [] as number[] };
  try {
    await engine.ready;
    const run = async (from: number, tag: string) => {
      const [before, usage] = [taken, usageOfTree(engine.pid)];
      const started = performance.now();
      const acked = await load(ports.slice(from, from + channels), join(folder, "message.hl7"), seconds, tag);
      await drained(() => taken - before >= acked);
      return { rate: acked / ((performance.now() - started) / 1000), cpu: (usageOfTree(engine.pid).cpuUs - usage.cpuUs) / acked };
    };
    for (let pair = -1; pair < pairs; pair++) {
      const tag = (n: number) => `G${pair + 1}${n}`.padEnd(4, "0");
      const first = pair % 2 === 0;
      const one = await run(first ? 0 : channels, tag(0));
      const other = await run(first ? channels : 0, tag(1));
      if (pair < 0) continue;
      const [guarded, unguarded] = first ? [one, other] : [other, one];
      losses.push(1 - guarded.rate / unguarded.rate);
      cpuLosses.push(1 - unguarded.cpu / guarded.cpu);
      rates.guarded.push(guarded.rate);
      rates.unguarded.push(unguarded.rate);
    }
  } finally {
    await engine.stop();
    sink.closeAllConnections();
    sink.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const [low, high] = range(losses);
  return {
    loss: rounded(median(losses), 3), interval: [rounded(low, 3), rounded(high, 3)], cpu_loss: rounded(median(cpuLosses), 3),
    guarded_msg_s: rounded(median(rates.guarded), 0), unguarded_msg_s: rounded(median(rates.unguarded), 0), pairs,
  };
}

/** A message that does not arrive would be a benchmark of nothing. */
async function drained(isDone: () => boolean): Promise<void> {
  for (let i = 0; i < 6000; i++) {
    if (isDone()) return;
    await pause(5);
  }
  throw new Error("not all that was acknowledged was delivered");
}

async function load(ports: readonly number[], template: string, seconds: number, tag: string): Promise<number> {
  const generator = new Talker(await compiled("gen"), [
    ...["--ports", ports.join(","), "--connections", "16", "--template", template],
    ...["--run", tag, "--warmup", "0.2", "--seconds", String(seconds)],
  ]);
  const result = await generator.next("result");
  if (Number(result["naks"]) + Number(result["errors"]) > 0) throw new Error("an answer was missing or negative");
  return Number(result["total_acked"]);
}

function writeProject(folder: string, ports: readonly number[], sink: number): void {
  const link = "{ auth: none, allow: ['*'], limit: 1000000/s, audit: full, phi: allowed }";
  writeFileSync(join(folder, "sluice.yaml"), "name: guard\nsandbox: { walls: reduced }\n");
  writeFileSync(join(folder, "message.hl7"), `${readFileSync(join(import.meta.dirname, "messages", "oru-5k.hl7"), "utf8").replace(/\r?\n?$/, "\r")}ZPY|cus_Nq7Tz4Kw9RbXm2\r`);
  writeFileSync(
    join(folder, "partners.yaml"),
    `partners:
  sender: { kind: provider, links: { inbound: ${link} } }
  vendor:
    kind: analytics
    endpoints: [{ id: api, url: "http://127.0.0.1:${sink}" }]
    links: { outbound: ${link.replace("phi: allowed", "phi: never")} }
  clinic:
    kind: provider
    endpoints: [{ id: api, url: "http://127.0.0.1:${sink}" }]
    agreements: [{ id: TREAT-GUARD, basis: treatment, levels: [phi], purposes: [TREAT], effective: 2020-01-01, timezone: America/New_York }]
    links: { outbound: ${link} }
`,
  );
  const transform = `    transform: |
      const status = msg.get("OBR-25");
      return { event: "result", customer: msg.get("ZPY-1"), status, tests: 29 };
    http: { endpoint: api, method: POST, path: /results }
    retry: { initial: 20ms, max: 200ms, attempts: 0, maxAge: 0s }
`;
  // The surrogate and the token that the engine copies are bounded by nobody, so the identifiers of the message are taken out and looked for beside it.
  const only = `    only:
      event: { const: result }
      status: { enum: [P, C, F] }
      tests: { type: integer, minimum: 0, maximum: 100 }
      reference: { surrogate: true }
      customer: { copy: ZPY-1, as: stripe-customer }
`;
  for (const [i, port] of ports.entries()) {
    const guarded = i < channels;
    const destination = guarded ? `    partner: vendor\n    sends: none\n${only}` : "    partner: clinic\n    purpose: TREAT\n    format: json\n";
    writeFileSync(
      join(folder, `c${i}.yaml`),
      `channel: c${i}\nclassification: phi\nsource:\n  partner: sender\n  mllp: { port: ${port} }\n  types: [ORU^R01]\ndestinations:\n  out:\n${destination}${guarded ? transform.replace('event: "result", customer: msg.get("ZPY-1"), ', "") : transform}`,
    );
  }
}
