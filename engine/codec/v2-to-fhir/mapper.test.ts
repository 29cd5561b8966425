import { describe, expect, it } from "vitest";
import { readMapTables } from "../../sandbox/map-tables.ts";
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
