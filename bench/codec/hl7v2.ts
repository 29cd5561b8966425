/**
 * hl7v2 - a channel's usual edit of a message (two reads, three writes, the text again), against JSON.parse, the same edit and JSON.stringify of the same
 * content in turns. What is the same content: every piece of the message, as nested arrays. CPU time, nine pairs, median and range of their ratios, by size;
 * paths of numbers and by names.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { structureOf } from "../../engine/codec/hl7v2/structure.ts";
import { parseHl7 } from "../../engine/codec/index.ts";
import { median, rounded } from "../statistics.ts";

const bar = 1;
const sizes = ["adt-1k", "oru-5k"] as const;

interface Nested {
  segments: { name: string; fields: (string | null)[][][][] }[];
}

function byNumbers(text: string): string {
  const message = parseHl7(text);
  return message.set("MSH-5", "WARD").set("PID-5.1", `${message.get("PID-5.1")}`.toUpperCase()).set("PID-3[2].1", message.get("MSH-10")).toString();
}

function byNames(text: string): string {
  const message = parseHl7(text);
  return message.set("message.to", "WARD").set("patient.name.family", `${message.get("patient.name.family")}`.toUpperCase()).set("patient.id[2].value", message.get("message.id")).toString();
}

function inJson(json: string): string {
  const message = JSON.parse(json) as Nested;
  const field = (name: string, n: number) => {
    const { fields } = message.segments.find((segment) => segment.name === name) as Nested["segments"][number];
    return ((fields[n] ??= [[[""]]])[0] ??= [[""]])[0] ??= [""];
  };
  field("MSH", 2)[0] = "WARD";
  field("PID", 4)[0] = String(field("PID", 4)[0]).toUpperCase();
  field("PID", 2)[0] = field("MSH", 7)[0] ?? null;
  return JSON.stringify(message);
}

/** Edits in a second of CPU time. */
function rate(run: () => unknown, times: number): number {
  (globalThis as { gc?: () => void }).gc?.();
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) run();
  const { user, system } = process.cpuUsage(before);
  return (times * 1e6) / (user + system);
}

for (const size of sizes) {
  const text = readFileSync(join(import.meta.dirname, `../messages/${size}.hl7`), "utf8");
  const json = JSON.stringify(structureOf(parseHl7(text)));
  const runs = { numbers: () => byNumbers(text), names: () => byNames(text), json: () => inJson(json) };
  for (const run of Object.values(runs)) rate(run, 1_000);
  const pairs = Array.from({ length: 9 }, () => ({ numbers: rate(runs.numbers, 3_000), names: rate(runs.names, 3_000), json: rate(runs.json, 1_500) }));
  const of = (key: "numbers" | "names") => pairs.map((pair) => pair[key] / pair.json);
  const [ratio, named] = [median(of("numbers")), median(of("names"))];
  const line = {
    bench: `hl7v2-edit-${size}`, peer: "JSON.parse and JSON.stringify", ratio: rounded(ratio, 2), interval: [rounded(Math.min(...of("numbers")), 2), rounded(Math.max(...of("numbers")), 2)], bar, ok: ratio >= bar && named >= bar,
    by_names: rounded(named, 2), edits_s: rounded(median(pairs.map(({ numbers }) => numbers)), 0), peer_s: rounded(median(pairs.map((pair) => pair.json)), 0), message_chars: text.length, json_chars: json.length, pairs: pairs.length,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
  if (!line.ok) process.exitCode = 1;
}
