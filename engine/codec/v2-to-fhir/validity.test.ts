import { describe, expect, it } from "vitest";
import { readMapTables } from "../../sandbox/map-tables.ts";
import { validateFhir } from "../fhir-validate/validate.ts";
import { parseHl7 } from "../hl7v2/index.ts";
import { type Json, writeJson } from "../json/index.ts";
import { Mapper } from "./index.ts";

const mapper = new Mapper(readMapTables(), "k");
const unknown = { extension: [{ url: "http://hl7.org/fhir/StructureDefinition/data-absent-reason", valueCode: "unknown" }] };

/** Resources of a type, of a Bundle that is valid R4. */
function of(type: string, event: string, ...lines: readonly string[]): Record<string, unknown>[] {
  return made(type, `MSH|^~\\&|LIS|NORTH|EHR|CLINIC|20260309143000-0500||${event}|C1|P|2.5.1`, ...lines);
}

function made(type: string, ...lines: readonly string[]): Record<string, unknown>[] {
  const { bundle } = mapper.map(parseHl7(`${lines.join("\r")}\r`));
  const text = writeJson(bundle as unknown as Json);
  expect(validateFhir(text).filter(({ severity }) => severity === "error")).toEqual([]);
  return (JSON.parse(text) as { entry: { resource: Record<string, unknown> }[] }).entry.flatMap(({ resource }) => (resource["resourceType"] === type ? [resource] : []));
}

const pid = "PID|1||4711^^^NORTH^MR||Test^Alma||19700131|F";
const observed = (obx: string) => of("Observation", "ORU^R01^ORU_R01", pid, "ORC|RE|P1|F1", "OBR|1|P1|F1|8867-4^Heart rate^LN|||202603091000", obx)[0];
const contact = (nk1: string) => of("RelatedPerson", "ADT^A01^ADT_A01", "EVN||20260309", pid, nk1)[0];

