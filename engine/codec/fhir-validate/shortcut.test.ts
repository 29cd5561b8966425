import { compile } from "fhirpath";
import r4 from "fhirpath/fhir-context/r4";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { resources } from "../../../bench/codec/fhir-day/resources.ts";
import { parseJson } from "../json/tree.ts";
import { shortcutOf } from "./shortcut.ts";

const { invariants, types } = JSON.parse(readFileSync(new URL("../../../schemas/fhir/r4-definitions.json", import.meta.url), "utf8")) as { invariants: Record<string, [string, string]>; types: Record<string, { i?: string[] }> };

test("what is plain to see is what the expression gives", () => {
  let seen = 0;
  for (const resource of resources as { resourceType: string }[]) {
    for (const key of [...(types[resource.resourceType]?.i ?? []), ...(types["DomainResource"]?.i ?? [])]) {
      const expression = invariants[key]?.[1] ?? "";
      for (const without of ["", ...Object.keys(resource)]) {
        const changed: Record<string, unknown> = { ...resource };
        delete changed[without];
        if (without === "resourceType" || shortcutOf(expression)?.(parseJson(JSON.stringify(changed)).root) !== true) continue;
        seen++;
        expect([key, without, compile({ base: resource.resourceType, expression }, r4)(changed, { resource: changed, rootResource: changed })]).toEqual([key, without, [true]]);
      }
    }
  }
  expect(seen).toBeGreaterThan(100);
});

test("what binds looser than or is evaluated", () => {
  expect(shortcutOf("a.exists() or b.exists() implies c.exists()")).toBeUndefined();
  expect(shortcutOf("a.exists() xor b.exists()")).toBeUndefined();
  expect(shortcutOf("(a.exists() or b.empty()) and c.empty()")).toBeUndefined();
  const holds = (expression: string, json: string) => shortcutOf(expression)?.(parseJson(json).root);
  expect([holds("value.empty() or b.exists()", '{"valueSet":1}'), holds("value.empty() or b.exists()", '{"_value":{}}'), holds("value.empty() or b.exists()", '{"values":1}')]).toEqual([false, false, true]);
  expect([holds("value.exists() or b.exists()", '{"value":[]}'), holds("value.exists() or b.exists()", '{"value":"x"}'), holds("value.exists() or b.exists()", '{"value":null}')]).toEqual([false, true, false]);
});
