import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { type Policy, policyIn } from "../phi/policies/policy.ts";

/** Writes `schemas/policy.json`, the list of policy files and their hashes (`npm run policies`); with `--check` it only says whether it is right. */
const folder = new URL("../../schemas/", import.meta.url);
/** Facts about formats, which decide nothing by themselves. */
const facts = /^(?:hl7v2|fhir|x12|script|v2-to-fhir|fhir-to-v2)\//;

const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => name.replaceAll("\\", "/"));
const policies: Policy[] = [];
for (const file of files.filter((name) => /\/.*\.json$/.test(name)).toSorted()) {
  const policy = policyIn(file, readFileSync(new URL(file, folder)));
  if (policy) policies.push(policy);
  else if (!facts.test(file)) fail(`schemas/${file} states no id, version and reviewBy (YYYY-MM-DD)`);
}
const repeated = policies.find(({ id }, i) => policies.findIndex((other) => other.id === id) !== i);
if (repeated) fail(`two policies are called ${repeated.id}`);

const rows = policies.map((policy) => `    ${JSON.stringify(policy)}`).join(",\n");
const text = `{\n  "about": "Policy data of the boundary and its hashes. Written by npm run policies; the engine does not start with a file that differs.",\n  "policies": [\n${rows}\n  ]\n}\n`;
const at = new URL("policy.json", folder);
if (!process.argv.includes("--check")) writeFileSync(at, text);
else if (readFileSync(at, "utf8") !== text) fail("schemas/policy.json is not what the files say: run npm run policies");

function fail(why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(1);
}
