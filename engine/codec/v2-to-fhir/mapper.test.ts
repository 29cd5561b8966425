import { describe, expect, it } from "vitest";
import { readMapTables } from "../../sandbox/map-tables.ts";
import { validateFhir } from "../fhir-validate/validate.ts";
import { parseHl7 } from "../hl7v2/index.ts";
import { writeJson, type Json } from "../json/index.ts";
import { isLoinc, isUcum } from "./lab.ts";
import { type MapOptions, Mapper } from "./index.ts";

const mapper = new Mapper(readMapTables(), "k");
type Resource = Record<string, unknown> & { resourceType: string };

function mapped(lines: readonly string[], options: MapOptions = {}) {
  const { bundle, problems } = mapper.map(parseHl7(`${lines.join("\r")}\r`), options);
  const all = (bundle["entry"] as readonly { fullUrl: string; resource: Resource }[]).map(({ resource }) => resource);
  return { bundle, problems, all, of: (type: string) => all.filter((each) => each.resourceType === type) };
}

const msh = (type: string, zone = "-0500") => `MSH|^~\\&|LIS|NORTH|EHR|CLINIC|20260309143000${zone}||${type}|C1|P|2.5.1`;
const oru = (obx: string, ...more: string[]) => mapped([msh("ORU^R01^ORU_R01"), "PID|1||4711^^^NORTH^MR||Test^Alma||19700131|F", "ORC|RE|P1|F1", "OBR|1|P1|F1|718-7^Hemoglobin^LN|||202603091000||||||||||||||||||F", obx, ...more]);

describe("results", () => {
  it.each([
    ["NM||7.10|g/dL^gram per deciliter^UCUM", '"value":7.10', '"code":"g/dL"'],
    ["NM||<0.5|mg/L^^UCUM", '"value":0.5', '"comparator":"<"'],
    ["SN||>^1000|1^^UCUM", '"value":1000', '"comparator":">"'],
    ["SN||^1^:^40", '"numerator":{"value":1}', '"denominator":{"value":40}'],
    ["NM||>1,000|mg/L", '"valueString":">1,000 mg/L"', '"valueString"'],
    ["ST||1:40", '"valueString":"1:40"', '"valueString"'],
    ["XX||odd^one|u", '"valueString":"odd^one u"', '"valueString"'],
    ["ED||^application^pdf^Base64^QUJD", '"contentType":"application/pdf"', '"data":"QUJD"'],
  ])("%s keeps comparator, digits and unit", (obx, ...parts) => {
    const [type, , value, unit = ""] = obx.split("|");
    const { of } = oru(`OBX|1|${type}|718-7^Hb^LN||${value}|${unit}|||||F`);
    const text = writeJson(of("Observation")[0] as unknown as Json);
    for (const part of parts) expect(text).toContain(part);
  });
  it.each([["F", "final"], ["P", "preliminary"], ["C", "corrected"], ["W", "entered-in-error"], ["D", "entered-in-error"], ["X", "cancelled"], ["R", "preliminary"], ["Q", "unknown"]])("OBX-11 %s is %s", (code, status) => {
    expect(oru(`OBX|1|NM|718-7^Hb^LN||7||||||${code}`).of("Observation")[0]).toMatchObject({ status });
  });
  it("a correction has the id of the result that it corrects, and another result has its own", () => {
    const id = (obx: string) => oru(obx).of("Observation")[0]?.["id"];
    expect(id("OBX|1|NM|718-7^Hb^LN||9||||||C")).toBe(id("OBX|1|NM|718-7^Hb^LN||7||||||F"));
    expect(id("OBX|1|NM|789-8^RBC^LN||7||||||F")).not.toBe(id("OBX|1|NM|718-7^Hb^LN||7||||||F"));
  });
  it("flags of table 0078 become interpretations, each of them, and an unknown one stays", () => {
    const { of, problems } = oru("OBX|1|NM|718-7^Hb^LN||21|||HH~A~??||| F".replace(" F", "F"));
    expect(of("Observation")[0]).toMatchObject({ interpretation: [{ coding: [{ code: "HH", system: "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation" }] }, { coding: [{ code: "A" }] }, { coding: [{ code: "??" }] }] });
    expect(problems).toContainEqual({ code: "MAP-201", path: "OBX-8", line: 5 });
  });
  it("a wrong check digit and a unit that is none are told, and stay", () => {
    const { of, problems } = oru("OBX|1|NM|718-8^Hb^LN||7|mg per day^^UCUM|||||F");
    expect(problems.flatMap(({ code, line }) => (line === 5 ? [code] : []))).toEqual(["MAP-206", "MAP-207"]);
    expect(of("Observation")[0]).toMatchObject({ code: { coding: [{ code: "718-8" }] }, valueQuantity: { value: 7, unit: "mg per day" } });
  });
  it("LOINC by check digit, UCUM by form", () => {
    for (const code of ["718-7", "789-8", "2345-7", "94500-6", "LA6576-8", "LP7753-9"]) expect([code, isLoinc(code)]).toEqual([code, true]);
    for (const code of ["718-8", "7187", "94500-7", "123456789-1", ""]) expect([code, isLoinc(code)]).toEqual([code, false]);
    for (const unit of ["mg/dL", "10*3/uL", "{copies}/mL", "mm[Hg]", "%", "kg/m2", "[IU]/L", "1", "/min", "g.m/s2", "a"]) expect([unit, isUcum(unit)]).toEqual([unit, true]);
    for (const unit of ["mg per dL", "(mg", "mg//dL", "", "mg/"]) expect([unit, isUcum(unit)]).toEqual([unit, false]);
  });
});

