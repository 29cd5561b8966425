import { describe, expect, it } from "vitest";
import type { DeidentifyContext } from "../context.ts";
import { fhir } from "./index.ts";
import { hexMint } from "./planting.fixture.ts";

const now = Date.UTC(2026, 10, 22);
const context = (spec: DeidentifyContext["spec"]): DeidentifyContext => ({ spec, owner: "northside", partner: "acme", now, mint: hexMint });
const harbor = { method: "safe-harbor", dates: "year", ids: "surrogate" } as const;
const limited = { method: "limited-data-set", dates: "keep", ids: "surrogate" } as const;
const lowered = (resource: unknown, spec: DeidentifyContext["spec"] = harbor) => JSON.parse(fhir.deidentify(JSON.stringify(resource), context(spec))) as Record<string, unknown>;
const token = (key: string) => hexMint.surrogate("acme", "resource of northside", key);
const integrity = (...codes: string[]) => codes.map((code) => ({ code, system: "http://terminology.hl7.org/CodeSystem/v3-ObservationValue" }));
const core = "http://hl7.org/fhir/us/core/StructureDefinition";
const omb = "urn:oid:2.16.840.1.113883.6.238";

/** As US Core 6.1.0 has a Patient; the people and places are made up. */
const patient = {
  resourceType: "Patient",
  id: "jane-1",
  meta: { versionId: "3", lastUpdated: "2026-11-20T08:00:00Z", source: "http://north.example/x", profile: [`${core}/us-core-patient|6.1.0`, "http://north.example/p"], security: [{ system: "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", code: "R" }, { code: "HIV", system: "http://terminology.hl7.org/CodeSystem/v3-ActCode" }] },
  text: { status: "generated", div: "<div>Jane Quimby-Łąka</div>" },
  extension: [
    { url: `${core}/us-core-race`, extension: [{ url: "ombCategory", valueCoding: { system: omb, code: "2106-3", display: "White" } }, { url: "detailed", valueCoding: { system: omb, code: "2108-9" } }, { url: "text", valueString: "Quimby" }] },
    { url: `${core}/us-core-birthsex`, valueCode: "F" },
    { url: `${core}/us-core-tribal-affiliation`, extension: [] },
    { url: "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName", valueString: "Oakleaf" },
  ],
  identifier: [{ use: "usual", type: { text: "MRN" }, system: "http://north.example/mrn", value: "90017734" }, { system: "http://hl7.org/fhir/sid/us-ssn", value: "999-12-3456" }],
  active: true,
  name: [{ family: "Quimby-Łąka", given: ["Jane"] }],
  telecom: [{ system: "phone", value: "(617) 555-0142" }],
  gender: "female",
  birthDate: "1980-01-02",
  _birthDate: { extension: [{ url: "http://hl7.org/fhir/StructureDefinition/patient-birthTime", valueDateTime: "1980-01-02T03:04:05Z" }] },
  address: [{ use: "home", line: ["12 Elm Street"], city: "Millbrook", district: "Dutchess", state: "New York", postalCode: "10026-1234", country: "USA", period: { start: "2015-05-01" } }],
  maritalStatus: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", code: "M", display: "Married to Tomas" }], text: "Married to Tomas" },
  contact: [{ name: { family: "Quimby", given: ["Tomas"] } }],
  communication: [{ language: { coding: [{ system: "urn:ietf:bcp:47", code: "en-US" }] }, preferred: true }],
  generalPractitioner: [{ reference: "Practitioner/careful", display: "Dr. Careful" }],
};

describe("a patient", () => {
  it("under Safe Harbor", () => {
    expect(lowered(patient)).toEqual({
      resourceType: "Patient",
      id: token("Patient/jane-1"),
      meta: { profile: [`${core}/us-core-patient`], security: integrity("PSEUDED", "REDACTED") },
      extension: [{ url: `${core}/us-core-race`, extension: [{ url: "ombCategory", valueCoding: { system: omb, code: "2106-3" } }] }, { url: `${core}/us-core-birthsex`, valueCode: "F" }],
      identifier: ["90017734^^^http://north.example/mrn", "999-12-3456^^^http://hl7.org/fhir/sid/us-ssn"].map((value, i) => ({ ...(i === 0 && { use: "usual" }), system: "urn:sluice:surrogate", value: hexMint.surrogate("acme", "patient of northside", value) })),
      active: true,
      gender: "female",
      birthDate: "1980",
      address: [{ use: "home", state: "NY", postalCode: "100", country: "US" }],
      maritalStatus: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", code: "M" }] },
      communication: [{ language: { coding: [{ system: "urn:ietf:bcp:47", code: "en-US" }] }, preferred: true }],
    });
  });
  it("in a limited data set keeps dates, town and the ZIP code", () => {
    expect(lowered(patient, limited)).toMatchObject({ birthDate: "1980-01-02", address: [{ use: "home", city: "Millbrook", state: "NY", postalCode: "10026", country: "US" }] });
    expect(lowered(patient, limited)["meta"]).toEqual({
      lastUpdated: "2026-11-20T08:00:00Z",
      profile: [`${core}/us-core-patient`],
      security: [{ code: "R", system: "http://terminology.hl7.org/CodeSystem/v3-Confidentiality" }, ...integrity("PSEUDED", "REDACTED")],
    });
  });
  it("is written in one way, whatever the order of its keys", () => {
    const turned = Object.fromEntries(Object.entries(patient).reverse());
    expect(fhir.deidentify(JSON.stringify(turned, null, 2), context(harbor))).toBe(fhir.deidentify(JSON.stringify(patient), context(harbor)));
  });
  it.each([89, 90, 104])("of %i years", (years) => {
    const old = lowered({ ...patient, birthDate: `${2026 - years}-01-02` });
    expect(old["birthDate"]).toBe(years < 90 ? String(2026 - years) : undefined);
  });
  it("abroad has no ZIP code", () => {
    for (const address of [{ postalCode: "SW1A 1AA", country: "GB" }, { postalCode: "3999", state: "Vic" }]) {
      expect(JSON.stringify(lowered({ ...patient, address: [{ use: "home", ...address }] })["address"])).not.toContain("postalCode");
    }
  });
});

