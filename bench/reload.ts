/**
 * bench:reload - from the save of one channel to its first message under the new revision, while another channel is under load.
 *
 *   npm run -s bench:reload -- [--json] [--short] [--runs 30] [--connections 8]
 *
 * `sluice dev` runs in a process of its own, watched from outside: what is saved, what arrives, what is acknowledged.
 */
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { reloadLoad } from "../test/flow/reload-load.ts";
import { fieldOf, framed, FrameReader } from "../test/ledger/frames.ts";
import { ledgerMessage } from "../test/ledger/sender.ts";
import { median, rounded } from "./statistics.ts";

const { values: flags } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    short: { type: "boolean", default: false },
    runs: { type: "string" },
    connections: { type: "string", default: "8" },
  },
});
const runs = Number(flags.runs ?? (flags.short ? 10 : 30));
const connections = Number(flags.connections);

/** On a real disk: a store refuses to promise durability on memory. */
const parent = join(import.meta.dirname, "../.sluice");
mkdirSync(parent, { recursive: true });
const load = await reloadLoad(connections, parent);
/** When each revision was first seen at the destination of the edited channel. */
const seen = new Map<string, number>();
load.receiver.onArrival = (lane, message) => {
  const revision = fieldOf(message, "MSH", 3);
  if (lane === "edited/ward" && !seen.has(revision)) seen.set(revision, performance.now());
};
load.edit((yaml) => edited(yaml, "R0"));

const engine = spawn(process.execPath, [join(import.meta.dirname, "../engine/cli/sluice.mjs"), "dev", load.root, "--port", "0", "--json"], { stdio: ["ignore", "pipe", "ignore"] });
let said = "";
engine.stdout.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
await until(() => said.includes('"event":"ready"'), 30_000);

const sender = load.start();
const feed = await feedOf(load.port);
const times: number[] = [];
await until(() => sender.acked > 500, 30_000);
const began = { acked: sender.acked, at: performance.now() };
for (let run = 1; run <= runs; run++) {
  await pause(150);
  const started = performance.now();
  load.edit((yaml) => edited(yaml, `R${run}`));
  await until(() => seen.has(`R${run}`), 10_000);
  times.push((seen.get(`R${run}`) ?? 0) - started);
}
const rate = (sender.acked - began.acked) / ((performance.now() - began.at) / 1000);
feed.stop();
const verdict = await load.end();
engine.kill("SIGINT");
await new Promise((resolve) => engine.once("exit", resolve));
await load.remove();

const sorted = times.toSorted((a, b) => a - b);
const figures = {
  bench: "reload",
  runs: times.length,
  median_ms: rounded(median(times), 1),
  p95_ms: rounded(sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * 0.95) - 1)] ?? 0, 1),
  dropped: verdict.dropped + feed.dropped(),
  reordered: verdict.reordered,
  lost: verdict.lost,
  duplicates: verdict.duplicates,
  load_msg_s: Math.round(rate),
  connections,
};
process.stdout.write(`${flags.json ? JSON.stringify(figures) : inWords(figures)}\n`);
process.exit(verdict.lost + verdict.reordered + figures.dropped + verdict.damaged === 0 ? 0 : 1);

function inWords(f: typeof figures): string {
  return `${f.runs} reloads of one channel beside ${f.load_msg_s} messages/s on another: save to first message under the new revision ${f.median_ms} ms, p95 ${f.p95_ms} ms; dropped ${f.dropped}, reordered ${f.reordered}, lost ${f.lost}`;
}

/** The channel as it is saved: what it delivers says which revision it is. */
function edited(yaml: string, revision: string): string {
  return yaml.replace('"SLUICE"', `"${revision}"`);
}

/** One connection that sends to the edited channel, a message at a time, all the while. */
async function feedOf(port: number) {
  const socket: Socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await new Promise((resolve) => socket.once("connect", resolve));
  const reader = new FrameReader();
  let next = 0;
  let stopped = false;
  let dropped = 0;
  const send = () => void socket.write(framed(ledgerMessage(`F${++next}`, `MRN${next}`)));
  socket.on("data", (chunk: Buffer) => {
    for (const _ of reader.read(chunk)) if (!stopped) setTimeout(send, 2);
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    if (!stopped) dropped = 1;
  });
  send();
  return {
    dropped: () => dropped,
    stop() {
      stopped = true;
      socket.destroy();
    },
  };
}

async function until(holds: () => boolean, ms: number): Promise<void> {
  const end = performance.now() + ms;
  while (!holds()) {
    if (performance.now() > end) throw new Error("did not come to hold in time");
    await pause(1);
  }
}