describe("what a result says beside its value", () => {
  const order = "ORC|RE|P1|F1";
  const obr = "OBR|1|P1|F1|718-7^Hemoglobin^LN|||202603091000|||5^Cole^Ann~6^Dane^Bea||||||7^Ames^Cy~8^Byrd^Di|||||||||F";
  it("a note after a result is its note, also when nothing else is said of it", () => {
    const { of } = mapped([msh("ORU^R01^ORU_R01"), "PID|1||4711", obr, "OBX|1", "NTE|1|L|Hemolyzed", "NTE|2|L|Repeat"]);
    expect(of("Observation")[0]).toMatchObject({ note: [{ text: "Hemolyzed" }, { text: "Repeat" }] });
  });
  it("a note after an order is the request's, or the report's where there is no request", () => {
    const lines = [obr, "NTE|1|L|Fasting unknown", "OBX|1|NM|718-7^Hb^LN||7||||||F"];
    const note = [{ text: "Fasting unknown" }];
    expect(mapped([msh("ORU^R01^ORU_R01"), "PID|1||4711", order, ...lines]).of("ServiceRequest")[0]).toMatchObject({ note });
    expect(mapped([msh("ORU^R01^ORU_R01"), "PID|1||4711", ...lines]).of("ServiceRequest")[0]).toMatchObject({ note });
    const without = mapped([msh("ORU^R01^ORU_R01"), "PID|1||4711", ...lines], { requests: "ordered" });
    expect(without.of("DiagnosticReport")[0]).toMatchObject({ extension: [{ url: "http://hl7.org/fhir/5.0/StructureDefinition/extension-DiagnosticReport.note", valueAnnotation: note[0] }] });
  });
  it("a second collector or ordering provider is told, and not mixed into the first", () => {
    const { of, problems } = mapped([msh("ORU^R01^ORU_R01"), "PID|1||4711", order, obr]);
    const names = of("Practitioner").map((each) => (each["name"] as readonly { family: string }[]).map(({ family }) => family));
    expect(names.toSorted()).toEqual([["Ames"], ["Cole"]]);
    expect(problems).toEqual(expect.arrayContaining([{ code: "MAP-209", path: "OBR-10", line: 4 }, { code: "MAP-209", path: "OBR-16", line: 4 }]));
  });
  it("a result without an ORC keeps who ordered it, why and how urgently, unless the channel wants no ServiceRequest", () => {
    const lines = [msh("ORU^R01^ORU_R01"), "PID|1||4711", "OBR|1|P1|F1|718-7^Hb^LN|S||202603091000|||||||||7^Ames^Cy|||||||||||||||I10^Hypertension^I10", "OBX|1|NM|718-7^Hb^LN||7||||||F"];
    const { of } = mapped(lines);
    expect(of("ServiceRequest")).toMatchObject([{ intent: "order", priority: "stat", identifier: [{ value: "P1" }, { value: "F1" }], code: { coding: [{ code: "718-7" }] }, requester: {}, reasonCode: [{ coding: [{ code: "I10" }] }] }]);
    expect(of("Practitioner")).toMatchObject([{ identifier: [{ value: "7" }] }]);
    expect(of("DiagnosticReport")[0]).toMatchObject({ basedOn: [{ reference: `urn:uuid:${of("ServiceRequest")[0]?.["id"]}` }] });
    const ordered = mapped(lines, { requests: "ordered" });
    expect(ordered.of("ServiceRequest")).toEqual([]);
    expect(ordered.of("DiagnosticReport")[0]?.["basedOn"]).toBeUndefined();
  });
});

