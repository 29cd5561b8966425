import { describe, expect, test } from "vitest";
import { buildX12Ack } from "../ack/index.ts";
import { buildInterchange, type InterchangeOptions, type SegmentValue } from "../build.ts";
import { transactionFor } from "../grammar/index.ts";
import { parseX12 } from "../index.ts";
import { problemsFrom } from "../problems.ts";
import { faultsOf } from "./index.ts";
import { isDate, isTime, periodFault, valueFault } from "./value.ts";

const question: readonly SegmentValue[] = [
  ["BHT", "0022", "13", "Q1", "20260301", "1200"],
  ["HL", 1, null, "20", 1],
  ["NM1", "PR", "2", "EXAMPLE PAYER", null, null, null, null, "PI", "77001"],
  ["HL", 2, 1, "21", 1],
  ["NM1", "1P", "2", "EXAMPLE CLINIC", null, null, null, null, "XX", "1234567893"],
  ["HL", 3, 2, "22", 0],
  ["TRN", "1", "TRACE-1", "9CLINIC001"],
  ["NM1", "IL", "1", "EXEMPLAR", "ADA", null, null, null, "MI", "00111"],
  ["DMG", "D8", "19470823", "F"],
  ["EQ", "30"],
];

function interchange(segments: readonly SegmentValue[] = question, over: Partial<InterchangeOptions> = {}): string {
  const set = { id: "270", convention: "005010X279A1", segments };
  return buildInterchange({
    sender: { qualifier: "ZZ", id: "CLINIC" },
    receiver: { qualifier: "ZZ", id: "PAYER" },
    controlNumber: 17,
    now: Date.UTC(2026, 2, 1, 12),
    groups: [{ id: "HS", sender: "CLINIC", receiver: "PAYER", controlNumber: 5, convention: "005010X279A1", sets: [set] }],
    lineEnd: "\n",
    ...over,
  });
}

/** The segments with the one at `at` put by others. */
const but = (at: number, ...others: SegmentValue[]) => interchange([...question.slice(0, at), ...others, ...question.slice(at + 1)]);

function told(text: string): string[] {
  const message = parseX12(text, transactionFor);
  return problemsFrom(message, faultsOf(message, transactionFor)).map(({ path, standard, code }) => `${path} ${standard ?? code}`);
}

function answer(text: string, how: "999" | "TA1" = "999"): string[] {
  const message = parseX12(text, transactionFor);
  return buildX12Ack(message, faultsOf(message, transactionFor), { now: Date.UTC(2026, 2, 2), controlNumber: 91, answer: how, lineEnd: "\n" }).split("\n").slice(0, -1);
}

describe("what is right", () => {
  test("is told to be right, and accepted", () => {
    expect(told(interchange())).toEqual([]);
    const out = answer(interchange());
    expect(out).toEqual([
      "ISA*00*          *00*          *ZZ*PAYER          *ZZ*CLINIC         *260302*0000*^*00501*000000091*0*P*:~",
      "GS*FA*PAYER*CLINIC*20260302*0000*91*X*005010X231A1~",
      "ST*999*0001*005010X231A1~",
      "AK1*HS*5*005010X279A1~",
      "AK2*270*0001*005010X279A1~",
      "IK5*A~",
      "AK9*A*1*1*1~",
      "SE*6*0001~",
      "GE*1*91~",
      "IEA*1*000000091~",
    ]);
    // Our own answer is one that we would accept.
    expect(told(`${out.join("\n")}\n`)).toEqual([]);
  });

  test("an acknowledgement is not acknowledged", () => {
    expect(answer(`${answer(interchange()).join("\n")}\n`)).toEqual([]);
  });
});

describe("envelopes", () => {
  test.each([
    ["IEA*1*000000017", "IEA*2*000000017", "IEA01 TA105 021"],
    ["IEA*1*000000017", "IEA*1*000000018", "IEA02 TA105 001"],
    ["IEA*1*000000017~\n", "", "GE TA105 023"],
    ["*1200*^*", "*2500*^*", "ISA10 TA105 015"],
    ["GE*1*5", "GE*3*5", "GE01 AK905 5"],
    ["GE*1*5", "GE*1*6", "GE02 AK905 4"],
    ["GE*1*5~\n", "", "SE AK905 3"],
    ["SE*12*0001", "SE*13*0001", "SE01 IK502 4"],
    ["SE*12*0001", "SE*12*0002", "SE02 IK502 3"],
    ["SE*12*0001~\n", "", "2110C/EQ01 IK502 2"],
    ["GS*HS", "GS*HC", "ST01 IK502 6"],
  ])("%s as %s: %s", (from, to, expected) => {
    expect(told(interchange().replace(from, to))).toEqual([expected]);
  });

  test("an envelope that is rejected is answered by a TA1 alone, and on demand one that is accepted", () => {
    expect(answer(interchange().replace("IEA*1*", "IEA*2*"))[1]).toBe("TA1*000000017*260301*1200*R*021~");
    expect(answer(interchange(question, { wantsTa1: true })).slice(1, 3)).toEqual(["TA1*000000017*260301*1200*A*000~", "GS*FA*PAYER*CLINIC*20260302*0000*91*X*005010X231A1~"]);
    expect(answer(interchange(), "TA1")).toHaveLength(3);
  });

  test("a group that is rejected says so, whatever its sets are", () => {
    expect(answer(interchange().replace("GE*1*5", "GE*1*6"))).toContain("AK9*R*1*1*0*4~");
  });
});

