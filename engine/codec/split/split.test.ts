import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCsv, rfc4180 } from "../csv/index.ts";
import { parseHl7 } from "../hl7v2/index.ts";
import { buildInterchange } from "../x12/build.ts";
import { parseX12 } from "../x12/index.ts";
import { buildBatch, joined, type Splitter, splitter } from "./index.ts";

const bytes = (text: string) => Buffer.from(text, "utf8");
const show = (cut: { bytes: Uint8Array; end: number }) => [Buffer.from(cut.bytes).toString("utf8"), cut.end] as const;

function run(splitter: Splitter, text: string, size = Number.POSITIVE_INFINITY) {
  const whole = bytes(text);
  const cuts = [];
  for (let at = 0; at < whole.length; at += Math.min(size, whole.length)) cuts.push(...splitter.push(whole.subarray(at, at + Math.min(size, whole.length))));
  cuts.push(...splitter.finish());
  return { cuts: cuts.map(show), problems: splitter.problems() };
}

describe("records of delimited text", () => {
  const text = '\uFEFFmrn,note\r\n1,a\r\n\r\n2,"b\r\n, ""c"""\n3,é\r4,"open\r\n';
  const expected = [
    ["mrn,note\r\n1,a\r\n", 18],
    ['mrn,note\r\n2,"b\r\n, ""c"""\n', 35],
    ["mrn,note\r\n3,é\r", 40],
    ['mrn,note\r\n4,"open\r\n', 49],
  ];
  it.each([1, 2, 3, 5, 1000])("each carries the header, in chunks of %d bytes", (size) => {
    expect(run(splitter("records"), text, size).cuts).toEqual(expected);
  });
  it("goes on behind a committed offset", () => {
    for (const [at, [, end]] of expected.entries()) {
      expect(run(splitter("records", rfc4180, { from: Number(end) }), text, 7).cuts).toEqual(expected.slice(at + 1));
    }
  });
  it("without a header each record stands alone, and an empty text has none", () => {
    const dialect = { delimiter: ";", quote: '"', header: false };
    expect(run(splitter("records", dialect), 'a;b\n"c;";d').cuts).toEqual([["a;b\n", 4], ['"c;";d', 10]]);
    expect([run(splitter("records"), "a,b").cuts, run(splitter("records"), "").cuts, run(splitter("records"), "\n\r\n").cuts]).toEqual([[], [], []]);
  });
  it("keeps no more than one record, and stops at one beyond the limit", () => {
    const each = splitter("records", rfc4180, { limit: 100 });
    each.push(bytes("a,b\n"));
    for (let i = 0; i < 1000; i++) each.push(bytes("1,2\n3,4\n5"));
    expect(each.held).toBeLessThan(10);
    expect(() => each.push(bytes(`1,"${"x".repeat(101)}`))).toThrow("CSV-005");
  });
  it("reads as the parser does, wherever the stream is cut", () => {
    const unit = fc.constantFrom("a", '"', ",", "\r", "\n", "é");
    fc.assert(
      fc.property(fc.array(fc.array(fc.string({ unit, maxLength: 5 }), { minLength: 2, maxLength: 2 }), { minLength: 2, maxLength: 5 }), fc.constantFrom("\r\n", "\n", "\r"), fc.integer({ min: 1, max: 9 }), (rows, eol, size) => {
        const written = rows.map((row) => row.map((each) => `"${each.replaceAll('"', '""')}"`).join(",")).join(eol);
        const { cuts } = run(splitter("records"), written, size);
        expect(cuts.map(([text]) => parseCsv(text).all()[0]?.values)).toEqual(rows.slice(1));
      }),
    );
  });
});

