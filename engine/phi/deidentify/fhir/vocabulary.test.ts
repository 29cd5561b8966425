import { describe, expect, test } from "vitest";
import { readTree } from "../../../codec/index.ts";
import { createBoundary } from "../../index.ts";
import { channel, destination, envelope, label, partner } from "../../testing/given.ts";
import { hexMint } from "./planting.fixture.ts";

const observation = {
  resourceType: "Observation", id: "heart-rate", status: "final",
  meta: { profile: ["http://hl7.org/fhir/us/core/StructureDefinition/us-core-heart-rate"] },
  category: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "vital-signs" }] }],
  code: { coding: [{ system: "http://loinc.org", code: "8867-4" }] },
  valueQuantity: { value: 72, system: "http://unitsofmeasure.org", code: "/min" },
};
const encounter = { resourceType: "Encounter", status: "finished", class: { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "AMB" } };
const mrn = "100007";
const patient = { resourceType: "Patient", id: "item-example-63586-2", identifier: [{ value: mrn }], name: [{ family: "Full", given: ["Marta"] }] };
const panel = { resourceType: "Observation", id: "x1", status: "final", code: { coding: [{ system: "http://loinc.org", code: "63586-2" }] }, valueQuantity: { value: 1, system: "http://unitsofmeasure.org", code: "{score}" } };

const spec = destination({ sends: "deidentified", format: "fhir", deidentify: { method: "safe-harbor", dates: "year", ids: "surrogate" } });
const source = channel({ source: { ...channel().source, format: "fhir" } });

/** What becomes of a bundle of these resources, when code then changed what the engine wrote. */
function sent(resources: readonly unknown[], change: (text: string) => string = (text) => text) {
  const boundary = createBoundary();
  const text = JSON.stringify({ resourceType: "Bundle", type: "collection", entry: resources.map((resource) => ({ resource })) });
  const raw = readTree("fhir", text);
  const lowered = boundary.deidentify({ text, format: "fhir", channel: source, destination: spec, partner: partner(), raw, now: Date.UTC(2026, 10, 22), mint: hexMint });
  if ("refusal" in lowered) throw new Error(lowered.refusal.code);
  const body = change(lowered.text);
  return boundary.guard({ envelope: envelope(body), harvest: boundary.harvest(raw, "fhir"), label: label("deidentified", [], { method: "safe-harbor" }), destination: spec, partner: partner() });
}

describe("what the standard and the policy say is no identifier, though an identifier of the message is written like it:", () => {
  test.each([
    ["the name of a profile", [patient, observation]], ["a code of LOINC", [patient, panel]], ["a family name that is a word of a code", [{ ...patient, name: [{ family: "Finished", given: ["Marta"] }] }, encounter]],
    ["two years that together read as a day", [{ ...patient, birthDate: "2004-07-01", deceasedDateTime: "2015-04-20" }, encounter]],
    ["the address of a code system, which looks random", [encounter]], ["the name of an element", [{ ...patient, name: [{ family: "Fullurl", given: ["Marta"] }] }, panel]],
  ])("%s", (_, resources) => {
    expect(sent(resources)).toBeUndefined();
  });
});

describe("what may stand nowhere is found in it all the same:", () => {
  test.each([
    ["a number where a number belongs", '"value":72', '"value":1000072'], ["a word where only a code may stand", '"status":"final"', '"status":"Full"'],
    ["a name as a key", '"valueQuantity"', '"Full"'], ["a name as a key inside a part that is known", '"value":72', '"Full":72'], ["a code in the form of a system, which the message does not have", '"code":"8867-4"', '"code":"635862"'],
    ["a system that nobody knows", "http://loinc.org", "http://heart-rate.example"], ["a profile that nobody knows", "us-core-heart-rate", "heart-rate-item-example-63586-2"],
    ["a name in a unit", '"code":"/min"', '"code":"{Full}"'], ["an extension that the engine does not write", '"value":72', '"extension":[{"url":"urn:x","valueString":"Full"}],"value":72'],
  ])("%s", (_, from, to) => {
    const changed = sent([{ ...patient, identifier: [{ value: "1000072" }] }, observation], (text) => {
      expect(text).toContain(from);
      return text.replace(from, to);
    });
    expect(changed).toMatchObject({ code: expect.stringMatching(/^PHI-2(?:01|23)$/), where: "body" });
  });

  test("a number that has the check digit of a system, as a code of it", () => {
    const number = "10007738";
    expect(sent([{ ...patient, identifier: [{ value: number }] }, observation], (text) => text.replace('"code":"8867-4","system":"http://loinc.org"', `"code":"${number}","system":"http://snomed.info/sct"`))).toMatchObject({ code: "PHI-201" });
  });

  test("a text that says more than its values", () => {
    expect(sent([patient, observation], (text) => `${text} `)).toMatchObject({ code: "PHI-201" });
  });
});
