import { describe, expect, test } from "vitest";
import { readTree } from "../codec/index.ts";
import { briefType } from "./brief.ts";
import { patientsOf } from "./patients.ts";

const hl7 = (...segments: string[]) => readTree("hl7v2", ["MSH|^~\\&|A|B|C|D|20260101||ADT^A04|X|P|2.5", ...segments].join("\r"));
const fhir = (value: unknown) => readTree("fhir", JSON.stringify(value));
const ids = (tree: ReturnType<typeof hl7>, format: string, path?: string) => patientsOf(tree, format, "north", path).patients.map((patient) => patient.ids);

describe("HL7 v2", () => {
  test("every repetition of PID-3, PID-2 and PID-4, with who assigned it", () => {
    expect(ids(hl7("PID|1|222|111^^^NORTH^MR~333^^^&2.16.840&ISO^PI|444^^^OLD"), "hl7v2")).toEqual([
      ["111", "111^^^NORTH", "333", "333^^^2.16.840", "222", "444", "444^^^OLD"],
    ]);
  });

  test("several patients are several; one that comes twice is one; escapes are resolved", () => {
    expect(ids(hl7("PID|1||111", "PV1|1", "PID|2||222\\T\\3", "PID|3||111"), "hl7v2")).toEqual([["111"], ["222&3"]]);
  });

  test("no PID, or one without an id, is nobody", () => {
    expect(ids(hl7("PV1|1"), "hl7v2")).toEqual([]);
    expect(ids(hl7("PID|1||||DOE^JANE"), "hl7v2")).toEqual([]);
  });
});

describe("FHIR", () => {
  test("a Patient by its id and identifiers, and what refers to it is the same one", () => {
    const bundle = {
      resourceType: "Bundle",
      entry: [
        { resource: { resourceType: "Patient", id: "p1", identifier: [{ system: "urn:north", value: "111" }, { value: "222" }] } },
        { resource: { resourceType: "Observation", subject: { reference: "Patient/p1" }, performer: [{ reference: "Practitioner/x" }] } },
        { resource: { resourceType: "Observation", subject: { reference: "https://ehr.example/fhir/Patient/p2/_history/3" } } },
        { resource: { resourceType: "Coverage", beneficiary: { type: "Patient", identifier: { system: "urn:south", value: "333" } } } },
      ],
    };
    expect(ids(fhir(bundle), "fhir")).toEqual([["Patient/p1", "111", "urn:north|111", "222"], ["Patient/p2"], ["333", "urn:south|333"]]);
  });

  test("an id alone, and what is no patient", () => {
    expect(ids(fhir({ resourceType: "Appointment", participant: [{ actor: { reference: "Patient/9" } }, { actor: { reference: "Location/1" } }] }), "fhir")).toEqual([["Patient/9"]]);
    expect(ids(fhir({ resourceType: "Location", id: "1" }), "fhir")).toEqual([]);
  });
});

test("other formats say it by a path alone, which goes before a format's own places", () => {
  const json = readTree("json", '{"patient":{"mrn":"77"},"others":[{"mrn":"88"}]}');
  expect(ids(json, "json")).toEqual([]);
  expect(ids(json, "json", "patient.mrn")).toEqual([["77"]]);
  expect(ids(hl7("PID|1||111", "PV1|1||||||||||||||||||VN5"), "hl7v2", "PV1-19")).toEqual([["VN5"]]);
});

test("beyond a thousand patients the others are counted", () => {
  const many = hl7(...Array.from({ length: 1205 }, (_, i) => `PID|${i}||id${i}`));
  const { patients, more } = patientsOf(many, "hl7v2", "north");
  expect([patients.length, more, patients[0]?.owner]).toEqual([1000, 205, "north"]);
});

test("a type is one of a standard's, or nothing: a sender may write a name in its place", () => {
  expect(["ORU^R01", "ADT^A04", "Patient", "ACK"].map(briefType)).toEqual(["ORU^R01", "ADT^A04", "Patient", "ACK"]);
  expect(["JaneRivera", "RIVERA^JANE", "oru^r01", "Rivera Jane", ""].map(briefType)).toEqual(["", "", "", "", ""]);
});