describe("batches of HL7 v2", () => {
  const message = (id: string) => `MSH|^~\\&|LAB|N|EHR|S|20260105||ORU^R01|${id}|P|2.5.1\rOBX|1|TX|A||BTS of the MSH|\r`;
  const [a, b, c] = ["A", "B", "C"].map(message) as [string, string, string];
  it.each([1, 3, 17, 1000])("gives each message with its end and checks the counts, in chunks of %d bytes", (size) => {
    const text = `FHS|^~\\&|X\rBHS|^~\\&|X\r${a}${b}BTS|2\rBHS|^~\\&|X\r${c}BTS|1|note\rFTS|2\r`;
    const { cuts, problems } = run(splitter("batch"), text, size);
    expect(cuts.map(([each]) => each)).toEqual([a, b, c]);
    expect(cuts.map(([, end]) => text.slice(0, end).slice(-4))).toEqual(["MSH|", "MSH|", "MSH|"].map(() => "SH|\r"));
    expect(problems).toEqual([]);
  });
  it("splits by MSH where there is no envelope, whatever ends the lines", () => {
    const text = `\uFEFF${a.replaceAll("\r", "\r\n")}\r\n${b.replaceAll("\r", "\n")}\n${c.slice(0, -1)}`;
    expect(run(splitter("batch"), text, 13).cuts.map(([each]) => parseHl7(each).controlId)).toEqual(["A", "B", "C"]);
  });
  it("keeps the messages of a batch whose counts are wrong, and says where", () => {
    const text = `FHS|^~\\&|X\r\nBHS|^~\\&|X\r\n${a.replaceAll("\r", "\r\n")}BTS|7\r\nBHS|^~\\&|X\r\n${b.replaceAll("\r", "\r\n")}BTS|x\r\nFTS|1`;
    const { cuts, problems } = run(splitter("batch"), text, 11);
    expect(cuts).toHaveLength(2);
    expect(problems).toEqual([
      { code: "HL7-301", offset: text.indexOf("BTS|7"), line: 5, has: 1, says: 7 },
      { code: "HL7-301", offset: text.indexOf("BTS|x"), line: 9, has: 1, says: -1 },
      { code: "HL7-302", offset: text.indexOf("FTS|1"), line: 10, has: 2, says: 1 },
    ]);
  });
  it("names an envelope that is not closed or not opened", () => {
    expect(run(splitter("batch"), `BHS|^~\\&|X\r${a}`).problems).toEqual([{ code: "HL7-303", offset: 0, line: 1 }]);
    expect(run(splitter("batch"), `${a}BTS|1\rFTS|\r`).problems.map(({ code, line }) => [code, line])).toEqual([["HL7-304", 3], ["HL7-304", 4]]);
    expect(run(splitter("batch"), `FHS|^~\\&|X\rBHS|^~\\&|X\r${a}FTS|1\r`).problems.map(({ code }) => code)).toEqual(["HL7-303"]);
  });
  it("loses no text: what belongs to no message is one of its own", () => {
    const { cuts } = run(splitter("batch"), `hello\r\n\r\n${a}BTS|1\rNTE|1||after\r`);
    expect(cuts.map(([each]) => each)).toEqual(["hello\r\n\r\n", a, "NTE|1||after\r"]);
  });
  it("goes on behind a committed offset, with the counts of the whole", () => {
    const text = `BHS|^~\\&|X\r${a}${b}BTS|2\r`;
    const [first] = run(splitter("batch"), text).cuts;
    const { cuts, problems } = run(splitter("batch", rfc4180, { from: first?.[1] ?? 0 }), text, 5);
    expect([cuts.map(([each]) => each), problems]).toEqual([[b], []]);
  });
  it("stops at a message beyond the limit and at UTF-16", () => {
    expect(() => run(splitter("batch", rfc4180, { limit: 50 }), a)).toThrow("HL7-305");
    expect(() => splitter("batch").push(Buffer.from(`\uFEFF${a}`, "utf16le"))).toThrow("BYT-001");
  });
  it.each(["batch", "records"] as const)("%s: no UTF-16, said or not", (how) => {
    for (const charset of ["UTF-16", "utf-16le", "UNICODE UTF-16"]) expect(() => splitter(how, rfc4180, {}, charset)).toThrow("BYT-001");
    for (const charset of ["utf-8", "8859/1", "BIG-5"]) splitter(how, rfc4180, {}, charset);
    const rows = "id,name\r\n1,one\r\n";
    for (const text of [`\uFEFF${rows}`, rows]) {
      const le = Buffer.from(text, "utf16le");
      for (const bytes of [le, Buffer.from(le).swap16()]) {
        expect(() => splitter(how).push(bytes)).toThrow("BYT-001");
        expect(() => {
          const short = splitter(how);
          short.push(bytes.subarray(0, 2));
          short.finish();
        }).toThrow("BYT-001");
      }
    }
  });
  it("builds what it splits", () => {
    const header = { sendingApplication: "A|B", now: Date.UTC(2026, 0, 5), controlId: "B1" };
    const text = buildBatch([a, b.slice(0, -1)], header);
    expect(text.startsWith("FHS|^~\\&|A\\F\\B||||20260105000000+0000||||B1\rBHS|^~\\&|A\\F\\B|")).toBe(true);
    expect(text.endsWith("BTS|2\rFTS|1\r")).toBe(true);
    const { cuts, problems } = run(splitter("batch"), text);
    expect([cuts.map(([each]) => each), problems]).toEqual([[a, b], []]);
    expect(() => buildBatch(["PID|1"], header)).toThrow("HL7-001");
  });
});

