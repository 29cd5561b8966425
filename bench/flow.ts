/**
 * bench:flow - what the engine delivers, as a share of T: one Node process that frames MLLP and answers a fixed AA.
 *
 *   npm run -s bench:flow -- [--json] [--short] [--size 1k|5k] [--connections 1,8,32] [--pairs 5]
 *
 * See bench/README.md for how to read the lines.
 */
import { parseArgs } from "node:util";
import { type Figures, measure, type Plan } from "./pairs.ts";

const { values: flags } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    short: { type: "boolean", default: false },
    size: { type: "string", default: "1k" },
    connections: { type: "string", default: "1,8,32" },
    pairs: { type: "string" },
  },
});

if (flags.size !== "1k" && flags.size !== "5k") {
  process.stderr.write("--size takes 1k or 5k\n");
  process.exit(2);
}
const plan: Omit<Plan, "connections"> = {
  size: flags.size,
  pairs: Number(flags.pairs ?? (flags.short ? 2 : 5)),
  echoSeconds: flags.short ? 1 : 3,
  engineSeconds: flags.short ? 2 : 5,
  warmupSeconds: flags.short ? 0.5 : 1,
};

for (const connections of flags.connections.split(",").map(Number)) {
  const figures = await measure({ ...plan, connections });
  process.stdout.write(`${flags.json ? JSON.stringify(figures) : inWords(figures)}\n`);
}

function inWords(f: Figures): string {
  return [
    `${String(f.connections).padStart(3)} connections, ${f.size}: delivered ${f.delivered_msg_s}/s, acked ${f.acked_msg_s}/s, echo ${f.echo_msg_s}/s, ratio ${f.ratio} [${f.interval.join(" - ")}]`,
    `    ack p50 ${f.p50_ms} ms, p99 ${f.p99_ms} ms; ${f.cpu_us_per_msg} us CPU a message, ${f.rss_mb} MB; generator alone ${f.generator_msg_s}/s; ${f.pairs} pairs${f.valid ? "" : `; not valid: ${f.why}`}`,
  ].join("\n");
}
