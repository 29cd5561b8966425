import { expect, test } from "vitest";
import { completeOptions } from "../../engine/sdk/testing/index.ts";
import { lookupDestination } from "./destination.ts";
import { destinationOptions } from "./options.ts";

const destination = lookupDestination(completeOptions(destinationOptions, { endpoint: "t", key: "npi", value: "specialty", while: "active" }));
const row = (fields: unknown) => new TextDecoder().decode(destination.render({ id: "m", channel: "c", destination: "d", sequence: 1, receivedAt: 0, content: { format: "json", bytes: new TextEncoder().encode(typeof fields === "string" ? fields : JSON.stringify(fields)) } }).body);

test("a row stands while it is said to, and with a value", () => {
  expect(row({ npi: "1", specialty: "x", active: true })).toBe('{"key":"1","value":"x"}');
  expect(row({ npi: "1", specialty: 7, active: true })).toBe('{"key":"1","value":"7"}');
  for (const gone of [{ active: false, specialty: "x" }, { specialty: "x" }, { active: true }]) expect(row({ npi: "1", ...gone })).toBe('{"key":"1"}');
});

test.each([{}, { npi: "" }, { npi: 7 }, [], null, "{"].map((fields) => [fields]))("%j has no key", (fields) => {
  expect(() => row(fields)).toThrow("IDN-124");
});
