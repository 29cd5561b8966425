/**
 * codec/fhir - resources validated a second, against the bar of 2,000, and how many times longer that takes than JSON.parse of the same text.
 *
 *   node bench/codec/fhir.ts [--seconds 5]
 *
 * The resources are a typical day's: a patient, a blood pressure, a result, an encounter, a condition, each against US Core 6.1.0. Time is that of the processor.
 */
import { parseArgs } from "node:util";
import { validateFhir } from "../../engine/codec/fhir-validate/index.ts";
import { resources } from "./fhir-day/resources.ts";

const bar = 2000;
const { values: flags } = parseArgs({ options: { seconds: { type: "string", default: "5" } } });
const seconds = Number(flags.seconds);
const texts = resources.map((each) => JSON.stringify(each, null, 2));

for (const text of texts) {
  const wrong = validateFhir(text).filter(({ severity }) => severity === "error");
  if (wrong.length > 0) throw new Error(`a resource of the bench is not valid: ${wrong.map(({ code, path }) => `${code} ${path}`).join(", ")}`);
}
rate(seconds / 5, validateFhir);
const validated = rate(seconds, validateFhir);
const parsed = rate(seconds / 5, (text) => JSON.parse(text) as unknown);
const mean = Math.round(texts.reduce((sum, { length }) => sum + length, 0) / texts.length);
const isFast = validated >= bar;
process.stdout.write(`${JSON.stringify({ bench: "codec/fhir validate", ratio: Number((validated / bar).toFixed(2)), bar: 1, ok: isFast, resources_per_s: Math.round(validated), mean_chars: mean, json_parse_times: Number((parsed / validated).toFixed(1)) })}\n`);
process.exitCode = isFast ? 0 : 1;

/** Calls a second of processor time. */
function rate(forSeconds: number, act: (text: string) => unknown): number {
  const began = process.cpuUsage();
  const until = performance.now() + forSeconds * 1000;
  let count = 0;
  while (performance.now() < until) {
    for (const text of texts) act(text);
    count += texts.length;
  }
  const { user, system } = process.cpuUsage(began);
  return count / ((user + system) / 1e6);
}
