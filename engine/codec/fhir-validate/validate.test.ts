import { describe, expect, it } from "vitest";
import { validateFhir } from "./index.ts";

const patient = (more: object = {}) => ({ resourceType: "Patient", identifier: [{ system: "urn:x", value: "1" }], name: [{ family: "Exemplar", given: ["Ada"] }], gender: "female", ...more });
const found = (resource: unknown, how: Parameters<typeof validateFhir>[1] = {}) =>
  validateFhir(JSON.stringify(resource, null, 1), how).filter(({ severity }) => severity === "error").map(({ code, path, rule }) => [code, path, ...(rule === undefined ? [] : [rule])].join(" "));
const usCore = "http://hl7.org/fhir/us/core/StructureDefinition/";

describe("a resource held to its type", () => {
  it("finds nothing in what is right", () => {
    expect(found(patient({ birthDate: "1980-02-29", _birthDate: { extension: [{ url: "http://hl7.org/fhir/StructureDefinition/patient-birthTime", valueDateTime: "1980-02-29T10:00:00Z" }] } }))).toEqual([]);
  });
  it("names what is missing, unknown, of another kind, empty or not of its form", () => {
    expect(found({ resourceType: "Observation", status: "final" })).toEqual(["FHR-102 Observation.code"]);
    expect(found(patient({ nme: 1 }))).toEqual(["FHR-104 Patient"]);
    expect(found(patient({ name: { family: "X" }, active: "true", birthDate: "1980-2-29", photo: [], contact: [{}] }))).toEqual([
      "FHR-105 Patient.name", "FHR-105 Patient.active", "FHR-106 Patient.birthDate", "FHR-108 Patient.photo", "FHR-108 Patient.contact[0] ele-1", "FHR-110 Patient.contact[0] pat-1",
    ]);
    expect(found(patient({ birthDate: "1981-02-29" }))).toEqual(["FHR-106 Patient.birthDate"]);
    expect(found(patient({ deceasedBoolean: false, deceasedDateTime: "2020" }))).toEqual(["FHR-107 Patient.deceased"]);
    expect(found({ resourceType: "Nothing" })).toEqual(["FHR-101 Resource"]);
    expect(found(patient({ name: [{ given: ["Ada", null], _given: [null, { extension: [{ url: "urn:y", valueString: "z" }] }] }] }))).toEqual([]);
    expect(found(patient({ name: [{ given: ["Ada", null] }] }))).toEqual(["FHR-108 Patient.name[0].given[1] ele-1"]);
  });
  it("knows base64 by groups of four", () => {
    const data = (text: string) => found({ resourceType: "Binary", contentType: "text/plain", data: text });
    expect(["QQ==", "QUI=", "QUJD", "QUJD\nQUJD", " QQ = = "].filter((each) => data(each).length > 0)).toEqual([]);
    expect(["Q", "QQ=", "QQ==QQ==", "Q===", "QU-D"].filter((each) => data(each).length === 0)).toEqual([]);
  });
  it("evaluates invariants and required bindings", () => {
    expect(found(patient({ gender: "f", name: [{ period: { start: "2020", end: "2019" } }] }))).toEqual(["FHR-110 Patient.name[0].period per-1", "FHR-111 Patient.gender http://hl7.org/fhir/ValueSet/administrative-gender"]);
    expect(found(patient({ extension: [{ url: "urn:x" }] }))).toEqual(["FHR-110 Patient.extension[0] ext-1"]);
  });
  it("says line and issue code, and no content", () => {
    const [problem] = validateFhir('{\n"resourceType":"Patient",\n"gender":"secretword"}');
    expect(problem).toEqual({ code: "FHR-111", path: "Patient.gender", line: 3, severity: "error", standard: "code-invalid", rule: "http://hl7.org/fhir/ValueSet/administrative-gender" });
  });
});

