import { describe, expect, test } from "vitest";
import { completeOptions } from "../../engine/sdk/testing/index.ts";
import { fileName } from "./file-name.ts";
import { destinationOptions, sourceOptions, verifyDestination, verifySource } from "./options.ts";
import { nameMatcher } from "./pattern.ts";
import { readPosition, standing, writePosition } from "./position.ts";

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

describe("the name of a message's file", () => {
  const message = { id: "0123abcd", channel: "c", destination: "d", sequence: 42, receivedAt: Date.UTC(2026, 2, 9, 1, 2, 3, 45), content: { format: "fhir", bytes: new Uint8Array() } } as const;
  test.each([
    ["{date}-{time}-{id}.{format}", "20260309-010203045-0123abcd.json"],
    ["LAB-{sequence}.hl7", "LAB-000000000042.hl7"],
  ])("%s", (pattern, name) => expect(fileName(pattern, message)).toBe(name));

  test.each(["../{id}", "a/{id}", ".{id}", "{mrn}-{id}", "{id} x", "", "{PID-5}"])("%j is refused by the schema", (name) => {
    expect(() => completeOptions(destinationOptions, { name })).toThrow();
  });

  test("lint wants something in it that no two messages share", () => {
    expect(verifyDestination(completeOptions(destinationOptions, { name: "{date}-{time}.hl7" }))).toMatchObject([{ path: ["name"] }]);
    expect(verifyDestination(completeOptions(destinationOptions, {}))).toEqual([]);
  });
});

test.each([
  [{ after: "move" }, [[]]],
  [{ after: "archive" }, [[]]],
  [{ after: "delete" }, []],
  [{ after: "delete", moveTo: "taken" }, [["moveTo"]]],
  [{ moveTo: "in" }, [["moveTo"]]],
  [{ moveTo: "taken", errorTo: "in" }, [["errorTo"]]],
])("options %j", (given, paths) => {
  const options = completeOptions(sourceOptions, { directory: "in", errorTo: "failed", ...given });
  expect(verifySource(options).map(({ path }) => path)).toEqual(paths);
});

describe("a position", () => {
  const at = { node: "7", mark: "7.100.5", size: 100, offset: 40, refused: 2 };
  const file = { name: "DOE_JANE.csv", size: 100, changedAt: 5, mark: "7.100.5", node: "7" };

  test("reads what it wrote, and nothing else", () => {
    expect(readPosition(writePosition(at))).toEqual(at);
    for (const text of [undefined, "", "7", "7 m 1 2", "7 m 1 2 x", "7 m 1 2 3 4"]) expect(readPosition(text)).toBeUndefined();
  });

  test.each([
    ["no checkpoint", undefined, "new"],
    ["another file", { ...at, node: "8" }, "new"],
    ["begun", at, "begun"],
    ["whole", { ...at, offset: 100 }, "whole"],
    ["changed in the middle", { ...at, mark: "7.90.4", size: 90 }, "torn"],
    ["its node taken over from one that was taken whole", { ...at, mark: "7.90.4", size: 90, offset: 90 }, "new"],
  ])("%s", (_, position, kind) => expect(standing(position, file).kind).toBe(kind));
});
