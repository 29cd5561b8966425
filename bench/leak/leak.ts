/**
 * bench:leak - planted identifiers × forms × encodings × exits against the boundary, judged by a sink that shares no code with it, and legal
 * messages that must pass.
 *
 *   npm run -s bench:leak -- [--json] [--short] [--cases 200000] [--legal 200000] [--seed 1] [--beyond] [--sabotage NAME]
 *
 * Ends with 1 when a planted identifier arrived, when more than one legal message in 100,000 was refused, or when the sink missed
 * what was sent around the guard. What arrived is told on stderr, by kind, encoding and exit.
 */
import { parseArgs } from "node:util";
import { type Sabotage, sabotages, withoutDecoders } from "./sabotage.ts";

const { values: flags } = parseArgs({
  options: {
    json: { type: "boolean", default: false }, short: { type: "boolean", default: false }, beyond: { type: "boolean", default: false },
    cases: { type: "string" }, legal: { type: "string" }, running: { type: "string" }, seed: { type: "string", default: "1" }, sabotage: { type: "string" }, verbose: { type: "string", default: "40" },
  },
});
const sabotage = flags.sabotage as Sabotage | undefined;
if (sabotage !== undefined && !sabotages.includes(sabotage)) {
  process.stderr.write(`--sabotage takes one of: ${sabotages.join(", ")}\n`);
  process.exit(2);
}
if (sabotage === "no-decode") withoutDecoders();
const seed = Number(flags.seed);
/** Cases, legal messages, messages through a running engine. What is broken shows soon, and each leak is read with care. */
const [cases, legalOnes, through] = !flags.short ? [200_000, 200_000, 400] : sabotage === undefined ? [20_000, 10_000, 60] : [3_000, 1_000, 12];
const wanted = { cases: Number(flags.cases ?? cases), legal: Number(flags.legal ?? legalOnes), running: Number(flags.running ?? through) };

// The engine is loaded only now, so that a sabotage of its modules reaches them.
const { corpora } = await import("./corpora.ts");
const { runLeaks } = await import("./run-leaks.ts");
const { runLegal } = await import("./run-legal.ts");
const { runTraces } = await import("./run-traces.ts");
const { runEngine } = await import("./run-engine.ts");

const from = corpora();
if (!from) {
  process.stderr.write("bench:leak needs ../shared/corpora; it is not here\n");
  process.exit(78);
}
const began = performance.now();
const leaks = runLeaks({ from, seed, cases: Math.round(wanted.cases * 0.95), sabotage, beyond: flags.beyond });
const traces = await runTraces({ from, seed, cases: wanted.cases - leaks.cases, sabotage });
const running = await runEngine({ from, seed, messages: wanted.running, sabotage });
const legal = runLegal({ from, seed, legal: wanted.legal, sabotage });

const found = [...leaks.found, ...traces.found, ...running.found];
const line = {
  cases: leaks.cases + traces.cases + running.cases,
  leaks: found.length,
  false_blocks: legal.refused + running.refused,
  legal: legal.legal + running.legal,
  distinct: leaks.distinct + traces.distinct + running.distinct,
  legal_distinct: legal.distinct,
  control: leaks.control,
  unseen: leaks.unseen.length,
  traces: traces.cases,
  through_engine: running.cases,
  ...(flags.beyond ? { beyond: leaks.beyond, beyond_arrived: leaks.beyondArrived } : {}),
  seed,
  seconds: Math.round((performance.now() - began) / 100) / 10,
};
process.stdout.write(`${flags.json ? JSON.stringify(line) : Object.entries(line).map(([key, value]) => `${key} ${value}`).join(", ")}\n`);
report("arrived", found);
report("refused", legal.why);
report("unseen by the sink", leaks.unseen);

const most = Math.floor(line.legal / 100_000);
const holds = line.leaks === 0 && line.unseen === 0 && line.control > 0 && line.legal > 0 && line.false_blocks <= most;
process.exitCode = holds ? 0 : 1;

/** How often each part of the descriptions occurs: `kind × encoding × exit`, and each for itself. */
function report(title: string, list: readonly string[]): void {
  const columns = list.map((each) => each.split(" × "));
  for (let at = 0; at < (columns[0]?.length ?? 0); at++) tell(`${title}, part ${at + 1}`, columns.map((parts) => (at === 0 ? (parts[0] ?? "").replace(/^\S+ \S+ /, "") : parts[at]) ?? ""));
  tell(title, list);
}

function tell(title: string, list: readonly string[]): void {
  const counts = new Map<string, number>();
  for (const each of list) counts.set(each, (counts.get(each) ?? 0) + 1);
  const rows = [...counts].sort((a, b) => b[1] - a[1]);
  for (const [what, count] of rows.slice(0, Number(flags.verbose))) process.stderr.write(`${title} ${count}: ${what}\n`);
  if (rows.length > Number(flags.verbose)) process.stderr.write(`${title}: ${rows.length} in all\n`);
}
