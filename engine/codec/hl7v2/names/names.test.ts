import { describe, expect, it } from "vitest";
import { fieldOf, segmentsOf } from "../dictionary/index.ts";
import { parseHl7 } from "../message.ts";
import { parsePath, parseSegmentPath } from "../path.ts";
import { aliases } from "./aliases.ts";
import { resolveNames } from "./resolve.ts";

const text = [
  "MSH|^~\\&|LAB|NORTH|EHR|SOUTH|20260105081500||ORU^R01|L77|P|2.5.1",
  "PID|1||A1^^^NORTH&1.2&ISO^MR~B2||ROE^RITA~DOE^RITA||19800203",
  "OBX|1|NM|718-7^Hemoglobin^LN||13.5",
  "OBX|2|NM|718-8^Other^LN||14.5",
].join("\r");

const shown = (path: string) => {
  const { segment, index, field, repetition, component, subcomponent } = parsePath(path);
  const at = (n: number) => (n === 0 ? "" : `[${n}]`);
  return `${segment}${at(index)}-${field}${at(repetition)}${component === 0 ? "" : `.${component}`}${subcomponent === 0 ? "" : `.${subcomponent}`}`;
};

describe("paths with names", () => {
  it.each([
    ["patient.name.family", "PID-5.1"],
    ["patient.name[2].given", "PID-5[2].2"],
    ["patient.id[2].authority.universalId", "PID-3[2].4.2"],
    ["patient.birth", "PID-7"],
    ["patient.name.degree", "PID-5.6"],
    ["patient.strain", "PID-37"],
    ["observation[2].value", "OBX[2]-5"],
    ["message.to.facility", "MSH-6"],
    ["PID.patientName.familyName", "PID-5.1"],
    ["PID.patientName[2].familyName.surname", "PID-5[2].1.1"],
    ["OBX[3].observationValue", "OBX[3]-5"],
    ["PID.patientIdentifierList.4.2", "PID-3.4.2"],
    ["PID-5.1", "PID-5.1"],
  ])("%s is %s", (named, numbers) => expect(shown(named)).toBe(numbers));
  it.each(["patient", "patient.nmae", "PID.patientNam", "patient.name.family[2]", "patient..name", "patient.name.family.surname.more", "PID.", "PID.5", "OBX.5.2", "constructor", "__proto__.x", "PID.constructor", "patient.name[0]", "observation[12345].value"])(
    "%s is no path",
    (path) => expect(() => parsePath(path)).toThrow("HL7-101"),
  );
  it("are read and written like those of numbers, in messages and in segments", () => {
    const msg = parseHl7(text);
    expect([msg.get("patient.name.family"), msg.get("PID.patientName[2].familyName"), msg.values("patient.id.value"), msg.get("observation[2].value")]).toEqual(["ROE", "DOE", ["A1", "B2"], "14.5"]);
    expect(msg.all("observation").map((obx) => [obx.get("observationValue"), obx.get("observationIdentifier.text")])).toEqual([["13.5", "Hemoglobin"], ["14.5", "Other"]]);
    msg.set("patient.name.given", "ANN").set("observation[2].value", 15);
    expect(msg.toString()).toBe(text.replace("ROE^RITA", "ROE^ANN").replace("14.5", "15"));
    expect(parseSegmentPath("observation[2]")).toMatchObject({ segment: "OBX", index: 2 });
  });
  it("say what could have been meant", () => {
    expect(resolveNames("patient.nmae")).toMatchObject({ name: "nmae", known: expect.arrayContaining(["name", "birth", "patientName"]) });
    expect(resolveNames("PID.patientName.famly")).toMatchObject({ name: "famly", known: expect.arrayContaining(["familyName"]) });
    expect(resolveNames("pateint.name")).toMatchObject({ name: "pateint", known: expect.arrayContaining(["patient"]) });
  });
  it("short names lead to fields that the standard has", () => {
    expect(Object.values(aliases).filter((path) => path.includes("-") && fieldOf(undefined, path.slice(0, 3), Number(/-(\d+)/.exec(path)?.[1])) === undefined)).toEqual([]);
    expect(Object.keys(aliases).filter((alias) => alias.includes(".") && !(alias.replace(/\.\w+$/, "") in aliases))).toEqual([]);
    expect(segmentsOf().filter((name) => name.length === 3 && "known" in resolveNames(name))).toEqual([]);
  });
});
