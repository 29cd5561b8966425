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

test("strictly read, a fault refuses its own transaction set; what the answer accepts is what is kept", async () => {
  const { said, accepted } = engine({ x12: { answer: "999" }, validate: "refuse" });
  const { receipt, lines } = await said(interchange([question, bad, question]));
  expect(receipt.kind).toBe("accepted");
  expect(lines).toEqual(["AK1*HS*5*005010X279A1", "AK2*270*0001*005010X279A1", "IK5*A", "AK2*270*0002*005010X279A1", "IK3*NM1*8**8", "IK4*2*1065*7", "IK5*R*5", "AK2*270*0003*005010X279A1", "IK5*A", "AK9*P*3*3*2"]);
  const kept = Buffer.from(accepted[0]?.raw.bytes ?? []).toString();
  expect(accepted).toHaveLength(1);
  expect(kept).toBe(interchange([question, bad, question]).toString().replace(/ST\*270\*0002.*?SE\*\d+\*0002~/s, "").replace("GE*3*", "GE*2*"));
  expect(kept.match(/ST\*270/g)).toHaveLength(2);
  // The same once more is the same message, and the same answer.
  const again = await said(interchange([question, bad, question]));
  expect([again.receipt.kind, again.lines]).toEqual([again.receipt.kind, lines]);
});

test("a group without a good set goes with its envelope, and the others stay", async () => {
  const { said, accepted } = engine({ x12: { answer: "999" }, validate: "refuse" });
  const [head = "", group = "", tail = ""] = interchange([bad]).toString().split(/(?=GS\*)|(?=IEA\*)/);
  const good = interchange([question]).toString().split(/(?=GS\*)|(?=IEA\*)/)[1]?.replace("*5*X*", "*6*X*").replace("GE*1*5", "GE*1*6");
  const { lines } = await said(Buffer.from(`${head}${group}${good}${tail.replace("IEA*1*", "IEA*2*")}`));
  expect(lines?.filter((each) => /^AK[19]/.test(each))).toEqual(["AK1*HS*5*005010X279A1", "AK9*R*1*1*0", "AK1*HS*6*005010X279A1", "AK9*A*1*1*1"]);
  const kept = Buffer.from(accepted[0]?.raw.bytes ?? []).toString();
  expect(kept).toContain("IEA*1*");
  expect(kept.match(/GS\*/g)).toHaveLength(1);
});

test("without a good set nothing is taken, and without a 999 one fault refuses all", async () => {
  const { said, accepted } = engine({ x12: { answer: "999" }, validate: "refuse" });
  const { receipt, lines } = await said(interchange([bad]));
  expect([receipt.kind, receipt.code, accepted.length]).toEqual(["refused", "FLW-110", 0]);
  expect(lines).toEqual(["AK1*HS*5*005010X279A1", "AK2*270*0001*005010X279A1", "IK3*NM1*8**8", "IK4*2*1065*7", "IK5*R*5", "AK9*R*1*1*0"]);
  expect((await said(interchange([question]))).lines).toContain("AK9*A*1*1*1");
  for (const more of [{}, { x12: { answer: "TA1" } }]) expect((await engine({ ...more, validate: "refuse" }).said(interchange([question, bad], 18))).receipt).toMatchObject({ kind: "refused", code: "FLW-110" });
});

test("what does not add up has a code, and what a situation asks for names what asks", async () => {
  const payment = (paid: string) => [["BPR", "I", paid, "C", "CHK", null, null, null, null, null, null, null, null, null, null, null, "20261122"], ["TRN", 1, 1, "1999999999"], ["N1", "PR", "PAYER"], ["N3", "1 A ST"], ["N4", "TOWN", "OH", "44101"], ["PER", "BL", "DESK", "TE", "5550100"], ["N1", "PE", "CLINIC", "XX", "1234567893"], ["LX", 1], ["CLP", "A1", "1", "20", "20", null, "12", "P1"], ["NM1", "QC", "1", "ROE", "PAT"]] as readonly SegmentValue[];
  const remittance = (segments: readonly SegmentValue[]) => {
    const group = { id: "HP", sender: "PAYER", receiver: "CLINIC", controlNumber: 5, convention: "005010X221A1", sets: [{ id: "835", segments }] };
    return Buffer.from(buildInterchange({ sender: { qualifier: "ZZ", id: "PAYER" }, receiver: { qualifier: "ZZ", id: "CLINIC" }, controlNumber: 17, now: 0, groups: [group] }));
  };
  const strict = { x12: { answer: "999" }, validate: "refuse" };
  expect((await engine(strict).said(remittance(payment("20")))).lines).toContain("IK5*A");
  expect((await engine(strict).said(remittance(payment("21")))).lines).toEqual(expect.arrayContaining(["IK3*BPR*2**8", "IK4*2*782*I12", "IK5*R*5"]));
  const transfer = payment("20").map((each): SegmentValue => (each[0] === "BPR" ? ["BPR", "I", "20", "C", "ACH", "CCP", "01", "044000037", "DA", "1", "1999999999", null, "01", "044000037", "DA", null, "20261122"] : each));
  const { lines } = await engine(strict).said(remittance(transfer));
  const at = lines?.findIndex((each) => each.startsWith("IK4*15*")) ?? -1;
  expect(lines?.[at]).toBe("IK4*15*508*I9");
  const { receipt } = await engine(strict).said(remittance(transfer));
  expect(Buffer.from(receipt.ack ?? []).toString()).toContain("IK4*15*508*I9~CTX*SITUATIONAL TRIGGER*BPR*2**4~");
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
