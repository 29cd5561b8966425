import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readTree } from "../../codec/index.ts";
import { labelOf } from "./index.ts";
import { registration } from "../testing/given.ts";

const hl7 = (...segments: string[]) => labelOf(readTree("hl7v2", ["MSH|^~\\&|A|B|C|D|20260101||ORU^R01|1|P|2.9", "PID|1||7", ...segments].join("\r")));
const msh = (from: number, value: string) => labelOf(readTree("hl7v2", `MSH|^~\\&|A|B|C|D|20260101||ORU^R01|1|P|2.9${"|".repeat(from - 12)}${value}`));
const fhir = (resource: object) => labelOf(readTree("fhir", JSON.stringify(resource)));
const act = (code: string) => ({ system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code });
const confidentiality = (code: string) => ({ system: "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", code });
const condition = (code: string, ...security: object[]) => ({
  resourceType: "Condition", ...(security.length > 0 && { meta: { security } }), code: { coding: [{ system: "http://hl7.org/fhir/sid/icd-10-cm", code }] },
});
const nothing = { compartments: [], obligations: [], unknown: false };
/** A field of a segment that has it alone. */
const at = (segment: string, field: number, value: string) => `${segment}${"|".repeat(field)}${value}`;

test("a plain message says nothing of itself", () => {
  expect(labelOf(readTree("hl7v2", registration))).toEqual(nothing);
  expect(fhir({ resourceType: "Patient", name: [{ family: "HIV" }] })).toEqual(nothing);
  expect(labelOf(readTree("csv", "code\nHIV"))).toEqual(nothing);
});

