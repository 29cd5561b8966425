import fc from "fast-check";
import { expect, test } from "vitest";
import { compartmentNames, obligationNames } from "../config/schema/words.ts";
import { levels } from "../config/project.ts";
import type { Label } from "./boundary.ts";
import { isWithin, join, top } from "./lattice.ts";

const owners = ["northside", "riverside"];
const some = (from: readonly string[]) => fc.subarray([...from]).map((each) => each.toSorted());
const labels: fc.Arbitrary<Label> = fc
  .record({
    level: fc.constantFrom(...levels), compartments: some(compartmentNames), owners: some(owners), obligations: some(obligationNames),
    purposes: fc.option(some(["TREAT", "HPAYMT", "HOPERAT"]), { nil: undefined }),
  })
  .map(({ purposes, ...label }) => ({ ...label, ...(purposes && { purposes }) }));

const same = (a: Label, b: Label) => isWithin(a, b) && isWithin(b, a);

test("labels are a lattice: join is the least that is above both, and the top is above all", () => {
  fc.assert(
    fc.property(labels, labels, labels, (a, b, c) => {
      const both = join(a, b);
      expect(isWithin(a, both) && isWithin(b, both)).toBe(true);
      if (isWithin(a, c) && isWithin(b, c)) expect(isWithin(both, c)).toBe(true);
      expect(same(both, join(b, a)) && same(join(a, a), a) && same(join(both, c), join(a, join(b, c)))).toBe(true);
      expect(isWithin(a, top(owners))).toBe(true);
    }),
  );
});

test("data made from two is as sensitive as both, and serves only what both may", () => {
  const one: Label = { level: "none", compartments: ["hiv"], owners: ["northside"], purposes: ["TREAT", "HPAYMT"], obligations: [] };
  const other: Label = { level: "phi", compartments: ["sti"], owners: ["riverside"], purposes: ["TREAT"], obligations: ["part2-notice"] };
  expect(join(one, other)).toEqual({ level: "phi", compartments: ["hiv", "sti"], owners, purposes: ["TREAT"], obligations: ["part2-notice"] });
});