describe("several messages as one body", () => {
  const header = { now: 0, controlId: "B" };
  it("delimited text: one header, the records as they are", () => {
    const texts = ['\uFEFFid,"a"\r\n1,x\r\n', "id,a\n2,\"y\n\"", "id,a\r\n"];
    expect(joined("csv", texts, { header })).toBe('\uFEFFid,"a"\r\n1,x\r\n2,"y\n"\r\n');
    expect(joined("csv", ["1;2", "3;4\n"], { header, csv: { delimiter: ";", quote: '"', header: false } })).toBe("1;2\r\n3;4\n");
    expect(() => joined("csv", ["a,b\n1,2\n", "b,a\n1,2\n"], { header })).toThrow("CSV-105");
    const { cuts } = run(splitter("records"), joined("csv", ["a,b\n1,2", "a,b\n3,4"], { header }));
    expect(cuts.map(([text]) => text)).toEqual(["a,b\n1,2\n", "a,b\n3,4\n"]);
  });
  it("JSON: an array; HL7 v2: a batch; other formats: none", () => {
    expect(joined("json", ['\uFEFF{"a":1.0} ', "[2]"], { header })).toBe('[{"a":1.0},[2]]');
    expect(() => joined("json", ["{"], { header })).toThrow("JSN-001");
    expect(joined("hl7v2", ["MSH|^~\\&|A"], { header })).toMatch(/^FHS.*\rBHS.*\rMSH\|\^~\\&\|A\rBTS\|1\rFTS\|1\r$/);
    expect(() => joined("xml", ["<a/>"], { header })).toThrow("BAT-001");
  });

  it("X12 stands in the first one's interchange, each transaction set as it is", () => {
    const one = (control: number, set: string, claim: string, { receiver = "PAYER", end = "\n" } = {}) =>
      buildInterchange({ sender: { qualifier: "ZZ", id: "CLINIC" }, receiver: { qualifier: "ZZ", id: receiver }, controlNumber: control, now: 0, lineEnd: end as "\n", groups: [{ id: "HC", sender: "A", receiver: "B", controlNumber: control, convention: "005010X222A1", sets: [{ id: "837", controlNumber: set, segments: [["CLM", claim, "100"]] }] }] });
    const file = joined("x12", [one(7, "0001", "C1"), one(8, "0002", "C2"), one(9, "0001", "C3"), one(10, "0003", "C4", { end: "" })], { header });
    // A number that its group has already goes into one more.
    expect(file.split(/(?<=~)\n?/).slice(1, -1).map((line) => line.replace(/^(GS\*HC\*A\*B).*\*(\d+)\*X.*$/, "$1*$2~"))).toEqual([
      "GS*HC*A*B*7~", "ST*837*0001~", "CLM*C1*100~", "SE*3*0001~", "ST*837*0002~", "CLM*C2*100~", "SE*3*0002~", "GE*2*7~",
      "GS*HC*A*B*9~", "ST*837*0001~", "CLM*C3*100~", "SE*3*0001~", "ST*837*0003~", "CLM*C4*100~", "SE*3*0003~", "GE*2*9~", "IEA*2*000000007~",
    ]);
    expect(parseX12(file).controlId).toBe("000000007");
    const { cuts } = run(splitter("transaction"), file);
    expect(cuts).toHaveLength(4);
    expect(() => joined("x12", [one(7, "0001", "C1"), one(8, "0002", "C2", { receiver: "OTHER" })], { header })).toThrow("BAT-002");
    expect(() => joined("x12", [one(7, "0001", "C1"), one(7, "0001", "C2")], { header })).toThrow("BAT-002");
    expect(() => joined("x12", [one(7, "0001", "C1"), one(8, "0002", "C2").split("IEA")[0] as string], { header })).toThrow("BAT-002");
  });
});
