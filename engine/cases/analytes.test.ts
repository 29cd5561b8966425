import { describe, expect, it } from "vitest";
import { clinicalResults } from "../codec/clinical/index.ts";
import { readTree } from "../codec/index.ts";
import { analyteProblems } from "./analytes.ts";

const spec = { table: "t", list: "l", owner: "o", do: "deliver" as const, rows: { "2823-3": "mmol/L meq/L", "8251-1": "-" } };
const problems = (obx: string) => analyteProblems(clinicalResults(readTree("hl7v2", `MSH|^~\\&|A|B|C|D|2026||ORU^R01|1|P|2.5.1\rOBR|1|P|F\r${obx}\r`), "hl7v2"), spec);

describe("results against the site's table", () => {
  it.each([
    ["OBX|1|NM|2823-3^K^LN||4.1|mmol/L|3.5-5.1|N|||F", []],
    ["OBX|1|NM|2823-3^K^LN||4.1|meq/L|3.5-5.1|N|||F", []],
    ["OBX|1|NM|2823-3^K^LN||4.1|mg/dL|3.5-5.1|N|||F", ["CAS-115"]],
    ["OBX|1|NM|2823-3^K^LN||4.1||3.5-5.1|N|||F", ["CAS-115"]],
    ["OBX|1|NM|2823-3^K^LN||||3.5-5.1||||X", []],
    ["OBX|1|ST|2823-3^K^LN||hemolyzed|||N|||F", []],
    ["OBX|1|NM|8251-1^C^LN||4|||N|||F", []],
    ["OBX|1|NM|GLU^Glucose^L||4|mmol/L||N|||F", ["CAS-114"]],
    ["OBX|1|NM|^Glucose||4|mmol/L||N|||F", ["CAS-114"]],
    ["OBX|1|NM|constructor^x^L||4|mmol/L||N|||F", ["CAS-114"]],
    ["OBX|1|NM|2823-3^K^LN||5.2|mmol/L|3.5-5.1||||F", ["CAS-116"]],
    ["OBX|1|NM|2823-3^K^LN||5.1|mmol/L|3.5-5.1||||F", []],
    ["OBX|1|NM|2823-3^K^LN||5.2|mmol/L|3.5-5.1|H|||F", []],
    ["OBX|1|SN|2823-3^K^LN||>^60|mmol/L|>60||||F", []],
    ["OBX|1|NM|2823-3^K^LN||59|mmol/L|>60||||F", ["CAS-116"]],
    ["OBX|1|NM|2823-3^K^LN||5.2|mmol/L|see below||||F", []],
  ])("%s", (obx, expected) => expect(problems(obx)).toEqual(expected));

  it("says each once for a message, and reads FHIR", () => {
    expect(problems("OBX|1|NM|X||4\rOBX|2|NM|Y||4\rOBX|3|NM|2823-3||9|mg/dL|3-5")).toEqual(["CAS-114", "CAS-115", "CAS-116"]);
    const observation = JSON.stringify({ resourceType: "Observation", status: "final", code: { coding: [{ code: "2823-3" }] }, valueQuantity: { value: 4, code: "mg/dL" } });
    expect(analyteProblems(clinicalResults(readTree("fhir", observation), "fhir"), spec)).toEqual(["CAS-115"]);
  });
});