describe("segments", () => {
  it("one that no map is for is told with its place, once; one that the channel drops is not", () => {
    const lines = [msh("ADT^A04^ADT_A01"), "EVN||202603091000", "PID|1||4711", "NK1|1|Test^Berta", "PV1|1|O", "ZPI|1|x", "FT1|1", "FT1|2"];
    const told = (options: MapOptions = {}) => mapped(lines, options).problems.flatMap(({ code, path, line }) => (code === "MAP-210" ? [`${path} ${line}`] : []));
    expect(told()).toEqual(["ZPI 6", "FT1 7", "FT1[2] 8"]);
    expect(told({ drop: ["NK1[Patient]", "RelatedPerson", "Encounter"] })).toEqual(told());
  });
  it("observations and insurance of a VXU, and insurance of an ORM, are mapped where the published message map has a slip", () => {
    const vxu = mapped([msh("VXU^V04^VXU_V04"), "PID|1||4711", "IN1|1|P|C1|Payer", "ORC|RE||V1", "RXA|0|1|20260309||88^Influenza^CVX|0.5|mL^^UCUM", "OBX|1|CE|64994-7^Eligibility^LN|1|V01^Not eligible^HL70064||||||F", "OBX|2|NA|1-8^Two^LN|1|7^8||||||F"]);
    expect(vxu.of("Observation").map((each) => (each["code"] as { coding: readonly { code: string }[] }).coding[0]?.code)).toEqual(["64994-7", "1-8"]);
    expect(vxu.of("Observation")[0]).toMatchObject({ partOf: [{ reference: `urn:uuid:${vxu.of("Immunization")[0]?.["id"]}` }] });
    expect(vxu.of("Coverage")).toMatchObject([{ beneficiary: { reference: `urn:uuid:${vxu.of("Patient")[0]?.["id"]}` } }]);
    expect(mapped([msh("ORM^O01^ORM_O01"), "PID|1||4711", "IN1|1|P|C1|Payer", "ORC|NW|P1", "OBR|1|P1||718-7^Hb^LN"]).of("Coverage")).toHaveLength(1);
  });
});

