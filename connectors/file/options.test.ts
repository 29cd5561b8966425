import { describe, expect, test } from "vitest";
import { fileName } from "../../engine/sdk/index.ts";
import { completeOptions } from "../../engine/sdk/testing/index.ts";
import { destinationOptions, sourceOptions, verifyDestination, verifySource } from "./options.ts";

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
