import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeOf } from "../../sdk/error.ts";
import { buildInterchange, type SegmentValue } from "../x12/build.ts";
import { parseX12 } from "../x12/index.ts";
import { faultsOf } from "../x12/check/index.ts";
import { transactionFor } from "../x12/grammar/index.ts";
import { type SplitOptions, splitter, type SplitWay } from "./index.ts";

const level = (n: number, parent: number | null, code: string, child: 0 | 1): SegmentValue => ["HL", n, parent, code, child];
const party = (code: string, name: string, qualifier: string, id: string): SegmentValue => ["NM1", code, "2", name, null, null, null, null, qualifier, id];
const claim = (id: string): SegmentValue[] => [
  ["CLM", id, "100", null, null, ["11", "B", "1"], "Y", "A", "Y", "Y"],
  ["HI", ["ABK", "R69"]],
  ["LX", 1],
  ["SV1", ["HC", "99213"], "100", "UN", "1", null, null, [1]],
  ["DTP", "472", "D8", "20260301"],
];
const subscriber = (n: number, name: string, child: 0 | 1): SegmentValue[] => [
  level(n, 1, "22", child),
  ["SBR", "P", child === 0 ? "18" : null, null, null, null, null, null, null, "CI"],
  ["NM1", "IL", "1", name, "ADA", null, null, null, "MI", `M${n}`],
  ["N3", "1 EXAMPLE ROAD"],
  ["N4", "SPRINGFIELD", "IL", "62701"],
  ["DMG", "D8", "19470823", "F"],
  party("PR", "EXAMPLE PAYER", "PI", "77001"),
];
const claims: readonly SegmentValue[] = [
  ["BHT", "0019", "00", "B1", "20260301", "1200", "CH"],
  party("41", "SUBMITTER", "46", "S1"),
  ["PER", "IC", "DESK", "TE", "5555550100"],
  party("40", "RECEIVER", "46", "R1"),
  level(1, null, "20", 1),
  party("85", "EXAMPLE CLINIC", "XX", "1234567893"),
  ["N3", "2 EXAMPLE ROAD"],
  ["N4", "SPRINGFIELD", "IL", "62701"],
  ["REF", "EI", "123456789"],
  ...subscriber(2, "EXEMPLAR", 0),
  ...claim("C1"),
  ...claim("C2"),
  ...subscriber(3, "MUSTER", 1),
  level(4, 3, "23", 0),
  ["PAT", "19"],
  ["NM1", "QC", "1", "MUSTER", "BEN"],
  ["N3", "1 EXAMPLE ROAD"],
  ["N4", "SPRINGFIELD", "IL", "62701"],
  ["DMG", "D8", "20150823", "M"],
  ...claim("C3"),
];

const parties = { sender: { qualifier: "ZZ", id: "CLINIC" }, receiver: { qualifier: "ZZ", id: "PAYER" }, now: 0 };
const group = (controlNumber: number, sets: number) => ({
  id: "HC", sender: "A", receiver: "B", controlNumber, convention: "005010X222A1",
  sets: Array.from({ length: sets }, () => ({ id: "837", convention: "005010X222A1", segments: claims })),
});
const file =
  buildInterchange({ ...parties, controlNumber: 1, lineEnd: "\r\n", groups: [group(1, 2), group(2, 1)] }) +
  buildInterchange({ ...parties, controlNumber: 2, acknowledges: [["TA1", "000000009", "260301", "1200", "A", "000"]], groups: [group(3, 1)], delimiters: { element: "|", component: ">", repetition: "!", segment: "\n" } });

function run(text: string, way: SplitWay, size = 1 << 20, options: SplitOptions = {}) {
  const bytes = new TextEncoder().encode(text);
  const splits = splitter(way, undefined, options);
  const cuts = [];
  for (let at = 0; at < bytes.length; at += size) cuts.push(...splits.push(bytes.subarray(at, at + size)));
  cuts.push(...splits.finish());
  return { texts: cuts.map((cut) => new TextDecoder().decode(cut.bytes)), ends: cuts.map((cut) => cut.end), problems: splits.problems() };
}