describe("a resource held to a profile", () => {
  const profile = `${usCore}us-core-patient`;
  it("asks for what the profile asks", () => {
    expect(found(patient({ meta: { profile: [profile] } }))).toEqual([]);
    expect(found({ ...patient({ meta: { profile: [profile] } }), gender: undefined, identifier: [{ value: "1" }] })).toEqual(["FHR-102 Patient.gender", "FHR-102 Patient.identifier[0].system"]);
    expect(found({ ...patient(), name: undefined }, { profile })).toEqual(["FHR-102 Patient.name"]);
    expect(found(patient({ extension: [{ url: `${usCore}us-core-race`, extension: [{ url: "ombCategory", valueCoding: { system: "urn:oid:2.16.840.1.113883.6.238", code: "2106-3" } }] }] }))).toEqual(["FHR-113 Patient.extension[0].extension text"]);
  });
  it("tells slices by their discriminators", () => {
    const component = (code: string) => ({ code: { coding: [{ system: "http://loinc.org", code }] }, valueQuantity: { value: 120, unit: "mmHg", system: "http://unitsofmeasure.org", code: "mm[Hg]" } });
    const pressure = (...components: object[]) => ({
      resourceType: "Observation", status: "final", subject: { reference: "Patient/1" }, effectiveDateTime: "2026-01-01",
      category: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "vital-signs" }] }],
      code: { coding: [{ system: "http://loinc.org", code: "85354-9" }] }, component: components,
    });
    const how = { profile: `${usCore}us-core-blood-pressure` };
    expect(found(pressure(component("8480-6"), component("8462-4")), how)).toEqual([]);
    expect(found(pressure(component("8480-6"), component("1-8")), how)).toEqual(["FHR-113 Observation.component DiastolicBP", "FHR-113 Observation.component diastolic"]);
    expect(found({ ...pressure(component("8480-6"), component("8462-4")), category: [{ text: "x" }], subject: { reference: "Group/1" } }, how)).toEqual(["FHR-113 Observation.category VSCat", "FHR-131 Observation.subject"]);
  });
  it("finds the profile of US Core that a resource is meant for", () => {
    const result = { resourceType: "Observation", status: "final", category: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "laboratory" }] }], code: { text: "x" } };
    expect(found(result, { profile: "us-core" })).toEqual(["FHR-110 Observation us-core-2", "FHR-102 Observation.subject"]);
    expect(found({ resourceType: "Basic", code: { text: "x" } }, { profile: "us-core" })).toEqual([]);
  });
  it("holds vital signs to their profile by their code, as FHIR does", () => {
    expect(found({ resourceType: "Observation", status: "final", code: { coding: [{ system: "http://loinc.org", code: "8867-4" }] } })).toEqual([
      "FHR-110 Observation vs-2", "FHR-102 Observation.category", "FHR-113 Observation.category VSCat", "FHR-102 Observation.subject", "FHR-102 Observation.effective",
    ]);
  });
  it("takes a version of a profile that is shipped, and names another", () => {
    const versions = (version: string) => validateFhir(JSON.stringify(patient({ meta: { profile: [`${profile}|${version}`] } }))).map(({ code }) => code);
    expect([versions("6.1.0"), versions("3.1.1")]).toEqual([[], ["FHR-150"]]);
  });
  it("names a profile that is not shipped", () => {
    expect(found(patient(), { profile: "urn:none" })).toEqual(["FHR-150 Patient"]);
    expect(found(patient({ meta: { profile: ["urn:none"] } }))).toEqual([]);
  });
});

describe("references, contained resources and narrative", () => {
  it("follows references inside a Bundle", () => {
    const bundle = (reference: string) => ({ resourceType: "Bundle", type: "collection", entry: [
      { fullUrl: "http://a.example/Patient/1", resource: patient({ id: "1" }) },
      { fullUrl: "http://a.example/Observation/2", resource: { resourceType: "Observation", id: "2", status: "final", code: { text: "x" }, encounter: { reference } } },
    ] });
    expect(found(bundle("Encounter/9"))).toEqual([]);
    expect(found(bundle("Patient/1"))).toEqual(["FHR-131 Bundle.entry[1].resource.encounter"]);
    expect(found({ resourceType: "Bundle", type: "collection", entry: [{ fullUrl: "Patient/1", resource: patient() }, { resource: patient() }] })).toEqual(["FHR-133 Bundle.entry[0]", "FHR-133 Bundle.entry[1]"]);
  });
  it("wants the id of an entry in its URL, and what a Composition refers to in its document", () => {
    const entry = (url: string, resource: object) => ({ fullUrl: `http://a.example/${url}`, resource });
    expect(found({ resourceType: "Bundle", type: "collection", entry: [entry("Patient/1", patient({ id: "2" })), entry("Patient/3", patient({ id: "3" }))] })).toEqual(["FHR-160 Bundle.entry[0] entry-id"]);
    const composition = { resourceType: "Composition", status: "final", type: { text: "x" }, subject: { reference: "Patient/1" }, date: "2026", author: [{ reference: "Practitioner/9" }], title: "x" };
    const document = { resourceType: "Bundle", type: "document", identifier: { system: "urn:x", value: "1" }, timestamp: "2026-01-01T00:00:00Z", entry: [entry("Composition/c", composition), entry("Patient/1", patient({ id: "1" }))] };
    expect(found(document)).toEqual(["FHR-130 Bundle.entry[0].resource.author[0]"]);
  });
  it("wants contained resources referred to", () => {
    const contained = [{ resourceType: "Organization", id: "o", name: "North" }];
    expect(found(patient({ contained, managingOrganization: { reference: "#o" } }))).toEqual([]);
    expect(found(patient({ contained }))).toEqual(["FHR-134 Patient.contained[0] dom-3"]);
    expect(found(patient({ managingOrganization: { reference: "#o" } }))).toEqual(["FHR-130 Patient.managingOrganization ref-1"]);
  });
  it("refuses a script in a narrative", () => {
    const text = (div: string) => patient({ text: { status: "generated", div } });
    expect(found(text('<div xmlns="http://www.w3.org/1999/xhtml"><p>Ada</p></div>'))).toEqual([]);
    expect(found(text('<div xmlns="http://www.w3.org/1999/xhtml"><script>x</script></div>'))).toEqual(["FHR-140 Patient.text.div txt-1"]);
    expect(found(text('<div xmlns="http://www.w3.org/1999/xhtml"> </div>'))).toEqual(["FHR-140 Patient.text.div txt-2"]);
    expect(found(text('<div xmlns="http://www.w3.org/1999/xhtml">&reg;</div>'))).toEqual(["FHR-140 Patient.text.div XML-003"]);
  });
});