describe("HL7 v2", () => {
  test.each([
    ["ORC-28 ETH", at("ORC", 28, "ETH"), ["part2"]],
    ["ORC-28 as one of several", at("ORC", 28, "HIV~PSY"), ["hiv", "behavioral"]],
    ["OM1-30", at("OM1", 30, "AID"), ["hiv"]],
    ["ARV-3", at("ARV", 3, "STD"), ["sti"]],
    ["ARV-3 with the reason", "ARV|1|A|PSY|VIP", ["behavioral", "vip"]],
    ["ARV-8", at("ARV", 8, "HIPAAPsyNotes"), ["psychotherapy-notes"]],
    ["PV1-16", at("PV1", 16, "Y"), ["vip"]],
    ["a diagnosis of substance use", "DG1|1||F11.20^Opioid dependence^I10", ["part2"]],
    ["its code without a dot, in lower case", "DG1|1||f1120^x^ICD-10-CM", ["part2"]],
    ["a diagnosis without a system", "DG1|1||B20", ["hiv"]],
    ["a diagnosis whose method stands in DG1-2", "DG1|1|I10|A53.9", ["sti"]],
    ["the alternate code", "PRB|AD|20260101|123^x^L^Z21^y^I10", ["hiv"]],
    ["the name of its system with a version", "DG1|1|ICD-10-CM|F10.20^x^ICD-10-CM-2026", ["part2"]],
    ["the name of its system in a hospital's way", "PRB|AD|20260101|F10.20^x^ICD10CM2026", ["part2"]],
    ["the object identifier of its system", `DG1|1||F10.20^x^L${"^".repeat(11)}2.16.840.1.113883.6.90`, ["part2"]],
    ["a second alternate code", `DG1|1||1^x^L^2^y^L${"^".repeat(4)}B20^z^I10`, ["hiv"]],
    ["a code with an escape in it", "DG1|1||F1\\X31\\.20^x^I10", ["part2"]],
    ["a code with a blank and other marks", "DG1|1||F10-20 ^x^I10", ["part2"]],
    ["the diagnosis of a charge", at("FT1", 19, "F10.20^x^I10"), ["part2"]],
    ["the diagnosis of a charge without a system", at("FT1", 19, "F10.20"), ["part2"]],
    ["what a medicine is for", at("RXE", 27, "F11.20^x^I10"), ["part2"]],
    ["an observation of coded type", "OBX|1|CWE|1^x^L||T74.11XA^y^I10C", ["violence"]],
  ])("%s", (_, segment, compartments) => {
    expect(hl7(segment)).toEqual({ ...nothing, compartments });
  });

  test.each([
    ["tobacco, which is no substance use disorder there (42 CFR 2.11)", "DG1|1||F17.210^x^I10"],
    ["depression, which a hospital's feed is full of", "DG1|1||F32.9^x^I10"],
    ["a procedure of ICD-10-PCS", "DG1|1||F10ZZ^x^I10P"],
    ["a procedure of ICD-10-PCS by its long name", "PRB|AD|20260101|B20ZZ^x^ICD-10-PCS"],
    ["another system's code that reads alike", "DG1|1||F11^x^L"],
    ["a text that says so", "OBX|1|ST|1^x^L||B20^y^I10"],
    ["PV1-16 that says no", at("PV1", 16, "N")],
    ["a consent that is active", at("CON", 11, "A")],
    ["usual control", at("ORC", 28, "U")],
    ["HL7 null", at("ORC", 28, '""')],
  ])("not %s", (_, segment) => {
    expect(hl7(segment)).toEqual(nothing);
  });

  test.each([
    ["restricted, and nothing says how", at("ORC", 28, "R")],
    ["very restricted", at("TXA", 18, "V")],
    ["a code nobody knows", at("ORC", 28, "XYZ")],
    ["a label without a code", at("ARV", 8, "^by order")],
    ["instructions as text", at("ARV", 5, "ask the ward")],
    ["a protected visit", at("PV2", 22, "Y")],
    ["a protected person", at("PD1", 12, "Y")],
    ["a confidential diagnosis", at("DG1", 18, "Y")],
    ["a consent that was withdrawn", at("CON", 11, "X")],
  ])("unknown: %s", (_, segment) => {
    expect(hl7(segment).unknown).toBe(true);
  });

  test("restricted is known where a compartment says why", () => {
    expect(hl7(at("PV2", 22, "Y"), at("ORC", 28, "HIV"))).toEqual({ ...nothing, compartments: ["hiv"] });
  });

  test("the header: MSH-8 is a hint, MSH-26 to 28 are labels", () => {
    expect(msh(8 + 4, "")).toEqual(nothing);
    expect(labelOf(readTree("hl7v2", "MSH|^~\\&|A|B|C|D|20260101|ETH s3cret|ORU^R01|1|P|2.9"))).toEqual({ ...nothing, compartments: ["part2"] });
    expect(msh(26, "R").unknown).toBe(true);
    expect(msh(26, "N")).toEqual(nothing);
    expect(msh(27, "42CFRPart2~ENCRYPT")).toEqual({ compartments: ["part2"], obligations: ["part2-notice", "encryption"], unknown: false });
    expect(msh(28, "not to the employer").unknown).toBe(true);
  });
});