describe("each part is an interchange that can be read alone", () => {
  test.each([
    ["interchange", 2],
    ["group", 4],
    ["transaction", 5],
    ["claim", 13],
  ] as const)("by %s", (way, count) => {
    const { texts, problems } = run(file, way);
    expect([texts.length, problems]).toEqual([count, []]);
    for (const text of texts) {
      const message = parseX12(text, transactionFor);
      expect(faultsOf(message, transactionFor).filter(({ harmless }) => harmless !== true), text).toEqual([]);
      expect(message.envelopes("ISA")).toHaveLength(1);
    }
  });

  test("a claim brings the levels it hangs on, and no other claim", () => {
    const [first, second, third] = run(file, "claim").texts.map((text) => parseX12(text, transactionFor));
    expect([first?.values("CLM01"), second?.values("CLM01"), third?.values("CLM01")]).toEqual([["C1"], ["C2"], ["C3"]]);
    expect(second?.values("NM103")).toEqual(["SUBMITTER", "RECEIVER", "EXAMPLE CLINIC", "EXEMPLAR", "EXAMPLE PAYER"]);
    expect(third?.values("HL01")).toEqual(["1", "3", "4"]);
    expect(third?.get("2010CA/NM104")).toBe("BEN");
  });

  test("a claim of an 835 brings the payment and its header; what is of no claim is one more", () => {
    const heading: SegmentValue[] = [["BPR", "I", "130", "C", "CHK", null, null, null, null, null, null, null, null, null, null, null, "20260310"], ["TRN", "1", "CHECK7", "1512345678"], ["N1", "PR", "EXAMPLE PAYER"], ["N1", "PE", "EXAMPLE CLINIC", "XX", "1234567893"]];
    const paid = (id: string, amount: string): SegmentValue[] => [["CLP", id, "1", "100", amount, null, "12", `P${id}`], ["CAS", "CO", "45", String(100 - Number(amount))], ["NM1", "QC", "1", "EXEMPLAR", "ADA"]];
    const segments = [...heading, ["LX", 1] as const, ...paid("C1", "80"), ...paid("C2", "60"), ["LX", 2] as const, ...paid("C3", "0"), ["PLB", "1234567893", "20261231", ["WO", "X"], "10"] as const, ["PLB", "1234567893", "20261231", ["72", "Y"], "0"] as const];
    const text = buildInterchange({ ...parties, controlNumber: 9, groups: [{ id: "HP", sender: "A", receiver: "B", controlNumber: 9, convention: "005010X221A1", sets: [{ id: "835", segments }] }] });
    const { texts, problems } = run(text, "claim");
    expect(problems).toEqual([]);
    const messages = texts.map((each) => parseX12(each, transactionFor));
    expect(messages.map((message) => [message.values("CLP01"), message.values("LX01"), message.values("TRN02"), message.values("PLB04")])).toEqual([
      [["C1"], ["1"], ["CHECK7"], []], [["C2"], ["1"], ["CHECK7"], []], [["C3"], ["2"], ["CHECK7"], []], [[], [], ["CHECK7"], ["10", "0"]],
    ]);
    for (const message of messages) expect(Number(message.get("SE01"))).toBe(message.segments.length - 4);
    for (const size of [1, 7, 64]) expect(run(text, "claim", size).texts).toEqual(texts);
  });

  test("whatever the chunks are", () => {
    const whole = run(file, "claim");
    fc.assert(fc.property(fc.integer({ min: 1, max: 700 }), fc.constantFrom("interchange", "group", "transaction", "claim"), (size, way) => {
      expect(run(file, way, size)).toEqual(run(file, way));
    }), { numRuns: 40 });
    expect(run(file, "claim", 7)).toEqual(whole);
  });

  test("goes on where it was", () => {
    const { texts, ends } = run(file, "claim");
    expect(run(file, "claim", 512, { from: ends[5] ?? 0 }).texts).toEqual(texts.slice(6));
  });
});

describe("what is wrong is told, and what can be read is given", () => {
  test.each([
    [file.replace(`SE*${claims.length + 2}*`, "SE*99*"), "X12-213"],
    [file.replace("GE*2*1~", "GE*9*1~"), "X12-210"],
    [file.replace("IEA*2*000000001", "IEA*2*000000007"), "X12-206"],
    [file.slice(0, file.indexOf("IEA*")), "X12-205"],
    [file.slice(0, file.indexOf("GE*2")), "X12-208"],
    [file.slice(0, file.indexOf("SE*")), "X12-211"],
    [`${file}nothing of it\n`, "X12-201"],
  ])("case %#", (text, code) => {
    const { problems, texts } = run(text, "transaction", 1000);
    expect(problems.map((each) => each.code)).toContain(code);
    expect(texts.length).toBeGreaterThan(0);
  });

  test("what is no interchange, and what is longer than the limit", () => {
    const failing = (text: string, options: SplitOptions = {}) => {
      try {
        run(text, "transaction", 100, options);
      } catch (error) {
        return codeOf(error, "X12-999");
      }
      return "";
    };
    expect(failing("GS*HC*A*B~ST*837*0001~")).toBe("X12-001");
    expect(failing("ISA*00*  ")).toBe("X12-002");
    expect(failing(file, { limit: 600 })).toBe("X12-005");
  });
});
