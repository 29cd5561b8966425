import { describe, expect, it } from "vitest";
import { fhir } from "./fhir/index.ts";
import { context, type Given, lowered } from "./given.fixture.ts";
import { index, number, ordinal, range } from "./plain-values.ts";

const limited: Given = { spec: { method: "limited-data-set", dates: "keep", ids: "surrogate" } };
const systems: Readonly<Record<string, string>> = { LN: "http://loinc.org", SCT: "http://snomed.info/sct" };

/** OBX from its second field. */
const obx = (rest: string, given: Given = {}) => lowered(`MSH|^~\\&|LIS|NS|||20260301||ORU^R01|C77|P|2.5.1\rPID|1||90017734^^^NS^MR||||19800102|F\rOBX|1|${rest}`, given).trimEnd().split("\r").slice(2);
const observation = (system: string, code: string, more: object, given: Given = {}) =>
  JSON.parse(fhir.deidentify(JSON.stringify({ resourceType: "Observation", status: "final", code: { coding: [{ system: systems[system], code }] }, ...more }), context(given))) as Record<string, unknown>;
const years = (value: number) => ({ value, unit: "years", system: "http://unitsofmeasure.org", code: "a" });
const old = { value: 90, comparator: ">=", system: "http://unitsofmeasure.org", code: "a" };

describe("numbers", () => {
  it.each(["0", "101", "5.10", "-2.5", "250000", "1500000", "123456.7", "0.00012", "1250.00"])("%s is a finding", (value) => expect(number(value)).toBe(value));
  it("decimals beyond the seventh digit go", () => {
    expect([number("6.299999713897705"), number("90.01773412"), number("123456.78")]).toEqual(["6.3", "90.01773", "123456.8"]);
  });
  it.each(["02139", "5559876", "5559876.0", "5559876.1", "90017734", "219099999", "6175559876", "19751224", "197512", "197512.0", "1e5", "", "12 Elm"])("%s is none", (value) => expect(number(value)).toBeUndefined());
  it("ranges are of findings, the lower first", () => {
    expect(["70-99", "-1.5-2", "<5.0", ">= 60"].map(range)).toEqual(["70-99", "-1.5-2", "<5.0", ">= 60"]);
    for (const value of ["94107-4307", "02139-94107", "5559876-5559877", "219-09-9999", "<02139", "1.2.3-4", "-"]) expect(range(value)).toBeUndefined();
  });
  it("numbers of segments and parts", () => {
    expect([ordinal("1"), ordinal("1204"), index("2.1"), index("1.10.3.12"), index("100")]).toEqual(["1", "1204", "2.1", "1.10.3.12", "100"]);
    for (const value of ["12045", "1.1", "219099999"]) expect(ordinal(value)).toBeUndefined();
    for (const value of ["219.099.999", "192.168.10.25", "1204", "1.2.3.4.5", "1.100"]) expect(index(value)).toBeUndefined();
  });
});

describe.each(["5559876", "90017735", "219099999", "6175559876", "19751224"])("%s, a number of a person or a day", (value) => {
  it("is a value in neither format", () => {
    expect(obx(`NM|2345-7^^LN||${value}`)).toEqual(["OBX|1||2345-7^^LN"]);
    expect(obx(`SN|2345-7^^LN||>^${value}`)).toEqual(["OBX|1||2345-7^^LN"]);
    expect(JSON.stringify(observation("LN", "2345-7", { valueInteger: Number(value) }))).not.toContain(value);
    expect(JSON.stringify(observation("LN", "2345-7", { valueQuantity: { value: Number(value) } }))).not.toContain(value);
  });
  it("is the number of no part", () => {
    const dotted = value.replace(/(\d{3})(?=\d)/g, "$1.");
    expect(obx(`NM|2345-7^^LN|${dotted}|5`)).toEqual(["OBX|1|NM|2345-7^^LN||5"]);
    const answers = JSON.stringify({ resourceType: "QuestionnaireResponse", status: "completed", item: [{ linkId: dotted, answer: [{ valueBoolean: true }] }] });
    expect(fhir.deidentify(answers, context())).not.toContain(dotted);
  });
});