describe("what the map makes is valid R4", () => {
  it("a vital sign has its category and UCUM units, and keeps the unit of the message", () => {
    expect(observed("OBX|1|NM|8867-4^Heart rate^LN||62|beats/min^^L|||||F|||20260309101530")).toMatchObject({
      category: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "vital-signs" }] }],
      valueQuantity: { value: 62, unit: "beats/min", system: "http://unitsofmeasure.org", code: "/min" },
    });
    expect(observed("OBX|1|NM|718-7^Hemoglobin^LN||7|g/dL^^UCUM|||||F")?.["category"]).toBeUndefined();
  });
  it.each([["<^5", { valueQuantity: { value: 5, comparator: "<" } }], ["=^5", { valueQuantity: { value: 5 } }], ["<>^5", { valueString: "<>5 mg" }], ["<>^1^:^40", { valueString: "<>1:40 mg" }]])("SN %s", (sn, value) => {
    const made = observed(`OBX|1|SN|5000-1^Any^L||${sn}|mg|||||F`);
    expect(made).toMatchObject(value);
    expect(JSON.stringify(made)).not.toContain('"comparator":"="');
  });
  it("a contact point without equipment has an unknown system", () => {
    expect(contact("NK1|1|Test^Bo|||^^^^^^^^^^^5550100")?.["telecom"]).toMatchObject([{ value: "5550100", _system: unknown }]);
  });
  it("a census tract extends the line of an address", () => {
    const tract = { extension: [{ url: "http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-censusTract", valueString: "6059" }] };
    expect(contact("NK1|1|Test^Bo||1 Mill Lane^Flat 2^Hill^^^^^^^6059")?.["address"]).toMatchObject([{ line: ["1 Mill Lane", "Flat 2"], _line: [tract, null] }]);
  });
  it("an organization that only its address tells of has an unknown name", () => {
    const all = made("Organization", "MSH|^~\\&|LIS||EHR||20260309||ADT^A01^ADT_A01|C1|P|2.5.1|||||USA", "EVN||20260309", pid);
    expect(all).toMatchObject([{ address: [{ country: "USA" }], _name: unknown }]);
  });
  it.each([
    ["2.16.840.1.113883.19^ISO", { system: "urn:ietf:rfc:3986", value: "urn:oid:2.16.840.1.113883.19" }],
    ["0B1C2D3E-0000-4000-8000-000000000001^UUID", { system: "urn:ietf:rfc:3986", value: "urn:uuid:0b1c2d3e-0000-4000-8000-000000000001" }],
    ["12.34^UUID", { value: "12.34" }],
  ])("an authority %s is a whole URI, or claims to be none", (id, wanted) => {
    const all = made("Organization", `MSH|^~\\&|LIS|NORTH^${id}|EHR|CLINIC|20260309||ADT^A01^ADT_A01|C1|P|2.5.1`, "EVN||20260309", pid);
    const found = all.flatMap((each) => each["identifier"] as Record<string, unknown>[]).find(({ value }) => value === wanted.value);
    expect(found?.["system"]).toBe("system" in wanted ? wanted.system : undefined);
    expect(found).toBeDefined();
  });
  it("species and breed are one animal, and a breed alone has an unknown species", () => {
    const animal = (fields: string) => (of("Patient", "ADT^A01^ADT_A01", "EVN||20260309", `${pid}${"|".repeat(27)}${fields}`)[0]?.["extension"] as { url: string; extension: { url: string }[] }[] | undefined)?.filter(({ url }) => url.endsWith("patient-animal"));
    expect(animal("L-80700^Dog^SNM|L-80733^Terrier^SNM")).toMatchObject([{ extension: [{ url: "species" }, { url: "breed" }] }]);
    expect(animal("|L-80733^Terrier^SNM")).toMatchObject([{ extension: [{ url: "species", valueCodeableConcept: { coding: [{ code: "UNK" }] } }, { url: "breed" }] }]);
  });
  it("TQ1 stands before OBR-6, and its duration has a unit of time", () => {
    const [order] = of("ServiceRequest", "OML^O21^OML_O21", pid, "ORC|NW|P1", "TQ1|1||||||202603091000||||||2^hr", "OBR|1|P1||718-7^Hb^LN||202603081000");
    expect(order).toMatchObject({ occurrenceTiming: { repeat: { duration: 2, durationUnit: "h" } } });
    expect(order?.["occurrenceDateTime"]).toBeUndefined();
  });
  it("an episode of care that PV1-54 names has a patient and an unknown status", () => {
    expect(of("EpisodeOfCare", "ADT^A01^ADT_A01", "EVN||20260309", pid, `PV1|1|I${"|".repeat(52)}E77^^^NORTH`)).toMatchObject([{ identifier: [{ value: "E77" }], patient: { reference: expect.any(String) }, _status: unknown }]);
    expect(of("EpisodeOfCare", "ADT^A01^ADT_A01", "EVN||20260309", pid, "PV1|1|I")).toEqual([]);
  });
});

describe("an order speaks for itself", () => {
  const lines = [pid, "ORC|RE|P1|F1", "OBR|1|P1|F1|718-7^Hb^LN|||202603091000", "OBX|1|NM|718-7^Hb^LN||7||||||F", "SPM|1|S1||BLD", "OBR|2|P2|F2|789-8^RBC^LN|||202603091000", "OBX|1|NM|789-8^RBC^LN||4||||||F"];
  it("one without an ORC takes neither the ORC nor the specimen of the one beside it", () => {
    const [first, second] = of("DiagnosticReport", "ORU^R01^ORU_R01", ...lines);
    const values = (report: Record<string, unknown> | undefined) => (report?.["identifier"] as { value: string }[] | undefined)?.map(({ value }) => value).toSorted();
    expect([values(first), values(second)]).toEqual([["F1", "P1"], ["F2", "P2"]]);
    expect(first).toMatchObject({ basedOn: [{}] });
    expect(second).toMatchObject({ basedOn: [{}] });
    expect(second?.["basedOn"]).not.toEqual(first?.["basedOn"]);
    const specimens = (made: Record<string, unknown> | undefined) => [made?.["specimen"] ?? []].flat().map((each) => (each as { reference: string }).reference);
    expect(specimens(first)).not.toEqual([]);
    expect(specimens(first).filter((each) => specimens(second).includes(each))).toEqual([]);
    const [one, other] = of("Observation", "ORU^R01^ORU_R01", ...lines);
    expect(specimens(one).every((each) => specimens(first).includes(each))).toBe(true);
    expect(specimens(other).filter((each) => specimens(first).includes(each))).toEqual([]);
    const numbers = of("ServiceRequest", "ORU^R01^ORU_R01", ...lines).map(values);
    expect(numbers).toEqual([["F1", "P1"], ["F2", "P2"]]);
  });
});