describe("fields", () => {
  const lines = [msh("ADT^A04^ADT_A01"), "EVN|A04|202603091000", "PID|1||4711||Test^Alma|||F||2106-3^White^CDCREC||||||||||||2186-5^Not Hispanic^CDCREC", "PV1|1|O"];
  const told = (options: MapOptions = {}, also: readonly string[] = []) => mapped([...lines, ...also], options).problems.flatMap(({ code, path, line }) => (code === "MAP-211" ? [`${path} ${line}`] : []));
  it("one that no map speaks of is told with its place; a set id, and what a condition reads, are not", () => {
    expect(told()).toEqual(["PID-10 3", "PID-22 3"]);
    expect(told({}, ["NK1|1|Test^Berta", "OBX|1|NM|718-7^Hb^LN||7||||||F"])).toEqual(["PID-10 3", "PID-22 3"]);
    expect(told({}, ["PV2|||||||||||||||||||||1", 'AL1|1|DA|P^Penicillin|SV|""'])).toEqual(["PID-10 3", "PID-22 3", "PV2-21 5"]);
  });
  it("one that the channel maps, leaves out or drops with its segment is not", () => {
    const rows = { "PID[Patient]": [{ from: "PID-10", to: "" }, { from: "PID-22.2", to: "extension.valueString" }] };
    expect(told({ rows })).toEqual([]);
    expect(told({ drop: ["PID[Patient]"] })).toEqual([]);
  });
  it("by the maps that were used: an order's fields are lost where no request is made", () => {
    const oruLines = [msh("ORU^R01^ORU_R01"), "PID|1||4711", "OBR|1|P1|F1|718-7^Hb^LN|S||202603091000|||||||||7^Ames^Cy|||||||||F", "OBX|1|NM|718-7^Hb^LN|a|7||||||F"];
    const lost = (options: MapOptions) => mapped(oruLines, options).problems.flatMap(({ code, path }) => (code === "MAP-211" ? [path] : []));
    expect(lost({})).toEqual(["OBX-4"]);
    expect(lost({ requests: "ordered" })).toEqual(["OBR-5", "OBR-16", "OBX-4"]);
  });
});

describe("merges", () => {
  const merge = (type: string, mrg: string, ...more: string[]) => mapped([msh(type), "EVN||202603091000", "PID|1||4711^^^NORTH^MR||Test^Alma", mrg, ...more]);
  it.each(["ADT^A40^ADT_A39", "ADT^A40", "ADT^A34", "ADT^A18^ADT_A18"])("%s: the patient that stays replaces each that MRG names", (type) => {
    const { of, problems } = merge(type, "MRG|999^^^NORTH^MR~P7^^^SOUTH^PI||ACC9");
    expect(of("Patient")).toMatchObject([{ identifier: [{ value: "4711" }], link: [
      { type: "replaces", other: { type: "Patient", identifier: { value: "999", system: "NORTH", type: { coding: [{ code: "MR" }] } } } },
      { type: "replaces", other: { type: "Patient", identifier: { value: "P7", system: "SOUTH" } } },
    ] }]);
    expect(problems.map(({ code }) => code)).not.toContain("MAP-210");
    expect(validateFhir(writeJson(of("Patient")[0] as unknown as Json)).filter(({ severity }) => severity === "error")).toEqual([]);
  });
  it("one message may merge several patients, each with its own", () => {
    const { of } = merge("ADT^A40^ADT_A39", "MRG|1^^^NORTH^MR", "PID|2||4712^^^NORTH^MR||Test^Berta", "MRG|2^^^NORTH^MR");
    expect(of("Patient").map((each) => [(each["identifier"] as { value: string }[])[0]?.value, (each["link"] as { other: { identifier: { value: string } } }[]).map(({ other }) => other.identifier.value)])).toEqual([["4711", ["1"]], ["4712", ["2"]]]);
  });
  it.each(["ADT^A41^ADT_A39", "ADT^A42^ADT_A39", "ADT^A35", "ADT^A08^ADT_A01"])("%s merges no patients: MRG is told", (type) => {
    const { of, problems } = merge(type, "MRG|999^^^NORTH^MR||ACC9");
    expect(of("Patient")[0]?.["link"]).toBeUndefined();
    expect(problems).toContainEqual({ code: "MAP-210", path: "MRG", line: 4 });
  });
});

describe("the length of an appointment", () => {
  const siu = (length: string, unit: string) => mapped([msh("SIU^S12^SIU_S12"), `SCH|1|2|||||||${length}|${unit}`, "PID|1||4711", "RGS|1", "AIS|1||A^B|20260310090000-0500"]);
  it.each([["30", "", 30], ["30", "min", 30], ["90", "s", undefined], ["120", "SEC^seconds", 2], ["2", "h", 120], ["0.5", "HR", 30], ["1", "d", 1440], ["2", "wk", undefined], ["x", "h", undefined]])("%s %s", (length, unit, minutes) => {
    const { of, problems } = siu(length, unit);
    expect(of("Appointment")[0]?.["minutesDuration"]).toBe(minutes);
    expect(problems.filter(({ path }) => path === "SCH-9").map(({ code }) => code)).toEqual(minutes === undefined ? ["MAP-202"] : []);
  });
});

