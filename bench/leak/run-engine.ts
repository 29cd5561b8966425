import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engineOnDisk, eventually, freePort, sendMllp } from "../../test/flow/engine-on-disk.ts";
import { startSimulators } from "../../test/simulators/simulators.ts";
import type { Corpora } from "./corpora.ts";
import { Distinct } from "./distinct.ts";
import { Draws } from "./draws.ts";
import { isHonest, projectFiles } from "./engine-project.ts";
import { messageOf } from "./messages.ts";
import { Sink } from "./oracle/sink.ts";
import { type Household, household } from "./persons.ts";
import { type Planted, plantedOf } from "./planted.ts";
import { withoutOwn } from "./without-own.ts";

export interface EngineRun {
  readonly cases: number;
  readonly distinct: number;
  readonly found: readonly string[];
  readonly legal: number;
  readonly refused: number;
}

/** In URLs, headers, names and lines chance finds what is short. */
const shortest = 7;

/** Segments of the corpora name compartments that this project's partner may not send, and such a message waits for a person. */
const plain = [["OBR|1||F1|718-7^Hemoglobin^LN", "OBX|1|NM|718-7^Hemoglobin^LN||13.4|g/dL|12.0-16.0|N|||F"]];

/** Messages through a running engine: what its partners, its senders and whoever reads its log got, read by the same sink. */
export async function runEngine({ from, seed, messages, sabotage }: { readonly from: Corpora; readonly seed: number; readonly messages: number; readonly sabotage: string | undefined }): Promise<EngineRun> {
  if (messages === 0) return { cases: 0, distinct: 0, found: [], legal: 0, refused: 0 };
  const draws = new Draws(seed + 15_485_863);
  const folder = mkdtempSync(join(tmpdir(), "sluice-leak-"));
  const peers = await startSimulators(() => 0);
  const port = await freePort();
  const files = projectFiles(peers, port, folder);
  const disk = await engineOnDisk(files);
  const planted: Planted[] = [];
  const acks: string[] = [];
  const distinct = new Distinct();
  const began = Date.now();
  let honest = 0;
  const words = new Set(Object.values(files).join("\n").toLowerCase().match(/[a-z]+/g));
  // Where each hostile way begins is drawn, so that runs differ.
  const first = 4 * draws.below(10_000);
  try {
    for (let i = 0; i < messages; i++) {
      const home = stranger(draws, from, words);
      const text = messageOf("hl7v2", home, draws, { ...from, bodies: plain }).replace(/\|K\d+\|/, `|K${first + i}|`);
      planted.push(...plantedOf(home));
      distinct.add(text);
      if (isHonest(first + i)) honest++;
      acks.push(await sendMllp(port, text));
    }
    await eventually(() => disk.engine.operations.status().lanes.every(({ depth }) => depth === 0), 120_000);
    const sink = new Sink(sabotage === "oracle-blind");
    const found: string[] = [];
    const read = (exit: string, text: string, least = shortest) => {
      const { rest, tokens } = withoutOwn(text, began, Date.now());
      const hit = sink.read(sink.records.length, rest, planted, least).found ?? sink.read(sink.records.length, tokens, planted, longToken).found;
      if (hit) found.push(`hl7v2 ${hit.role} ${hit.kind} × through the engine × ${exit} × ${exit}`);
    };
    for (const name of ["stripe", "analytics"] as const) for (const { path, headers, body } of peers.received(name)) read(name, `${path}\n${JSON.stringify(headers)}\n${body}`);
    for (const { path, headers } of peers.received("ehr")) read("head toward a cleared partner", `${path}\n${JSON.stringify(headers)}`);
    const names = readdirSync(folder);
    for (const name of names) read("file name", name);
    for (const ack of acks) read("ack", ack);
    for (const line of disk.log) read("log line", line);
    const arrived = peers.counts();
    const expected = { stripe: honest, analytics: honest, ehr: messages, ward: messages };
    const missing = Object.entries(expected).reduce((sum, [name, count]) => sum + Math.max(0, count - arrived[name as keyof typeof expected]), 0) + Math.max(0, messages - names.length);
    const legal = 2 * honest + 3 * messages;
    // Each message is one attempt at each of the ways out: two partners, a request's head, a file name, the acknowledgement, the log.
    return { cases: 6 * distinct.size, distinct: 6 * distinct.size, found, legal, refused: missing };
  } finally {
    await disk.close();
    await peers.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A household of which nobody is called by a word of the project: `"customer"` stands in each request, whoever it is about, and says nothing of a Mr. Customer. */
function stranger(draws: Draws, from: Corpora, words: ReadonlySet<string>): Household {
  for (;;) {
    const home = household(draws, from);
    const names = [home.patient, home.relative, home.guarantor, home.insured].flatMap(({ given, family }) => [given, family]);
    if (!names.some((name) => words.has(name.toLowerCase()))) return home;
  }
}

/** In 32 random hex digits chance finds seven of somebody's in every thousandth, and nine in none of a million. */
const longToken = 9;
