import { expect, test } from "vitest";
import { channel, message, setUp } from "./flow.fixture.ts";

const bad = message("C1").replace("ORU^R01", "ADT^A01").replace(/\rPID.*/, "");
const asking = (validate?: "report" | "refuse", more = {}) => channel({ source: { ...channel().source, types: [], ...(validate ? { validate } : {}), ...more } });

function told() {
  const lines: string[] = [];
  const events = { accepted() {}, duplicate() {}, notAccepted: (_: string, code: string) => void lines.push(code), sameIdOtherBytes() {}, settled() {}, unanswered() {}, nonconforming: (name: string, code: string, path: string, count: number) => void lines.push(`${name} ${code} ${path} ${count}`) };
  return { lines, events };
}

test("a message that is not as its standard says is refused before it is stored, with the place of each problem in the standard's own form", async () => {
  const { lines, events } = told();
  const { flow, accepted } = setUp({ channel: asking("refuse"), events });
  const receipt = await flow.receive(Buffer.from(`${bad}\rPID|x||A1||ROE\rPV1|1|I\rOBX|1|NM|1||a^b|||||||||2026-01-01`));
  expect(accepted).toEqual([]);
  expect(receipt).toMatchObject({ kind: "refused", code: "FLW-110" });
  const ack = Buffer.from(receipt.ack ?? []).toString().split("\r");
  expect(ack[1]).toBe("MSA|AE|C1");
  expect(ack.filter((each) => each.includes("PID^1^1"))).toEqual(["ERR||PID^1^1|102^^HL70357|E|HL7-407^^L"]);
  expect(ack.find((each) => each.includes("HL7-402"))).toMatch(/^ERR\|\|EVN\^1\|100\^\^HL70357\|E\|HL7-402/);
  expect(ack).toContain("ERR||OBX^1^5^1^2|102^^HL70357|E|HL7-410^^L");
  expect(ack.join()).not.toMatch(/ROE|2026-01-01/);
  expect(lines).toContain("FLW-110");
  expect(lines).toContain("results HL7-407 PID-1 1");
});

test("before release 2.5 the places are repetitions of ERR-1", async () => {
  const { flow } = setUp({ channel: asking("refuse") });
  const receipt = await flow.receive(Buffer.from(`${bad.replace("2.5.1", "2.3")}\rEVN|A01\rPID|x||A1||ROE\rPID|x||A2||ROE\rPV1|1`));
  expect(Buffer.from(receipt.ack ?? []).toString()).toMatch(/\rMSA\|AE\|C1\|FLW-110\rERR\|PID\^1\^1\^102&&HL70357~PID\^2\^\^?/);
});

test("a report takes the message and counts each kind of problem; without the key nothing is asked", async () => {
  const { lines, events } = told();
  const twice = `${bad}\rEVN||20260101\rPID|1||A1||ROE||19801301|Q\rPV1|1|I\rOBX|1|NM|1||a||||||F\rOBX|2|NM|1||b||||||F`;
  const { flow, accepted } = setUp({ channel: asking("report"), events });
  expect(await flow.receive(Buffer.from(twice))).toMatchObject({ kind: "accepted" });
  expect([accepted.length, lines]).toEqual([1, expect.arrayContaining(["results HL7-407 OBX-5 2", "results HL7-407 PID-7.1 1"])]);
  const silent = told();
  const plain = setUp({ channel: asking(), events: silent.events });
  expect([await plain.flow.receive(Buffer.from(twice)), silent.lines]).toMatchObject([{ kind: "accepted" }, []]);
});

test("a profile of the project is part of what is asked", async () => {
  const localProfile = { name: "north", segments: { ZPT: { usage: "R" as const } }, fields: {}, tables: {}, relax: ["HL7-405"] };
  const sound = `${message("C1").split("\r")[0]}\rPID|1||A1||ROE\rOBR|1||F1|1`;
  const { flow } = setUp({ channel: asking("refuse", { profile: "north", localProfile }) });
  expect((await flow.receive(Buffer.from(sound))).problems?.map(({ code, path }) => `${code} ${path}`)).toEqual(["HL7-402 ZPT"]);
  expect(await flow.receive(Buffer.from(`${sound}\rZPT|1`))).toMatchObject({ kind: "accepted" });
});

test("a resource that is not FHIR R4, or not US Core, is refused with an OperationOutcome that quotes nothing of it", async () => {
  const fhir = { source: { ...channel().source, format: "fhir" as const, types: [], validate: "refuse" as const, profile: "us-core" } };
  const { flow, accepted } = setUp({ channel: channel(fhir) });
  const patient = { resourceType: "Patient", id: "p1", identifier: [{ system: "urn:x", value: "900123" }], name: [{ family: "Exemplar" }], gender: "female" };
  const receipt = await flow.receive(Buffer.from(JSON.stringify({ ...patient, gender: "secretword", birthDate: "1980-2-3" })));
  expect(receipt).toMatchObject({ kind: "refused", code: "FLW-110" });
  const outcome = Buffer.from(receipt.ack ?? []).toString();
  const { resourceType, issue } = JSON.parse(outcome) as { resourceType: string; issue: { code: string; expression: string[] }[] };
  expect([resourceType, ...issue.map(({ code, expression }) => `${code} ${expression}`)]).toEqual(["OperationOutcome", "code-invalid Patient.gender", "value Patient.birthDate"]);
  expect(outcome).not.toMatch(/secretword|1980|900123|Exemplar/);
  expect(await flow.receive(Buffer.from(JSON.stringify(patient)))).toMatchObject({ kind: "accepted" });
  expect(accepted.length).toBe(1);
});