const entry = (resource: Readonly<Record<string, unknown>>, fullUrl = `http://north.example/${resource.resourceType}/${resource.id}`) => ({ fullUrl, resource, search: { mode: "match" } });
const weight = { coding: [{ system: "http://loinc.org", code: "29463-7", display: "Body weight of Jane" }] };

describe("a bundle", () => {
  const observation = {
    resourceType: "Observation", id: "o1", status: "final", code: weight, subject: { reference: "Patient/jane-1", display: "Jane" }, effectiveDateTime: "2020-05-06T10:00:00Z",
    performer: [{ reference: "#doc" }], contained: [{ resourceType: "Practitioner", id: "doc", name: [{ family: "Careful" }] }],
    valueQuantity: { value: 70.5, unit: "kg for Jane", system: "http://unitsofmeasure.org", code: "kg" }, note: [{ text: "Jane says" }],
  };
  const bundle = { resourceType: "Bundle", id: "b", type: "searchset", total: 2, link: [{ relation: "self", url: "http://x/Patient?name=Jane" }], entry: [entry(patient), entry(observation), entry({ resourceType: "Consent", id: "c" })] };
  const urn = (key: string) => `urn:uuid:${token(key).replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5")}`;

  it("is written anew, with its links", () => {
    const out = lowered(bundle);
    expect([out["type"], out["total"], out["link"]]).toEqual(["collection", undefined, undefined]);
    expect((out["entry"] as { fullUrl: string; resource: unknown }[]).map(({ fullUrl }) => fullUrl)).toEqual([urn("Patient/jane-1"), urn("Observation/o1")]);
    expect((out["entry"] as { resource: unknown }[])[1]?.resource).toEqual({
      resourceType: "Observation", id: token("Observation/o1"), meta: { security: integrity("PSEUDED", "REDACTED") }, status: "final", code: { coding: [{ system: "http://loinc.org", code: "29463-7" }] },
      subject: { reference: urn("Patient/jane-1") }, effectiveDateTime: "2020", performer: [{ reference: "#c1" }], contained: [{ resourceType: "Practitioner", id: "c1" }],
      valueQuantity: { value: 70.5, system: "http://unitsofmeasure.org", code: "kg" },
    });
  });
  it("alone, the observation names the same patient", () => expect(lowered(observation)["subject"]).toEqual({ reference: `Patient/${token("Patient/jane-1")}` }));
  it("without ids, its resources are numbered, and what lies outside it is not named", () => {
    const out = lowered({ ...bundle, entry: [...bundle.entry, entry({ ...observation, id: "o2", subject: { reference: "Patient/elsewhere" } })] }, { ...harbor, ids: "remove" });
    const [first, second, third] = out["entry"] as { fullUrl: string; resource: { subject?: { reference: string }; meta: { security: unknown } } }[];
    expect(second?.resource.subject?.reference).toBe(first?.fullUrl);
    expect([third?.resource.subject, third?.resource.meta.security]).toEqual([undefined, integrity("ANONYED", "REDACTED")]);
  });
  it("of a transaction puts resources under their new ids", () => {
    const out = lowered({ ...bundle, type: "transaction", entry: [{ ...entry(patient), request: { method: "POST", url: "Patient", ifNoneExist: "name=Jane" } }] });
    expect((out["entry"] as { request: unknown }[])[0]?.request).toEqual({ method: "PUT", url: `Patient/${token("Patient/jane-1")}` });
  });
  it("moves the dates of a patient by the same days everywhere, and nobody's where it is not known whose they are", () => {
    const spec = { method: "limited-data-set", dates: "shift", ids: "pseudonym" } as const;
    const dates = (resource: unknown) => (lowered(resource, spec)["entry"] as { resource: Record<string, unknown> }[]).map((each) => each.resource["birthDate"] ?? each.resource["effectiveDateTime"]);
    expect(dates(bundle)).toEqual(["1980-04-11", "2020-08-14"]);
    expect(lowered(observation, spec)["effectiveDateTime"]).toBe("2020-08-14");
    const two = { ...bundle, entry: [entry(patient), entry({ ...patient, id: "tom" }), entry({ ...observation, subject: { reference: "Group/x" } })] };
    expect(dates(two)).toEqual(["1980-04-11", "1979-11-13", undefined]);
  });
  it("says beside moved dates nothing of when a resource was written or released", () => {
    const released = { ...observation, issued: "2020-03-07T08:00:00Z", meta: { lastUpdated: "2020-03-07T08:00:00Z" } };
    const of = (dates: "shift" | "keep") => lowered(released, { method: "limited-data-set", dates, ids: "pseudonym" }) as { issued?: string; meta?: { lastUpdated?: string } };
    expect([of("keep").issued, of("keep").meta?.lastUpdated]).toEqual(["2020-03-07T08:00:00Z", "2020-03-07T08:00:00Z"]);
    expect([of("shift").issued, of("shift").meta?.lastUpdated]).toEqual([undefined, undefined]);
  });
  it("counts the ages of all from its oldest patient", () => {
    const condition = { resourceType: "Condition", id: "c1", code: { coding: [{ system: "http://snomed.info/sct", code: "38341003" }] }, subject: { reference: "Patient/jane-1" }, onsetAge: { value: 60, unit: "years" }, recordedDate: "1990-02-03" };
    expect(lowered({ ...bundle, entry: [entry({ ...patient, birthDate: "1930-01-01" }), entry(condition)] })["entry"]).not.toMatchObject([{}, { resource: { onsetAge: {} } }]);
    expect(lowered({ ...bundle, entry: [entry(patient), entry(condition)] })["entry"]).toMatchObject([{}, { resource: { onsetAge: { value: 60, code: "a" } } }]);
    expect(lowered({ ...condition, onsetAge: { value: 93, code: "a" } })["onsetAge"]).toEqual({ value: 90, comparator: ">=", system: "http://unitsofmeasure.org", code: "a" });
  });
});