describe("FHIR", () => {
  test.each([
    ["a sensitivity", condition("J45", act("HIV")), { compartments: ["hiv"] }],
    ["a law and what it obliges to", condition("J45", act("42CFRPart2"), act("NORDSCLCD")), { compartments: ["part2"], obligations: ["part2-notice", "no-redisclosure"] }],
    ["restricted because of what is named", condition("J45", confidentiality("R"), act("PSY")), { compartments: ["behavioral"] }],
    ["restricted because of its own diagnosis", condition("B20", confidentiality("R")), { compartments: ["hiv"] }],
    ["normal", condition("J45", confidentiality("N")), {}],
    ["for a purpose alone", condition("J45", { system: "http://terminology.hl7.org/CodeSystem/v3-ActReason", code: "TREAT" }), { purposes: ["TREAT"] }],
    ["made of other data", condition("J45", { system: "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", code: "ABSTRED" }), {}],
    ["the notice that this engine writes", condition("J45", act("42CFRPart2"), { display: "42 CFR part 2 prohibits unauthorized use or disclosure of these records." }), { compartments: ["part2"], obligations: ["part2-notice"] }],
    ["a diagnosis of a version of ICD-10-CM", { resourceType: "Condition", code: { coding: [{ system: "http://hl7.org/fhir/sid/icd-10-cm|2026", code: "F10.20" }] } }, { compartments: ["part2"] }],
    ["a label of a version of its system", condition("J45", { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode|9.0.0", code: "HIV" }), { compartments: ["hiv"] }],
    ["the label of a document", { resourceType: "DocumentReference", securityLabel: [{ coding: [confidentiality("R"), act("42CFRPart2")] }] }, { compartments: ["part2"], obligations: ["part2-notice"] }],
    ["the label that a consent is about", { resourceType: "Consent", provision: { provision: [{ securityLabel: [act("ETH")] }] } }, { compartments: ["part2"] }],
    ["a normal composition", { resourceType: "Composition", confidentiality: "N" }, {}],
    ["a diagnosis", condition("F10.20"), { compartments: ["part2"] }],
  ])("%s", (_, resource, expected) => {
    expect(fhir(resource)).toEqual({ ...nothing, ...expected });
  });

  test.each([
    ["restricted, and nothing says how", condition("J45", confidentiality("R"))],
    ["very restricted", condition("B20", confidentiality("V"), act("HIV"))],
    ["a code nobody knows", condition("J45", act("TBOO"))],
    ["a system nobody knows", condition("J45", { system: "http://local.example/labels", code: "secret" })],
    ["labels that are no list", { resourceType: "Condition", meta: { security: act("HIV") } }],
    ["a purpose nobody knows", condition("J45", { system: "http://terminology.hl7.org/CodeSystem/v3-ActReason", code: "FUN" })],
    ["a sentence without a code", condition("J45", { display: "not for the press" })],
    ["a sentence of a system, without a code", condition("J45", { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", display: "42 CFR Part 2 record" })],
    ["a document whose label is a text alone", { resourceType: "DocumentReference", securityLabel: [{ text: "secret" }] }],
    ["a very restricted composition", { resourceType: "Composition", confidentiality: "V" }],
    ["a composition within a Bundle", { resourceType: "Bundle", entry: [{ resource: { resourceType: "Composition", confidentiality: "R" } }] }],
    ["labels of elements that are announced and not there", condition("J45", act("PROCESSINLINELABEL"))],
  ])("unknown: %s", (_, resource) => {
    expect(fhir(resource).unknown).toBe(true);
  });

  const bundle = (...resources: object[]) => ({ resourceType: "Bundle", entry: resources.map((resource) => ({ resource })) });

  test("a Bundle is as sensitive as all that is in it, contained resources too", () => {
    const inside = { resourceType: "Observation", contained: [condition("J45", act("STD"))] };
    expect(fhir(bundle(condition("J45", act("HIV")), bundle(inside)))).toEqual({ ...nothing, compartments: ["hiv", "sti"] });
  });

  test("a compartment elsewhere does not say why an entry is restricted", () => {
    expect(fhir(bundle(condition("J45", confidentiality("R")), condition("J45", act("HIV")))).unknown).toBe(true);
    expect(fhir({ ...bundle(condition("J45", act("HIV"))), meta: { security: [confidentiality("R")] } })).toEqual({ ...nothing, compartments: ["hiv"] });
  });

  test("purposes of parts are those that all allow", () => {
    const reason = (code: string) => ({ system: "http://terminology.hl7.org/CodeSystem/v3-ActReason", code });
    expect(fhir(bundle(condition("J45", reason("TREAT"), reason("HPAYMT")), condition("J45", reason("TREAT"))))).toMatchObject({ purposes: ["TREAT"] });
  });

  test("labels of single elements count", () => {
    const inline = { url: "http://hl7.org/fhir/uv/security-label-ds4p/StructureDefinition/extension-inline-sec-label", valueCoding: act("HIV") };
    const resource = { resourceType: "Observation", meta: { security: [act("PROCESSINLINELABEL")] }, note: [{ extension: [inline], text: "x" }] };
    expect(fhir(resource)).toEqual({ ...nothing, compartments: ["hiv"] });
  });

  test("a source of plain JSON that sends resources is read as such", () => {
    expect(labelOf(readTree("json", JSON.stringify(condition("B20"))))).toMatchObject({ compartments: ["hiv"] });
  });
});

test("a second message is read with its own delimiters", () => {
  const text = "MSH|^~\\&|A|B|C|D|20260101||ADT^A01|1|P|2.5\rPID|1||7\rMSH*:~\\&*A*B*C*D*20260101**ADT:A01*2*P*2.5\rDG1*1**B20:x:I10";
  expect(labelOf(readTree("hl7v2", text))).toEqual({ ...nothing, compartments: ["hiv"] });
});

test("plain JSON says what the resources in it say", () => {
  expect(labelOf(readTree("json", JSON.stringify({ confidentiality: "V", payload: [{ resource: condition("J45", act("STD")) }] })))).toEqual({ ...nothing, compartments: ["sti"] });
  expect(labelOf(readTree("json", JSON.stringify([condition("B20")])))).toEqual({ ...nothing, compartments: ["hiv"] });
});

describe("XML", () => {
  const cda = (inside: string) => labelOf(readTree("xml", `<ClinicalDocument xmlns="urn:hl7-org:v3">${inside}</ClinicalDocument>`));
  const confidential = (code: string) => `<confidentialityCode code="${code}" codeSystem="2.16.840.1.113883.5.25"/>`;
  const section = (code: string, system = "2.16.840.1.113883.6.90") => `<component><section><code code="${code}" codeSystem="${system}"/></section></component>`;

  test.each([
    ["normal", confidential("N"), {}],
    ["restricted, because of a diagnosis", confidential("R") + section("F10.20"), { compartments: ["part2"] }],
    ["a privacy annotation", `<entry><observation><value code="ETH" codeSystem="2.16.840.1.113883.5.4"/></observation></entry>`, { compartments: ["part2"] }],
    ["a code of the same system that is no label", `<encompassingEncounter><code code="AMB" codeSystem="2.16.840.1.113883.5.4"/></encompassingEncounter>`, {}],
    ["another system's code", section("F10.20", "2.16.840.1.113883.6.96"), {}],
  ])("%s", (_, inside, expected) => {
    expect(cda(inside)).toEqual({ ...nothing, ...expected });
  });

  test.each([
    ["restricted, and nothing says how", confidential("R")],
    ["very restricted", confidential("V") + section("B20")],
    ["a section that is", `${confidential("N")}<component><section>${confidential("R")}</section></component>`],
    ["with a prefix", `<x:confidentialityCode xmlns:x="urn:hl7-org:v3" code="V"/>`],
    ["without a code", `<confidentialityCode nullFlavor="UNK"/>`],
    ["without anything", "<confidentialityCode/>"],
  ])("unknown: %s", (_, inside) => {
    expect(cda(inside).unknown).toBe(true);
  });

  test("a FHIR resource: its labels are not known, its diagnoses are", () => {
    const resource = (inside: string) => labelOf(readTree("xml", `<Condition xmlns="http://hl7.org/fhir">${inside}</Condition>`));
    expect(resource('<meta><security><code value="HIV"/></security></meta>').unknown).toBe(true);
    expect(resource('<code><coding><system value="http://hl7.org/fhir/sid/icd-10-cm"/><code value="B20"/></coding></code>')).toEqual({ ...nothing, compartments: ["hiv"] });
  });

  test("a document of another kind says nothing", () => {
    expect(labelOf(readTree("xml", "<order><security>high</security><code>B20</code></order>"))).toEqual(nothing);
  });
});

test("more in a message never makes less of it", () => {
  const labels = ["ORC-28 HIV", "ORC-28 R", "ORC-28 ETH", "DG1-3 B20", "TXA-18 V", "ARV-5 ask", "PV1-16 Y", "ORC-28 U"].map((each) => {
    const [place = "", value = ""] = each.split(" ");
    const [segment = "", field = ""] = place.split("-");
    return at(segment, Number(field), value);
  });
  fc.assert(
    fc.property(fc.subarray(labels), fc.subarray(labels), (some, more) => {
      const less = hl7(...some);
      const all = hl7(...some, ...more);
      for (const each of less.compartments) expect(all.compartments).toContain(each);
      for (const each of less.obligations) expect(all.obligations).toContain(each);
    }),
  );
});