describe("contact points", () => {
  it.each([["555-0100^PRN^PH", "555-0100"], ["^NET^Internet^alma@test.example", "alma@test.example"], ["alma@test.example^NET^Internet", "alma@test.example"], ["555-0100^NET^Internet^alma@test.example", "alma@test.example"]])("%s has the value %s", (xtn, value) => {
    expect(mapped([msh("ADT^A04^ADT_A01"), `PID|1||4711||||||||||${xtn}`]).of("Patient")[0]).toMatchObject({ telecom: [{ value }] });
  });
});

describe("what a message must not be made to say", () => {
  it("an endpoint that is known is not marked as unknown, and one that is not, is", () => {
    const header = (lead: string) => mapped([`MSH|^~\\&|${lead}|NORTH|EHR^2.16.840.1.113883.19.5^ISO|CLINIC|20260309143000-0500||ADT^A04^ADT_A01|C1|P|2.5.1`, "PID|1||4711"]).of("MessageHeader")[0] as unknown as { source: object; destination: readonly object[] };
    expect(header("LIS^2.16.840.1.113883.19.4^ISO").source).toEqual({ name: "LIS", endpoint: "urn:oid:2.16.840.1.113883.19.4" });
    expect(header("LIS").source).toMatchObject({ name: "LIS", _endpoint: { extension: [{ valueCode: "unknown" }] } });
    expect(header("LIS").destination[0]).toMatchObject({ endpoint: "urn:oid:2.16.840.1.113883.19.5" });
    expect(header("LIS").destination[0]).not.toHaveProperty("_endpoint");
  });
  it("referring doctors of PV1-8 are participants, and the role of personnel in AIP-4 is theirs", () => {
    const visit = mapped([msh("ADT^A01^ADT_A01"), "PID|1||4711", "PV1|1|I||||||7^Ames^Cy~8^Byrd^Di"]);
    expect(visit.of("Encounter")[0]).toMatchObject({ participant: [{ type: [{ coding: [{ code: "REF" }] }], individual: {} }, { individual: {} }] });
    expect(visit.of("Practitioner").map((each) => (each["name"] as readonly { family: string }[])[0]?.family)).toEqual(["Ames", "Byrd"]);
    const booked = mapped([msh("SIU^S12^SIU_S12"), "SCH|1|2", "PID|1||4711", "RGS|1", "AIP|1||7^Ames^Cy|SUR^Surgeon^99ROLE"]);
    expect(JSON.stringify(booked.of("Appointment"))).toContain('"Surgeon"');
    expect(JSON.stringify(booked.of("Appointment"))).not.toContain("valueset");
  });
  it("the assigner of a place's id is an organization of its own", () => {
    const { of } = mapped([msh("ADT^A01^ADT_A01"), "PID|1||4711", "PV1|1|I|^^^North&2.16.840.1.113883.19.6&ISO^^^^^^B7&BEDS&2.16.840.1.113883.19.7&ISO"]);
    expect(of("Organization")).toEqual(expect.arrayContaining([expect.objectContaining({ identifier: [{ value: "BEDS" }, expect.objectContaining({ value: expect.stringContaining("2.16.840.1.113883.19.7") })] })]));
  });
});

