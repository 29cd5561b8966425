import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseHl7 } from "../codec/hl7v2/index.ts";
import { body, message, type OpenedSandbox, openSandbox, program } from "./samples.ts";

let sandbox: OpenedSandbox;
beforeAll(async () => {
  sandbox = await openSandbox();
});
afterAll(() => sandbox.close());

const observation = `{
  "resourceType": "Observation", "status": "final", "code": { "coding": [{ "system": "http://loinc.org", "code": "718-7" }] },
  "contained": [{ "resourceType": "Patient", "id": "p", "identifier": [{ "value": "48213" }], "name": [{ "family": "Rivera" }], "photo": [{ "url": "https://x.example/SECRETWORD" }] }],
  "subject": { "reference": "#p" }, "valueQuantity": { "value": 7.10, "unit": "g/dL" }
}`;

async function made(code: string, text = observation, id = "m-1") {
  expect(await sandbox.load(program({ format: "fhir", transform: body(code), destinations: [{ name: "out", format: "hl7v2" }], limits: { timeoutMs: 5000 } }))).toEqual([]);
  const { results, log } = await sandbox.run("lab", message(text, id));
  const [result] = results;
  return { result: result as { kind: string; format: string; text: string }, log };
}

describe("toHl7", () => {
  it("gives a message with the digits of the resource, the time of the message, and an id of its own", async () => {
    const { result } = await made("return toHl7(msg, { sendingApplication: 'EHR' })");
    expect(result).toMatchObject({ kind: "output", format: "hl7v2" });
    const hl7 = parseHl7(result.text);
    expect([hl7.type, hl7.get("MSH-3"), hl7.get("MSH-7"), hl7.get("OBX-5"), hl7.get("PID-3.1")]).toEqual(["ORU^R01", "EHR", "20260309143000+0000", "7.10", "48213"]);
    expect(hl7.controlId).toMatch(/^[0-9A-F]{20}$/);
    expect((await made("return toHl7(msg, { sendingApplication: 'EHR' })")).result.text).toBe(result.text);
    expect((await made("return toHl7(msg, { sendingApplication: 'EHR' })", observation, "m-2")).result.text).not.toBe(result.text);
  });
  it("gives what can be edited before it leaves, and takes what was edited", async () => {
    const { result } = await made('msg.valueQuantity.value = 8; const out = toHl7(msg); out.set("OBX-8", "L"); return out;');
    expect(parseHl7(result.text).getRaw("OBX-5")).toBe("8");
    expect(parseHl7(result.text).get("OBX-8")).toBe("L");
  });
  it("gives each of several messages an id of its own", async () => {
    const { result } = await made('const [a, b] = [toHl7(msg), toHl7(msg)]; if (a.controlId === b.controlId) throw new Error("same"); return a;');
    expect(result.kind).toBe("output");
  });
  it("tells the message's own log what has no place, without its content", async () => {
    const { log } = await made("return toHl7(msg)");
    expect(log).toEqual(["MAP-301 Patient.photo"]);
  });
  it("names that a sender made up are content, and are not told", async () => {
    const { log } = await made("return toHl7(msg)", observation.replace('"status"', '"JaneRivera": { "SECRET": "word" }, "status"'));
    expect(log.join()).not.toMatch(/Rivera|SECRET|word/);
    expect(log).toContain("MAP-301 Observation");
  });
  it("comes back as it went: HL7 v2, FHIR, HL7 v2", async () => {
    const lines = ["MSH|^~\\&|LIS|NORTH|EHR|CLINIC|20260309143000-0500||ORU^R01^ORU_R01|C1|P|2.5.1", "PID|1||4711^^^NORTH^MR||Test^Alma||19700131|F", "ORC|RE|P1|F1", "OBR|1|P1|F1|718-7^Hemoglobin^LN|||20260309100000-0500||||||||||||||||||F", "OBX|1|NM|718-7^Hemoglobin^LN||7.10|g/dL^^UCUM|12-16|L|||F|||20260309100000-0500", ""];
    expect(await sandbox.load(program({ transform: body("return toHl7(toFhir(msg))"), limits: { timeoutMs: 5000, memoryMb: 64 } }))).toEqual([]);
    const { results } = await sandbox.run("lab", message(lines.join("\r")));
    const out = (results[0] as { text: string }).text.split("\r");
    expect(out.slice(1)).toEqual(lines.slice(1));
    expect(out[0]).toMatch(/^MSH\|\^~\\&\|LIS\|NORTH\|EHR\|CLINIC\|20260309143000\+0000\|\|ORU\^R01\^ORU_R01\|[0-9A-F]{20}\|P\|2\.5\.1$/);
  });
  it("refuses what no message is for, and what it cannot be without", async () => {
    for (const [resource, why] of [['{"resourceType":"Basic"}', "MAP-001"], ['{"resourceType":"Patient"}', "MAP-102"], [observation.replace('"identifier"', '"x"'), "MAP-002"]] as const) {
      const { result, log } = await made("return toHl7(msg)", resource);
      expect(result).toMatchObject({ kind: "failed" });
      expect(log.join()).toContain(why);
    }
  });
});
