import { expect, test } from "vitest";
import { buildInterchange, type SegmentValue } from "../codec/x12/build.ts";
import { channel, setUp } from "./flow.fixture.ts";

const question: readonly SegmentValue[] = [
  ["BHT", "0022", "13", "Q1", "20260301", "1200"],
  ["HL", 1, null, "20", 1],
  ["NM1", "PR", "2", "EXAMPLE PAYER", null, null, null, null, "PI", "77001"],
  ["HL", 2, 1, "21", 1],
  ["NM1", "1P", "2", "EXAMPLE CLINIC", null, null, null, null, "XX", "1234567893"],
  ["HL", 3, 2, "22", 0],
  ["NM1", "IL", "1", "EXEMPLAR", "ADA", null, null, null, "MI", "00111"],
  ["EQ", "30"],
];
const bad = question.map((each): SegmentValue => (each[1] === "IL" ? ["NM1", "IL", "9", "EXEMPLAR", "ADA", null, null, null, "MI", "00111"] : each));

function interchange(sets: readonly (readonly SegmentValue[])[], control = 17): Buffer {
  const group = { id: "HS", sender: "CLINIC", receiver: "PAYER", controlNumber: 5, convention: "005010X279A1", sets: sets.map((segments) => ({ id: "270", convention: "005010X279A1", segments })) };
  return Buffer.from(buildInterchange({ sender: { qualifier: "ZZ", id: "CLINIC" }, receiver: { qualifier: "ZZ", id: "PAYER" }, controlNumber: control, now: 0, groups: [group] }));
}

function engine(more: object) {
  const source = { ...channel().source, format: "x12" as const, types: [], ...more };
  const { flow, accepted } = setUp({ channel: channel({ source }) });
  return {
    accepted,
    async said(raw: Buffer) {
      const receipt = await flow.receive(raw, { whole: true });
      const ack = receipt.ack && Buffer.from(receipt.ack).toString();
      return { receipt, lines: ack?.split("~").filter((each) => /^(?:TA1|AK|IK)/.test(each)) };
    },
  };
}

test("what is taken is accepted, each transaction set with the errors that it has", async () => {
  const { said, accepted } = engine({ x12: { answer: "999" } });
  const { receipt, lines } = await said(interchange([question, bad]));
  expect([receipt.kind, receipt.ackFormat, accepted.length]).toEqual(["accepted", "x12", 1]);
  expect(lines).toEqual(["AK1*HS*5*005010X279A1", "AK2*270*0001*005010X279A1", "IK5*A", "AK2*270*0002*005010X279A1", "IK3*NM1*8**8", "IK4*2*1065*7", "IK5*E*5", "AK9*E*2*2*2"]);
});

test("what is refused is rejected as a whole, since nothing of it was taken", async () => {
  const { said, accepted } = engine({ x12: { answer: "999" }, validate: "refuse" });
  const { receipt, lines } = await said(interchange([question, bad]));
  expect([receipt.kind, receipt.code, accepted.length]).toEqual(["refused", "FLW-110", 0]);
  expect(lines).toEqual(["AK1*HS*5*005010X279A1", "AK2*270*0001*005010X279A1", "IK5*R", "AK2*270*0002*005010X279A1", "IK3*NM1*8**8", "IK4*2*1065*7", "IK5*R*5", "AK9*R*2*2*0"]);
  expect((await said(interchange([question]))).lines).toContain("AK9*A*1*1*1");
});

test("a kind that the channel does not take is not supported", async () => {
  const { said } = engine({ x12: { answer: "999" }, types: ["837"] });
  const { receipt, lines } = await said(interchange([question]));
  expect([receipt.kind, receipt.code]).toEqual(["refused", "FLW-101"]);
  expect(lines).toEqual(["AK1*HS*5*005010X279A1", "AK2*270*0001*005010X279A1", "IK5*R*1", "AK9*R*1*1*0"]);
});

test("an envelope with a fault is told by a TA1, and TA1 alone where that is asked for", async () => {
  const broken = Buffer.from(interchange([question]).toString().replace("IEA*1*", "IEA*2*"));
  expect((await engine({ x12: { answer: "999" }, validate: "refuse" }).said(broken)).lines).toEqual(["TA1*000000017*700101*0000*R*021"]);
  expect((await engine({ x12: { answer: "TA1" } }).said(broken)).lines).toEqual(["TA1*000000017*700101*0000*E*021"]);
  expect((await engine({ x12: { answer: "TA1" } }).said(interchange([question]))).lines).toEqual(["TA1*000000017*700101*0000*A*000"]);
});

test("nothing of X12 where it is not asked for, or where the text is none", async () => {
  expect((await engine({}).said(interchange([question]))).receipt.ack).toBeUndefined();
  const { receipt } = await engine({ x12: { answer: "999" } }).said(Buffer.from("GS*HS*A*B~"));
  expect([receipt.kind, receipt.code, receipt.ack]).toEqual(["refused", "X12-001", undefined]);
});

test("the same interchange again is the same message; each answer has a number of its own", async () => {
  const { said, accepted } = engine({ x12: { answer: "999" } });
  const numbers = [await said(interchange([question])), await said(interchange([question]))].map(({ receipt }) => /ISA(?:\*[^*]*){12}\*(\d{9})/.exec(Buffer.from(receipt.ack ?? []).toString())?.[1]);
  expect(new Set(numbers).size).toBe(2);
  expect(numbers.every((each) => each !== undefined)).toBe(true);
  expect(accepted.map(({ identity }) => identity?.key)).toEqual(["results\nCLINIC\n000000017", "results\nCLINIC\n000000017"]);
});

test("an interchange of several kinds is taken where each of them is", async () => {
  const other = Buffer.from(interchange([question]).toString().replace(/ST\*270\*0001\*005010X279A1/, "ST*276*0001*005010X212"));
  const both = Buffer.concat([interchange([question]), other]);
  expect((await engine({ types: ["270"] }).said(both)).receipt.code).toBe("FLW-101");
  expect((await engine({ types: ["270", "276"] }).said(both)).receipt.kind).toBe("accepted");
});
