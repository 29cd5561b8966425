import { parse } from "fhirpath";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { definitions } from "./tables.ts";

const read = (name: string) => JSON.parse(readFileSync(new URL(`../../../schemas/fhir/${name}`, import.meta.url), "utf8"));
const [base, ...profiles] = ["r4-definitions.json", "r4-profiles.json", "us-core-6.1.0.json"].map(read);
const all = definitions();

describe("the tables of FHIR", () => {
  it("have every resource, and a type for each element", () => {
    expect(all.resources().length).toBe(146);
    const unknown = all.resources().flatMap((name) => [...(all.group(name)?.props.values() ?? [])].filter(({ slot, type, isPrimitive }) => !isPrimitive && slot.group() === undefined && all.group(type.code) === undefined).map(({ slot }) => slot.path));
    expect(unknown).toEqual([]);
  });
  it("have every invariant that they name, as FHIRPath", () => {
    const tables = [base, ...profiles];
    const keys = tables.flatMap((table) => [...JSON.stringify(table).matchAll(/"i":\[([^\]]*)\]/g)].flatMap(([, list = ""]) => list.split(",").map((key) => JSON.parse(key) as string)));
    expect(keys.length).toBeGreaterThan(300);
    expect(keys.filter((key) => all.invariant(key) === undefined)).toEqual([]);
    for (const key of new Set(keys)) expect(() => parse(all.invariant(key)?.[1] ?? ""), key).not.toThrow();
  });
  it("reach an element of the type with every row of a profile", () => {
    const lost: string[] = [];
    for (const url of all.profileUrls()) {
      const profile = all.profile(url);
      const group = profile && all.group(profile.type);
      if (group === undefined) lost.push(url);
      else for (const name of profile?.root.children.keys() ?? []) if (group.slot(name) === undefined) lost.push(`${url} ${name}`);
    }
    expect(lost).toEqual([]);
  });
  it("are small", () => {
    expect(JSON.stringify([base, ...profiles]).length).toBeLessThan(1_000_000);
  });
});