describe("rules beside the definitions", () => {
  it("knows the codes of code systems that come with FHIR, and what code systems and value sets are made of", () => {
    expect(found(patient({ maritalStatus: { coding: [{ system: "http://hl7.org/fhir/administrative-gender", code: "other" }, { system: "http://hl7.org/fhir/administrative-gender", code: "x" }] } }))).toEqual(["FHR-115 Patient.maritalStatus.coding[1].code"]);
    const system = { resourceType: "CodeSystem", status: "draft", content: "not-present", concept: [{ code: "a" }], property: [{ code: "p", type: "string" }, { code: "p", type: "string" }] };
    expect(found(system)).toEqual(["FHR-160 CodeSystem.concept[0] content", "FHR-160 CodeSystem.property[1] property-twice"]);
    expect(found({ resourceType: "ValueSet", status: "draft", compose: { include: [{ system: "#c" }] } })).toEqual(["FHR-160 ValueSet.compose.include[0] system"]);
  });
  it("wants URIs where the standard says so", () => {
    expect(found(patient({ identifier: [{ system: "urn:ietf:rfc:3986", value: "1.2.3" }, { system: "urn:ietf:rfc:3986", value: "urn:oid:1.2.3" }] }))).toEqual(["FHR-160 Patient.identifier[0] uri-identifier"]);
    expect(found(patient({ meta: { profile: ["Patient/x"] } }))).toEqual(["FHR-106 Patient.meta.profile[0]"]);
  });
  it("gives the rules of an element to what takes its content", () => {
    const item = { linkId: "1", type: "display", code: [{ code: "x" }] };
    const form = { resourceType: "Questionnaire", status: "draft", item: [{ linkId: "0", type: "group", item: [item] }] };
    expect(found(form)).toEqual(["FHR-110 Questionnaire.item[0].item[0] que-3"]);
  });
  it("holds extensions to their definitions", () => {
    const species = { url: "species", valueCodeableConcept: { text: "cat" } };
    const animal = (...parts: object[]) => patient({ extension: [{ url: "http://hl7.org/fhir/StructureDefinition/patient-animal", extension: parts }] });
    expect(found(animal(species))).toEqual([]);
    expect(found(animal(species, { url: "other", valueString: "x" }))).toEqual(["FHR-120 Patient.extension[0].extension[1]"]);
    expect(found({ resourceType: "Basic", code: { text: "x" }, extension: [{ url: "http://hl7.org/fhir/StructureDefinition/patient-animal", extension: [species] }] })).toEqual(["FHR-121 Basic.extension[0]"]);
    const unknown = patient({ extension: [{ url: "http://a.example/x", valueString: "x" }] });
    expect([found(unknown), found(unknown, { extensions: "refuse" })]).toEqual([[], ["FHR-120 Patient.extension[0]"]]);
    expect(found(patient({ extension: [{ url: "relative", valueString: "x" }] }))).toEqual(["FHR-121 Patient.extension[0]"]);
  });
});

it("takes no longer per entry of a large Bundle than of a small one", () => {
  const bundle = (entries: number) => ({ resourceType: "Bundle", type: "collection", entry: Array.from({ length: entries }, (_, i) => ({ fullUrl: `http://a.example/Patient/p${i}`, resource: patient({ id: `p${i}` }) })) });
  const cost = (entries: number) => {
    const text = JSON.stringify(bundle(entries));
    const began = process.cpuUsage();
    expect(validateFhir(text).filter(({ severity }) => severity === "error")).toEqual([]);
    const { user, system } = process.cpuUsage(began);
    return (user + system) / entries;
  };
  cost(500);
  // Comparing each with each made this ten and more.
  expect(cost(8000) / cost(1000)).toBeLessThan(4);
}, 60_000);

it("keeps to its time and its size, whatever it is given", () => {
  const spaces = `${" ".repeat(300_000)}!`;
  const began = performance.now();
  expect(found({ resourceType: "Binary", contentType: "text/plain", data: spaces })).toEqual(["FHR-106 Binary.data"]);
  expect(found(patient({ contact: Array.from({ length: 20_000 }, () => ({})) })).length).toBe(1000);
  expect(performance.now() - began).toBeLessThan(20_000);
});