describe("what is left out", () => {
  const observation = (code: string, value: object) => ({ resourceType: "Observation", id: "o", status: "final", code: { coding: [{ system: "http://loinc.org", code }] }, ...value });
  it.each([
    ["a name in an observation", "45392-8", { valueCodeableConcept: { coding: [{ system: "http://snomed.info/sct", code: "38341003" }] } }, {}],
    ["a date of birth", "21112-8", { valueDateTime: "1980-01-02" }, {}],
    ["an age over 89", "30525-0", { valueQuantity: { value: 95, unit: "years" } }, { valueQuantity: { value: 90, comparator: ">=", system: "http://unitsofmeasure.org", code: "a" } }],
    ["an age", "30525-0", { valueQuantity: { value: 40, unit: "years" } }, { valueQuantity: { value: 40, system: "http://unitsofmeasure.org", code: "a" } }],
    ["a unit that is text", "29463-7", { valueQuantity: { value: 1, system: "http://unitsofmeasure.org", code: "{Jane}" } }, { valueQuantity: { value: 1 } }],
  ])("%s", (_, code, value, expected) => {
    const { valueQuantity, valueDateTime, valueCodeableConcept } = lowered(observation(code, value));
    expect(JSON.parse(JSON.stringify({ valueQuantity, valueDateTime, valueCodeableConcept }))).toEqual(expected);
  });
  it("a resource that lost what makes it valid, and one that a modifier changes", () => {
    const medication = { resourceType: "MedicationRequest", id: "m", status: "active", intent: "order", medicationCodeableConcept: { text: "Jane's pills" }, subject: { reference: "Patient/1" } };
    expect(() => lowered(medication)).toThrow("PHI-230");
    expect(() => lowered({ ...patient, modifierExtension: [{ url: "http://x/not", valueBoolean: true }] })).toThrow("PHI-230");
    expect(() => lowered({ ...patient, implicitRules: "http://x/rules" })).toThrow("PHI-230");
    expect(() => lowered({ resourceType: "Nonsense", id: "1" })).toThrow("PHI-230");
    expect(() => fhir.deidentify('{"resourceType":"Patient","id":"a","id":"b"}', context(harbor))).toThrow("JSN-002");
  });
  it("a required link that named somebody, and what it is in is not", () => {
    const coverage = { resourceType: "Coverage", id: "c", status: "active", beneficiary: { reference: "Patient/jane-1" }, payor: [{ display: "Blue Plan of Jane" }] };
    expect(lowered(coverage)).toMatchObject({ status: "active", payor: [{ extension: [{ url: "http://hl7.org/fhir/StructureDefinition/data-absent-reason", valueCode: "masked" }] }] });
  });
  it("a number that no double holds", () => {
    const text = JSON.stringify(observation("29463-7", { valueQuantity: { value: 1 } })).replace('"value":1}', '"value":1.23456789012345678901234567}');
    expect(fhir.deidentify(text, context(harbor))).not.toContain("23456789");
  });
});
