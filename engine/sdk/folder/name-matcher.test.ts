import { expect, test } from "vitest";
import { nameMatcher } from "./name-matcher.ts";

test.each([
  ["*.hl7", ["a.hl7", ".hl7"], ["a.HL7", "a.hl7.tmp", "ahl7"]],
  ["LAB_????.csv", ["LAB_2026.csv"], ["LAB_26.csv", "xLAB_2026.csv"]],
  ["a+(b)[c].txt", ["a+(b)[c].txt"], ["aab.txt"]],
  ["*", ["any", "ä b"], []],
  ["*a*a*a*a*a*a*a*a*b", [], ["a".repeat(200)]],
])("pattern %s", (pattern, yes, no) => {
  const matches = nameMatcher(pattern);
  expect([yes.filter((name) => !matches(name)), no.filter(matches)]).toEqual([[], []]);
});