describe("one table of codes for both formats", () => {
  it.each([["LN", "30525-0"], ["LN", "35659-2"], ["LN", "39016-1"], ["SCT", "424144002"], ["SCT", "397669002"]])("%s %s is an age", (system, code) => {
    expect(obx(`NM|${code}^^${system}||95`)).toEqual([`OBX|1|SN|${code}^^${system}||>=^90`]);
    expect(observation(system, code, { valueQuantity: { value: 95 } })["valueQuantity"]).toEqual(old);
    expect(observation(system, code, { valueInteger: 95 })).not.toHaveProperty("valueInteger");
    expect(obx(`NM|${code}^^${system}||95`, limited)).toEqual([`OBX|1|NM|${code}^^${system}||95`]);
  });
  it.each(["45401-7", "45396-9", "45397-7", "74287-4"])("LN %s is an identifier", (code) => {
    expect(obx(`NM|${code}^^LN||2139`)).toEqual([]);
    expect(observation("LN", code, { valueInteger: 2139, valueQuantity: { value: 2139 } })).not.toMatchObject({ valueInteger: 2139 });
    expect(JSON.stringify(observation("LN", code, { valueQuantity: { value: 2139 } }))).not.toContain("2139");
  });
  it.each(["8665-2", "31211-6", "11779-6", "11780-4", "31044-1", "81954-0"])("LN %s is a date, however it is written", (code) => {
    expect(obx(`NM|${code}^^LN||20260105`)).toEqual([`OBX|1|NM|${code}^^LN||2026`]);
    expect(obx(`SN|${code}^^LN||^20260105`)).toEqual([`OBX|1|SN|${code}^^LN||^2026`]);
    expect(obx(`SN|${code}^^LN||^2026^-^0105`)).toEqual([`OBX|1||${code}^^LN`]);
    expect(obx(`NM|${code}^^LN||20260105`, limited)).toEqual([`OBX|1|NM|${code}^^LN||20260105`]);
    expect(observation("LN", code, { valueInteger: 202601 })).not.toHaveProperty("valueInteger");
  });
  it("the year of birth as a number follows the rule of birth dates", () => {
    expect(obx("NM|21112-8^^LN||19751224")).toEqual(["OBX|1|NM|21112-8^^LN||1975"]);
    expect(obx("NM|21112-8^^LN||19301224")).toEqual(["OBX|1||21112-8^^LN"]);
  });
});

describe("more than 89 years under any code", () => {
  it("are 90 or more", () => {
    expect(obx("NM|2345-7^^LN||95|a^year^UCUM")).toEqual(["OBX|1|SN|2345-7^^LN||>=^90|a"]);
    expect(obx("NM|2345-7^^LN||95|^years")).toEqual(["OBX|1|SN|2345-7^^LN||>=^90"]);
    expect(obx("SN|2345-7^^LN||^60^-^95|yr")[0]).toMatch(/^OBX\|1\|SN\|2345-7\^\^LN\|\|>=\^90/);
    expect(obx("NM|2345-7^^LN||1100|mo")[0]).toContain("|>=^90|");
    expect(observation("LN", "2345-7", { valueQuantity: years(95) })["valueQuantity"]).toEqual(old);
    expect(observation("LN", "2345-7", { valueRange: { low: years(60), high: years(95) } })["valueRange"]).toEqual({ low: { value: 90, system: old.system, code: "a" } });
    expect(observation("LN", "2345-7", { component: [{ code: { coding: [{ system: systems["LN"], code: "2345-7" }] }, valueQuantity: years(95) }] })["component"]).toMatchObject([{ valueQuantity: old }]);
  });
  it("fewer years, and other units, stay", () => {
    expect(obx("NM|2345-7^^LN||40|a")).toEqual(["OBX|1|NM|2345-7^^LN||40|a"]);
    expect(obx("NM|2345-7^^LN||95|mg/dL")).toEqual(["OBX|1|NM|2345-7^^LN||95|mg/dL"]);
    expect(observation("LN", "2345-7", { valueQuantity: years(40) })["valueQuantity"]).toMatchObject({ value: 40, code: "a" });
  });
});
