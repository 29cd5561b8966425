/**
 * bench:deid - what de-identification leaves in of what identifies, and keeps of what is clinical, beside what peers gave for the same inputs.
 *
 *   npm run -s bench:deid -- [--json] [--short] [--sabotage keep-all]
 *
 * Needs ../shared/corpora. See bench/README.md for how to read the line.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fhir } from "../engine/phi/deidentify/fhir/index.ts";
import { policyOf } from "../engine/phi/deidentify/formats.ts";
import { type Score, score, sum } from "./deid/oracle.ts";

const { values: flags } = parseArgs({ options: { json: { type: "boolean", default: false }, short: { type: "boolean", default: false }, sabotage: { type: "string" } } });
const corpora = join(import.meta.dirname, "../../shared/corpora");
if (flags.sabotage !== undefined && flags.sabotage !== "keep-all") fail(2, `no sabotage is called ${flags.sabotage}`);
if (!existsSync(corpora)) fail(78, "needs ../shared/corpora");

const token = (...parts: readonly (string | undefined)[]) => createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
const mint = { surrogate: token, pseudonym: token, shiftDays: () => 0 };
const spec = { method: "safe-harbor", dates: "year", ids: "surrogate" } as const;

/** What Sluice sends of a text; nothing where it refuses. */
function lowered(text: string): unknown {
  if (flags.sabotage === "keep-all") return parsed(text);
  try {
    return parsed(fhir.deidentify(text, { spec, owner: "owner", partner: "peer", now: Date.UTC(2026, 10, 22), mint }));
  } catch {
    return undefined;
  }
}

const peers = join(corpora, "deid/ms-fhir-anonymizer/TestResources");
const targets = files(peers, 3).filter((name) => name.endsWith("-target.json"));
const pairs = targets.flatMap((target) => {
  const original = target.replace("-target.json", ".json");
  return existsSync(original) ? [{ text: readFileSync(original, "utf8"), peer: parsed(readFileSync(target, "utf8")) }] : [];
});
const sluice = pairs.map(({ text }) => ({ score: score(parsed(text), lowered(text)), refused: lowered(text) === undefined }));
const others = ["us-core-6.1.0-examples", ...(flags.short ? [] : ["fhir-r4-examples", "synthea-bundles"])];
const corpus = others.flatMap((name) => files(join(corpora, "fhir", name), 2)).filter((name) => name.endsWith(".json")).map((name) => {
  const text = readFileSync(name, "utf8");
  const become = lowered(text);
  return { score: score(parsed(text), become), refused: become === undefined };
});
const presidio = files(join(corpora, "deid/presidio"), 7).filter((name) => /test_structured.*\.json$/.test(name));

const result = {
  bench: "deid",
  same_inputs: pairs.length,
  microsoft: figures(sum(pairs.map(({ text, peer }) => score(parsed(text), peer)))),
  sluice: { ...figures(sum(sluice.map((each) => each.score))), refused: sluice.filter(({ refused }) => refused).length },
  corpus: { resources: corpus.length, ...figures(sum(corpus.map((each) => each.score))), refused: corpus.filter(({ refused }) => refused).length },
  // Structured JSON of no standard: what nobody has read, nobody may send.
  presidio: { inputs: presidio.length, refused: policyOf("json") === undefined ? presidio.length : 0 },
  short: flags.short,
  ...(flags.sabotage !== undefined && { sabotage: flags.sabotage }),
};
process.stdout.write(`${JSON.stringify(result, null, flags.json ? undefined : 2)}\n`);
process.exitCode = result.sluice.survived + result.corpus.survived > 0 || result.same_inputs === 0 ? 1 : 0;

function figures({ identifiers, survived, clinical, kept }: Score) {
  return { identifiers, survived, clinical, kept, utility: clinical === 0 ? null : Math.round((1000 * kept) / clinical) / 1000 };
}

function parsed(text: string): unknown {
  return JSON.parse(text.replace(/^\uFEFF/, ""));
}

function files(folder: string, depth: number): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((each) => {
    const path = join(folder, each.name);
    return each.isDirectory() ? (depth > 1 ? files(path, depth - 1) : []) : [path];
  });
}

function fail(code: number, why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(code);
}
