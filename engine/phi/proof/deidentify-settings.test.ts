import { expect, it } from "vitest";
import type { DeidentifySpec } from "../../config/project.ts";
import { channel, destination, partner, project } from "../testing/given.ts";
import { deidentifySettings } from "./deidentify-settings.ts";

const safeHarbor: DeidentifySpec = { method: "safe-harbor", dates: "year", ids: "surrogate" };
const found = (deidentify: DeidentifySpec) =>
  deidentifySettings.check(project([channel({ destinations: [destination({ sends: "deidentified", deidentify })] })], [partner()]), undefined as never).map(({ at, message }) => [at.file, message]);

it("lets pass what a method allows", () => {
  for (const spec of [safeHarbor, { ...safeHarbor, ids: "remove" }, { method: "limited-data-set", dates: "shift", ids: "pseudonym" }, { method: "expert", dates: "shift", ids: "pseudonym", certificate: "ED-1" }] as const) {
    expect(found(spec)).toEqual([]);
  }
});

it.each([
  ["ids", { ...safeHarbor, ids: "pseudonym" }, "Safe Harbor allows no pseudonym: it is derived from the identifier"],
  ["dates", { ...safeHarbor, dates: "shift" }, "safe-harbor keeps the years of dates alone"],
  ["certificate", { ...safeHarbor, method: "expert" }, "an expert's method names no certificate"],
  ["certificate", { ...safeHarbor, certificate: "ED-1" }, "safe-harbor rests on no certificate"],
  ["aggregate", { ...safeHarbor, method: "aggregate" }, "an aggregate names no periods"],
] as const)("points to %s", (where, spec, said) => {
  expect(found(spec as DeidentifySpec)).toEqual([[`destinations/out/deidentify/${where}`, `destination "out": ${said}`]]);
});
