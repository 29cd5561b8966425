/**
 * fuzz - texts made by mutation against every reader, in a process of its own.
 *
 *   npm run -s fuzz -- [--json] [--target NAME] [--seconds 10] [--seed N] [--record]
 *
 * Ends with 1 when a reader threw anything but an `EngineError`, took over a second of processor time for one text, or kept more than 32 MB. The finds are told on
 * stderr. With `--record` each line is also added to `bench/records/fuzz.jsonl`, where the minutes accumulate.
 */
import { execFileSync, fork } from "node:child_process";
import { appendFileSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values: flags } = parseArgs({
  options: { json: { type: "boolean", default: false }, target: { type: "string" }, seconds: { type: "string", default: "10" }, seed: { type: "string" }, record: { type: "boolean", default: false } },
});
const seconds = Number(flags.seconds);
const seed = Number(flags.seed ?? Date.now() % 1_000_000_007);
const mostGrownMb = 32;
const silenceMs = 10_000;

interface Find {
  readonly run: number;
  readonly kind: string;
  readonly text: string;
}
interface End {
  readonly runs: number;
  readonly refused: number;
  readonly slowest_ms: number;
  readonly grown_mb: number;
  readonly kinds: number;
}

const names = readdirSync(join(import.meta.dirname, "targets")).map((file) => file.replace(/\.ts$/, "")).filter((name) => flags.target === undefined || name === flags.target);
let isBad = names.length === 0;
for (const name of names) {
  const { finds, end } = await fuzzed(name);
  for (const { run, kind, text } of finds.slice(0, 10)) process.stderr.write(`${name} run ${run}: ${kind}\n  ${JSON.stringify(text.slice(0, 400))}\n`);
  const line = { fuzz: name, seed, seconds, ...end, finds: finds.length, hang: end === undefined };
  if (finds.length > 0 || end === undefined || end.grown_mb > mostGrownMb) isBad = true;
  process.stdout.write(flags.json ? `${JSON.stringify(line)}\n` : `${Object.entries(line).map(([key, value]) => `${key} ${value}`).join("  ")}\n`);
  if (flags.record) {
    const records = join(import.meta.dirname, "../../bench/records");
    mkdirSync(records, { recursive: true });
    const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: import.meta.dirname, encoding: "utf8" }).trim();
    appendFileSync(join(records, "fuzz.jsonl"), `${JSON.stringify({ commit, ...line })}\n`);
  }
}
process.exitCode = isBad ? 1 : 0;

function fuzzed(name: string): Promise<{ readonly finds: readonly Find[]; readonly end: End | undefined }> {
  return new Promise((resolve) => {
    const child = fork(join(import.meta.dirname, "worker.ts"), [name, String(seed), String(seconds)], { execArgv: ["--expose-gc"], stdio: ["ignore", "ignore", "inherit", "ipc"] });
    const finds: Find[] = [];
    let end: End | undefined;
    let silence = setTimeout(() => child.kill("SIGKILL"), silenceMs);
    child.on("message", (message: { readonly find?: Find; readonly end?: End }) => {
      clearTimeout(silence);
      silence = setTimeout(() => child.kill("SIGKILL"), silenceMs);
      if (message.find) finds.push(message.find);
      if (message.end) end = message.end;
    });
    child.on("exit", () => {
      clearTimeout(silence);
      resolve({ finds, end });
    });
  });
}
