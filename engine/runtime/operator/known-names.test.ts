import { expect, test } from "vitest";
import type { Channel } from "../../config/project.ts";
import { knownNames } from "./known-names.ts";

const channel = {
  name: "visits",
  order: { by: "/patient/mrn" },
  transform: { text: "msg.set('/first-name', msg.get('/name')); return { wardCode: 1 };" },
  destinations: [{ only: { age_band: { kind: "copy" } } }],
  tests: [{ input: '{"JaneDoe":1}' }],
} as unknown as Channel;

test("names that stand in the channel are known, from its tests none", () => {
  const known = knownNames(channel, "json");
  for (const name of ["patient", "mrn", "first-name", "name", "wardCode", "age_band"]) expect(known(name), name).toBe(true);
  for (const name of ["JaneDoe", "MRN778812", "janedoe", "", "/patient/mrn"]) expect(known(name), name).toBe(false);
});

test("without a channel nothing is known but the form of FHIR's names", () => {
  expect(knownNames(undefined, "json")("name")).toBe(false);
  expect(["birthDate", "_birthDate", "JaneDoe", "mrn778812"].map(knownNames(undefined, "fhir"))).toEqual([true, true, false, false]);
});
