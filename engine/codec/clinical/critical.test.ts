import { expect, test } from "vitest";
import { readTree } from "../index.ts";
import { clinicalResults, whyCritical } from "./index.ts";

const oru = (...obx: string[]) => readTree("hl7v2", ["MSH|^~\\&|LIS|NORTH|EHR|SOUTH|20260301120000||ORU^R01|C1|P|2.5.1", "OBR|1|P1|F1|24323-8^CMP^LN", ...obx].join("\r"));
const one = (flag: string, value = "4.0", unit = "mmol/L", status = "F") => clinicalResults(oru(`OBX|1|NM|2823-3^Potassium^LN||${value}|${unit}|3.5-5.1|${flag}|||${status}`), "hl7v2")[0];
const ranges = { "2823-3|mmol/L": "2.5..6.0", "718-7": "7..", "2345-7": "..500" };
const why = (flag: string, ...rest: string[]) => {
  const result = one(flag, ...rest);
  return result && whyCritical(result, { ranges });
};

test.each(["HH", "LL", "AA", ">", "<", "HU", "LU", "hh", "H~HH", "N~LL", "HH^critical^HL70078"])("flag %s is critical", (flag) => expect(why(flag)).toBe("flag"));
test.each(["N", "A", "H", "L", "U", "D", "POS", "H~A", ""])("flag %s is not", (flag) => expect(why(flag)).toBeUndefined());
test.each(["Q", "PANIC", "HHH", "*"])("flag %s is unknown, so it counts", (flag) => expect(why(flag)).toBe("flag-unknown"));
test("a flag of the site counts", () => expect(whyCritical(one("POS") as never, { flags: ["POS"] })).toBe("flag"));

test.each([
  ["6.1", "flag-missing"], ["2.4", "flag-missing"], ["6.0", undefined], ["2.5", undefined], [">6.0", "flag-missing"], ["<2.5", "flag-missing"], [">^6.0", "flag-missing"], ["^4.1", undefined],
  ["hemolyzed", "unreadable"], ["", "unreadable"],
])("value %s without a flag", (value, expected) => {
  expect(why("", value)).toBe(expected);
  // A flag of the lab that says less than the site's own table does not silence it.
  if (expected === "flag-missing") expect(why("N", value)).toBe(expected);
});
test("an analyte in a unit that the table does not know counts", () => expect(why("", "4.0", "mg/dL")).toBe("unreadable"));
test("what has no value yet does not", () => expect(why("", "", "mmol/L", "I")).toBeUndefined());

test("results of HL7 v2 keep their order, repeats and text", () => {
  const [first, second] = clinicalResults(oru("OBX|1|NM|2823-3^K^LN|1|007.0|mmol/L|3.5-5.1|H~HH|||F", "OBX|2|SN|1-8^X^LN||<^0.01||||||P"), "hl7v2");
  expect(first).toEqual({ order: "F1", code: "2823-3", subId: "1", value: "007.0", unit: "mmol/L", range: "3.5-5.1", flags: ["H", "HH"], status: "F", path: "OBX[1]" });
  expect(second).toMatchObject({ value: "<^0.01", flags: [], status: "P" });
});

test("results of FHIR are found alone, in bundles, contained and as components", () => {
  const observation = (code: string) => ({
    resourceType: "Observation", id: "o1", status: "final", code: { coding: [{ system: "http://loinc.org", code: "2823-3" }] }, basedOn: [{ reference: "ServiceRequest/F1" }],
    valueQuantity: { value: 6.8, code: "mmol/L" }, interpretation: code === "" ? [{ text: "panic" }] : [{ coding: [{ code }] }],
  });
  const of = (resource: object) => clinicalResults(readTree("fhir", JSON.stringify(resource)), "fhir");
  expect(of(observation("HH"))).toMatchObject([{ order: "ServiceRequest/F1", code: "2823-3", value: "6.8", unit: "mmol/L", flags: ["HH"], status: "final" }]);
  const bundle = of({ resourceType: "Bundle", type: "collection", entry: [{ resource: observation("N") }, { resource: { resourceType: "DiagnosticReport", contained: [observation("")] } }] });
  expect(bundle.map((result) => whyCritical(result))).toEqual([undefined, "flag-unknown"]);
  const { valueQuantity: _, interpretation: __, ...panel } = observation("N");
  expect(of({ ...panel, component: [{ code: { coding: [{ code: "8480-6" }] }, valueQuantity: { value: 90 }, interpretation: [{ coding: [{ code: "LL" }] }] }] })).toMatchObject([{ code: "8480-6", flags: ["LL"] }]);
});
