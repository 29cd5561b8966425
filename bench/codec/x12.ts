/**
 * x12 - an 837P of one interchange, read by us and by node-x12 in turns. Both give every element of every segment: node-x12 by parsing, we by
 * parsing and then walking over all (`read`); parsing alone is told beside it (`parse`). CPU time, nine pairs, median and range of their ratios.
 */
import { createRequire } from "node:module";
import { parseX12 } from "../../engine/codec/x12/index.ts";
import { median, rounded } from "../statistics.ts";
import { claimFile } from "./x12-claims/claims.ts";

const { X12Parser } = createRequire(import.meta.url)("node-x12") as { X12Parser: new (strict: boolean) => { parse(edi: string): unknown } };
const bar = 5;
const text = [...claimFile(2_000)].join("");
const mb = text.length / 1e6;

function peer(): unknown {
  return new X12Parser(false).parse(text);
}

/** Every element, repetition and component as a string. */
function read(): number {
  let n = 0;
  for (const { text: segment, marks } of parseX12(text).body.lines) {
    for (const element of segment.split(marks.element)) n += element.includes(marks.component) ? element.split(marks.component).length : 1;
  }
  return n;
}

/** Megabytes in a second of CPU time. */
function rate(run: () => unknown, times: number): number {
  (globalThis as { gc?: () => void }).gc?.();
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) run();
  const { user, system } = process.cpuUsage(before);
  return (mb * times * 1e6) / (user + system);
}

for (let i = 0; i < 3; i++) {
  peer();
  read();
}
const pairs = Array.from({ length: 9 }, () => ({ peer: rate(peer, 2), read: rate(read, 10), parse: rate(() => parseX12(text), 20) }));
const ratios = pairs.map((pair) => pair.read / pair.peer);
const ratio = median(ratios);
const line = {
  bench: "x12-837-parse", peer: "node-x12", ratio: rounded(ratio, 2), interval: [rounded(Math.min(...ratios), 2), rounded(Math.max(...ratios), 2)], bar, ok: ratio >= bar,
  read_mb_s: rounded(median(pairs.map((pair) => pair.read)), 1), parse_mb_s: rounded(median(pairs.map((pair) => pair.parse)), 1), peer_mb_s: rounded(median(pairs.map((pair) => pair.peer)), 1),
  file_mb: rounded(mb, 1), pairs: pairs.length,
};
process.stdout.write(`${JSON.stringify(line)}\n`);
if (!line.ok) process.exitCode = 1;