describe("segments and loops", () => {
  test.each([
    [but(0), "BHT*2**3", "BHT"],
    [but(2), "NM1*4**3", "2100A/NM1"],
    [interchange(question.slice(0, 5)), "HL*6**3", "2000C/HL"],
    [but(8, question[8] as SegmentValue, question[8] as SegmentValue), "DMG*11**5", "2100C/DMG[2]"],
    [but(9, ["ZQ9", "1"], question[9] as SegmentValue), "ZQ9*11**1", "2100C/ZQ9"],
    [but(9, ["SVC", ["HC", "99213"], "1"], question[9] as SegmentValue), "SVC*11**6", "2100C/SVC"],
    [but(9, ["NM1", "QQ", "1"], question[9] as SegmentValue), "NM1*11**2", "2100C/NM1[2]"],
    [but(9, question[9] as SegmentValue, question[8] as SegmentValue), "DMG*12**7", "2110C/DMG"],
  ])("segment case %# is told where it is", (text, ik3, path) => {
    const ours = answer(text);
    expect(ours.filter((each) => each.startsWith("IK3"))).toEqual([`IK3*${ik3}~`]);
    expect(ours).toContain("IK5*R*5~");
    expect(told(text).map((each) => each.split(" ")[0])).toEqual([path]);
  });

  test("a level that names no level before it", () => {
    expect(told(but(5, ["HL", 3, 7, "22", 0]))).toEqual(["2000C/HL02 IK403 7"]);
  });
});

describe("elements", () => {
  test.each([
    [but(2, ["NM1", "PR", null, "EXAMPLE PAYER", null, null, null, null, "PI", "77001"]), "IK4*2*1065*1"],
    [but(2, ["NM1", "PR", "2", "EXAMPLE PAYER", null, null, null, null, "PI"]), "IK4*9*67*"],
    [but(8, ["DMG", "D8", "19470230"]), "IK4*2*1251*8"],
    [but(0, ["BHT", "0022", "13", "Q1", "20261301", "1200"]), "IK4*4*373*8"],
    [but(0, ["BHT", "0022", "13", "Q1", "20260301", "2500"]), "IK4*5*337*9"],
    [but(0, ["BHT", "0022", "99", "Q1", "20260301", "1200"]), "IK4*2*353*7"],
    [but(7, ["NM1", "IL", "1", "E".repeat(61), "ADA", null, null, null, "MI", "00111"]), "IK4*3*1035*5"],
    [but(7, ["NM1", "IL", "1", "EXEMPLAR", "ADA", null, null, null, "MI", "0"]), "IK4*9*67*4"],
    [interchange().replace("ADA", "A\nDA"), "IK4*4*1036*6"],
    [but(0, ["BHT", "0022", "13", "Q1", "20260301", "1200", null, "x"]), "IK4*7**3"],
  ])("element case %# is told by its number and code", (text, ik4) => {
    const ours = answer(text).join("\n");
    expect(ours).toContain(ik4);
    expect(ours).toContain("**8~\nIK4");
    // Positions and codes, nothing of the message.
    expect(ours).not.toMatch(/EXEMPLAR|ADA|1947|EXAMPLE|77001/);
  });

  test("values by their type", () => {
    const element = (type: "AN" | "ID" | "R" | "N2" | "DT" | "TM", min: number, max: number) => ({ number: "1", name: "", type, min, max });
    expect(["12.5", "-.5", "1E3", "-12", "1,5", "--1", ""].map((each) => valueFault(each, element("R", 1, 4), undefined))).toEqual([undefined, undefined, undefined, undefined, "6", "6", "6"]);
    expect(["125", "-125", "1.2", "12345"].map((each) => valueFault(each, element("N2", 1, 4), undefined))).toEqual([undefined, undefined, "6", "5"]);
    expect(["AB", "  ", "C"].map((each) => valueFault(each, element("ID", 2, 2), undefined))).toEqual([undefined, "7", "4"]);
    expect(valueFault("XX", element("ID", 2, 2), ["AB"])).toBe("7");
    expect(["20240229", "20230229", "19000229", "20000229", "11111111", "240229", "2024022"].map(isDate)).toEqual([true, false, false, true, false, true, false]);
    expect(["0000", "2359", "235959", "23595999", "2400", "2360", "235"].map(isTime)).toEqual([true, true, true, true, false, false, false]);
    expect([periodFault("20260101-20260131", "RD8"), periodFault("20260101", "RD8"), periodFault("202601011260", "DT"), periodFault("anything", "QQ")]).toEqual([undefined, "8", "8", undefined]);
  });
});

test("a transaction set without a grammar is checked in its envelope", () => {
  const text = buildInterchange({
    sender: { qualifier: "ZZ", id: "A" }, receiver: { qualifier: "ZZ", id: "B" }, controlNumber: 1, now: 0, version: "00401",
    groups: [{ id: "PO", sender: "A", receiver: "B", controlNumber: 1, convention: "004010", sets: [{ id: "850", segments: [["BEG", "00"]] }] }],
  });
  expect(told(text)).toEqual(["ST X12-219"]);
  // Nothing speaks against it: by its envelope it is accepted, and by a 997, since its version is 4010.
  expect(answer(text)).toContain("AK5*A~");
  expect(answer(text.replace("SE*3", "SE*4"))).toContain("AK5*R*4~");
});

test("more faults of one envelope than a call takes arguments are told", () => {
  const sets = 130_000;
  const isa = "ISA*00*          *00*          *ZZ*A              *ZZ*B              *260301*1200*U*00401*000000001*0*P*:~";
  const message = parseX12(`${isa}GS*PO*A*B*20260301*1200*1*X*004010~${"ST*850*0001~SE*2*0001~".repeat(sets)}GE*${sets}*1~IEA*1*000000001~`);
  expect(faultsOf(message, transactionFor).filter(({ code }) => code === "X12-218")).toHaveLength(sets - 1);
}, 30_000);
