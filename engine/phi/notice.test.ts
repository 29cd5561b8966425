import { describe, expect, test } from "vitest";
import { parseHl7, readJson } from "../codec/index.ts";
import { withNotice } from "./notice.ts";
import { registration } from "./testing/given.ts";

const part2 = ["part2-notice"];
const statement = "42 CFR part 2 prohibits unauthorized use or disclosure of these records.";
const names = (text: string) => parseHl7(text).segments.map((segment) => segment.name);

test("nothing owed, nothing added", () => {
  expect(withNotice("hl7v2", registration, ["encryption"])).toBeUndefined();
});

describe("HL7 v2", () => {
  test("a comment on the patient, and every other segment as it was", () => {
    const noticed = withNotice("hl7v2", registration, part2) ?? "";
    expect(names(noticed)).toEqual(["MSH", "EVN", "PID", "NTE", "NK1", "PV1", "IN1", "ZPX"]);
    expect(parseHl7(noticed).get("NTE-3")).toBe(statement);
    expect(noticed.replace(`NTE|1||${statement}\r`, "")).toBe(registration);
  });

  test("after PD1 and the comments that stand there, counted on", () => {
    const noticed = withNotice("hl7v2", "MSH|^~\\&|A|B|C|D|20260101||ORU^R01|1|P|2.5.1\rPID|1||7\rPD1|1\rNTE|1||fasting\rOBR|1\rNTE|1||lab", part2) ?? "";
    expect(noticed.split("\r").slice(3, 6)).toEqual(["NTE|1||fasting", `NTE|2||${statement}`, "OBR|1"]);
  });

  test("on every patient of a message that has several, at the end of one that has none", () => {
    const two = withNotice("hl7v2", "MSH|^~\\&|A|B|C|D|20260101||ORU^R01|1|P|2.5.1\rPID|1\rOBR|1\rPID|2\rOBR|2", part2) ?? "";
    expect(names(two)).toEqual(["MSH", "PID", "NTE", "OBR", "PID", "NTE", "OBR"]);
    const none = withNotice("hl7v2", "MSH|^~\\&|A|B|C|D|20260101||MDM^T02|1|P|2.5.1\rTXA|1\r", part2) ?? "";
    expect(names(none)).toEqual(["MSH", "TXA", "NTE"]);
  });

  test("in each message of a text that holds several, with a patient or without", () => {
    const text = "BHS|^~\\&\rMSH|^~\\&|A|B|C|D|20260101||ORU^R01|1|P|2.5.1\rPID|1\rOBR|1\rMSH|^~\\&|A|B|C|D|20260101||MDM^T02|2|P|2.5.1\rTXA|1\rBTS|2\r";
    const noticed = withNotice("hl7v2", text, part2) ?? "";
    expect(names(noticed)).toEqual(["BHS", "MSH", "PID", "NTE", "OBR", "MSH", "TXA", "NTE", "BTS"]);
    expect(withNotice("hl7v2", noticed, part2)).toBe(noticed);
  });

  test("a text without any message has no place for it", () => {
    expect(() => withNotice("hl7v2", "BHS|^~\\&\rBTS|0\r", part2)).toThrow("PHI-215");
  });

  test("once", () => {
    const noticed = withNotice("hl7v2", registration, part2) ?? "";
    expect(withNotice("hl7v2", noticed, part2)).toBe(noticed);
  });

  test("with delimiters of its own", () => {
    const noticed = withNotice("hl7v2", "MSH#*~\\&#A#B#C#D#20260101##ORU*R01#1#P#2.5.1\rPID#1", part2) ?? "";
    expect(noticed.endsWith(`\rNTE#1##${statement}`)).toBe(true);
  });

  test("what came under another law than part 2 does not speak of it", () => {
    expect(withNotice("hl7v2", registration, ["no-redisclosure"])).toContain("may not be disclosed further");
    expect(withNotice("hl7v2", registration, ["no-redisclosure"])).not.toContain("42 CFR");
  });
});

describe("FHIR", () => {
  const system = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
  const added = [{ system, code: "42CFRPart2" }, { system, code: "NORDSCLCD" }, { display: statement }];
  test.each([
    ["no meta", '{"resourceType":"Observation","status":"final"}', added],
    ["meta without labels", '{"resourceType":"Observation","meta":{"versionId":"1"}}', added],
    ["empty meta", '{"resourceType":"Observation","meta":{ } }', added],
    ["labels of its own", '{"resourceType":"Bundle","meta":{"security":[{"code":"R"}]},"entry":[]}', [{ code: "R" }, ...added]],
    ["an empty list", '{"resourceType":"Bundle","meta":{"security":[]}}', added],
  ])("%s", (_, text, expected) => {
    const noticed = withNotice("fhir", text, part2) ?? "";
    expect(readJson(noticed)).toMatchObject({ meta: { security: expected } });
    expect(withNotice("fhir", noticed, part2)).toBe(noticed);
  });

  test("no other character changes", () => {
    const text = '{ "resourceType" : "Observation",\n  "value": 1.50 }';
    const noticed = withNotice("fhir", text, part2) ?? "";
    expect(noticed.startsWith(text.slice(0, -1))).toBe(true);
  });

  test.each(['{"resourceType":"Observation","meta":3}', '{"resourceType":"Observation","meta":{"security":{}}}', "[]"])("no place for it: %s", (text) => {
    expect(() => withNotice("fhir", text, part2)).toThrow("PHI-215");
  });
});

test("a format without a place for it is not sent", () => {
  expect(() => withNotice("csv", "a,b", part2)).toThrow("PHI-215");
});