describe("a partner's known options", () => {
  const lines = [msh("ORU^R01^ORU_R01", ""), "PID|1||4711", "OBR|1|P1|F1|718-7^Hb^LN|||202603091000|||||||||7^Ames^Cy^^^^MD^^^B", "OBX|1|NM|718-7^Hb^LN||7||||||F|||20260309101530"];
  it("stand where the channel states none", () => {
    const { of } = mapped(lines, { like: "reportstream" });
    expect(of("Practitioner")[0]).toMatchObject({ name: [{ family: "Ames", suffix: ["MD"], use: "official" }] });
    expect(of("Observation")[0]).toMatchObject({ effectiveDateTime: "2026-03-09T10:15:30Z" });
    expect(of("ServiceRequest")).toHaveLength(1);
  });
  it("yield to the channel's own, and an unknown partner is refused", () => {
    const { of } = mapped(lines, { like: "reportstream", requests: "ordered", zone: "-05:00", rows: { "XCN[Practitioner]": [{ from: "XCN.5", to: "name.text" }] } });
    expect(of("ServiceRequest")).toEqual([]);
    expect(of("Observation")[0]).toMatchObject({ effectiveDateTime: "2026-03-09T10:15:30-05:00" });
    expect(() => mapped(lines, { like: "nobody" })).toThrow("MAP-101");
  });
});

describe("times", () => {
  const effective = (zone: string, options: MapOptions = {}) => mapped([msh("ORU^R01^ORU_R01", zone), "PID|1", "OBR|1|||718-7^Hb^LN|||202603091000", "OBX|1|NM|718-7^Hb^LN||7||||||F|||20260309101530"], options).of("Observation")[0]?.["effectiveDateTime"];
  it("take the offset of MSH-7, else the one that the channel states, else keep the day alone", () => {
    expect(effective("-0500")).toBe("2026-03-09T10:15:30-05:00");
    expect(effective("")).toBe("2026-03-09");
    expect(effective("", { zone: "+01:00" })).toBe("2026-03-09T10:15:30+01:00");
  });
});

describe("other messages", () => {
  it("RDE by our own table", () => {
    const { of } = mapped([msh("RDE^O11^RDE_O11"), "PID|1||4711^^^NORTH^MR||Test^Alma", "ORC|NW|RX1||||||||||77^Doc^Ann", "RXE||197361^amlodipine 5 MG^RXNORM|5||mg^^UCUM|TAB|^one a day||G|30|TAB|2", "TQ1|1||QD", "RXR|PO^Oral^HL70162"]);
    expect(of("MedicationRequest")).toMatchObject([{
      status: "active", intent: "order", identifier: [{ value: "RX1" }],
      medicationCodeableConcept: { coding: [{ system: "http://www.nlm.nih.gov/research/umls/rxnorm", code: "197361" }] },
      dosageInstruction: [{ text: "one a day", doseAndRate: [{ doseQuantity: { value: 5, code: "mg" } }], route: { coding: [{ code: "PO" }] } }],
      dispenseRequest: { quantity: { value: 30 }, numberOfRepeatsAllowed: 2 },
    }]);
    expect(of("MedicationRequest")).toHaveLength(1);
  });
  it("each allergy is a resource of its own, with its reaction", () => {
    const { of } = mapped([msh("ADT^A04^ADT_A01"), "PID|1||4711", "AL1|1|DA|PEN^Penicillin|SV|Rash~Hives", "AL1|2|FA|NUT^Nuts|MI"]);
    expect(of("AllergyIntolerance")).toMatchObject([{ category: ["medication"], reaction: [{ severity: "severe", manifestation: [{ text: "Rash" }, { text: "Hives" }] }] }, { category: ["food"], criticality: "low" }]);
  });
  it("a type without a map, and an option that names nothing, are refused", () => {
    expect(() => mapped([msh("QBP^Q22"), "QPD|1"])).toThrow("MAP-001");
    expect(() => mapped([msh("ADT^A01"), "PID|1"], { rows: { "PID[Pasient]": [] } })).toThrow("MAP-101");
  });
  it("a channel's rows stand in the place of the map's", () => {
    const { of } = mapped([msh("ADT^A01"), "PID|1||4711||Test^Alma||||||||||||||123456789"], { rows: { "PID[Patient]": [{ from: "PID-19", to: "" }, { from: "PID-5", to: "name[1].text", when: { "PID-3": "present" } }] } });
    expect(of("Patient")[0]).toMatchObject({ identifier: [{ value: "4711" }], name: [{ text: "Test" }] });
    expect(JSON.stringify(of("Patient"))).not.toContain("123456789");
  });
});
