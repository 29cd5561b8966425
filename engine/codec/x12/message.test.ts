import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeOf } from "../../sdk/error.ts";
import { transactionFor } from "./grammar/index.ts";
import { parseX12 } from "./index.ts";
import { rebuildX12, x12StructureOf } from "./structure.ts";

const isa = (control: string, marks = "*^:~") =>
  `ISA*00*          *00*          *ZZ*CLINIC         *ZZ*PAYER          *260301*1200*${marks.charAt(1)}*00501*${control}*0*P*:~`.replaceAll("*", marks.charAt(0)).replace(/:~$/, marks.slice(2));

/** A question about two patients, in two transaction sets. */
const eligibility = [
  isa("000000017"),
  "GS*HS*CLINIC*PAYER*20260301*1200*5*X*005010X279A1~",
  "ST*270*0001*005010X279A1~",
  "BHT*0022*13*Q1*20260301*1200~",
  "HL*1**20*1~",
  "NM1*PR*2*EXAMPLE PAYER*****PI*77001~",
  "HL*2*1*21*1~",
  "NM1*1P*2*EXAMPLE CLINIC*****XX*1234567893~",
  "HL*3*2*22*0~",
  "TRN*1*TRACE-1*9CLINIC0001~",
  "NM1*IL*1*EXEMPLAR*ADA****MI*00111~",
  "REF*SY*000000001~",
  "REF*1L*GROUP-7~",
  "DMG*D8*19470823~",
  "EQ*30^98~",
  "SE*14*0001~",
  "ST*270*0002*005010X279A1~",
  "BHT*0022*13*Q2*20260301*1200~",
  "HL*1**20*1~",
  "NM1*PR*2*EXAMPLE PAYER*****PI*77001~",
  "HL*2*1*21*1~",
  "NM1*1P*2*EXAMPLE CLINIC*****XX*1234567893~",
  "HL*3*2*22*0~",
  "NM1*IL*1*MUSTER*BEN****MI*00222~",
  "EQ*30~",
  "SE*10*0002~",
  "GE*2*5~",
  "IEA*1*000000017~",
].join("\r\n");

const read = (text = eligibility) => parseX12(text, transactionFor);

describe("reading", () => {
  test("values by segment, element, repetition and component", () => {
    const msg = read();
    expect(msg.get("ISA06")).toBe("CLINIC");
    expect(msg.getRaw("ISA06")).toBe("CLINIC         ");
    expect(msg.get("NM1[3]03")).toBe("EXEMPLAR");
    expect(msg.getRaw("EQ01")).toBe("30^98");
    expect(msg.get("EQ01[2]")).toBe("98");
    expect(msg.values("EQ01")).toEqual(["30", "98", "30"]);
    expect(msg.get("REF(1L)02")).toBe("GROUP-7");
    expect(msg.get("REF(ZZ)02")).toBe("");
    expect([msg.type, msg.controlId]).toEqual(["270 005010X279A1", "000000017"]);
  });

  test("values through loops and envelopes", () => {
    const msg = read();
    expect(msg.values("2100C/NM103")).toEqual(["EXEMPLAR", "MUSTER"]);
    expect(msg.get("2100C[2]/NM103")).toBe("MUSTER");
    expect(msg.get("ST[2]/2100C/NM104")).toBe("BEN");
    expect(msg.get("ST[2]/BHT03")).toBe("Q2");
    expect(msg.get("2100A/NM109")).toBe("77001");
    expect(msg.values("2000C/NM103")).toEqual([]);
    expect(msg.loops("ST[2]/2100C")).toEqual(["2100C[2]"]);
    expect(msg.all("2100C/REF").map((each) => each.get("02"))).toEqual(["000000001", "GROUP-7"]);
  });

  test("leaves name each value once, by a path that finds it", () => {
    const msg = read();
    const leaves = msg.leaves();
    expect(new Set(leaves.map(({ path }) => path)).size).toBe(leaves.length);
    for (const { path, value, start, end } of leaves) {
      expect(msg.get(path), path).toBe(value);
      expect(eligibility.slice(start, end).trimEnd(), path).toBe(value);
    }
    expect(leaves.map(({ path }) => path)).toContain("2100C/REF[2]02");
    expect(leaves.find(({ value }) => value === "MUSTER")).toMatchObject({ path: "2100C[2]/NM103", transaction: 2 });
  });

  test("without a grammar, segments are all there is", () => {
    const msg = parseX12(eligibility);
    expect(msg.get("ST[2]/NM1[3]03")).toBe("MUSTER");
    expect(msg.values("2100C/NM103")).toEqual([]);
  });

  test("other delimiters in each interchange, and text behind the last", () => {
    const other = eligibility.replaceAll("*", "|").replaceAll("~", "\n").replaceAll("^", "!").replaceAll("\r\n", "");
    const both = `\ufeff${eligibility}\n${other}\nnothing of it`;
    const msg = read(both);
    expect(msg.toString()).toBe(both);
    expect(msg.values("2100C/NM103")).toEqual(["EXEMPLAR", "MUSTER", "EXEMPLAR", "MUSTER"]);
    expect(msg.get("ISA[2]/EQ01[2]")).toBe("98");
  });

  test("before version 00402, and where ISA11 is a letter, nothing repeats", () => {
    expect(parseX12(eligibility.replace("*00501*", "*00401*")).get("EQ01")).toBe("30^98");
    expect(parseX12(eligibility.replace("*1200*^*", "*1200*U*")).delimiters.repetition).toBe("");
  });

  test.each([
    ["", "X12-001"],
    ["GS*HS*A*B~", "X12-001"],
    ["ISA", "X12-001"],
    ["ISA*00*          *00", "X12-002"],
    [eligibility.slice(0, 105), "X12-002"],
    [`${eligibility.slice(0, 104)}A~`, "X12-003"],
    [`${eligibility.slice(0, 104)}**`, "X12-003"],
    [`ISA*00${" ".repeat(400)}`, "X12-003"],
  ])("text %# that is no interchange is refused", (text, code) => {
    expect(codeOf(failing(() => parseX12(text)), "X12-999")).toBe(code);
  });
});

describe("writing", () => {
  test("one edit changes one span", () => {
    const msg = read().set("2100C[2]/NM103", "OTHER");
    expect(msg.toString()).toBe(eligibility.replace("MUSTER", "OTHER"));
    expect(read().set("ISA13", "000000018").toString()).toBe(eligibility.replace("000000017", "000000018"));
    expect(read().set("ISA08", "X").get("ISA08")).toBe("X");
    expect(read().set("NM1[3]11-2", "b").get("NM1[3]11-2")).toBe("b");
  });

  test("a qualifier that is set chooses another loop", () => {
    const msg = read().set("NM1[3]01", "03");
    expect(msg.values("2100C/NM103")).toEqual(["MUSTER"]);
  });

  test.each(["a*b", "a:b", "a^b", "a~b", "a\nb"])("data with a delimiter is refused: %j", (value) => {
    const msg = read();
    expect(codeOf(failing(() => msg.set("2100C/NM103", value)), "X12-999")).toBe("X12-103");
    expect(msg.toString()).toBe(eligibility);
  });

  test.each([
    ["CLM-5.1", "X12-101"], ["2010BA/", "X12-101"], ["NM103/2010BA", "X12-101"], ["NM1[0]03", "X12-101"], ["ISA11", "X12-106"], ["CLM01", "X12-104"], ["ISA0199", "X12-101"],
  ])("a wrong path %s is told", (path, code) => {
    expect(codeOf(failing(() => read().set(path, "x")), "X12-999")).toBe(code);
  });

  test("segments are added and removed, and counted when asked", () => {
    const msg = read().addSegment("REF*EJ*A-1", "2100C/REF[2]");
    expect(msg.removeSegment("ST[2]/EQ")).toBe(true);
    expect(msg.recount().values("SE01")).toEqual(["15", "9"]);
    expect(msg.get("2100C/REF[3]02")).toBe("A-1");
    expect(codeOf(failing(() => msg.addSegment("SE*1*1", "NM1")), "X12-999")).toBe("X12-108");
    expect(codeOf(failing(() => msg.removeSegment("ST")), "X12-999")).toBe("X12-106");
  });
});

test("a structure of anything becomes the text that gives it again", () => {
  const value = fc.string({ unit: fc.constantFrom("a", "7", " ", "é", "\n", "&"), maxLength: 6 });
  const segment = fc.record({ id: fc.constantFrom("N1", "NM1", "ZZ9"), end: fc.constantFrom("~", "~\r\n", "~\n "), elements: fc.array(fc.array(fc.array(value, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 5 }) });
  const begun = x12StructureOf(parseX12(isa("000000001")));
  fc.assert(
    fc.property(fc.array(segment), (segments) => {
      const whole = { ...begun, segments: [...begun.segments, ...segments] };
      expect(x12StructureOf(parseX12(rebuildX12(whole)))).toEqual(whole);
    }),
  );
});

function failing(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

test("transaction sets that nothing encloses stand beside each other, however many there are", () => {
  const stray = 20_000;
  const text = `ISA*00*          *00*          *ZZ*CLINIC         *ZZ*PAYER          *260301*1200*^*00501*000000017*0*P*:~IEA*0*000000017~${"ST*837*0001~".repeat(stray)}`;
  const message = parseX12(text, transactionFor);
  const sets = message.envelopes("ST");
  expect([sets.length, sets.every(({ parent, start, end }) => parent === undefined && end === start + 1)]).toEqual([stray, true]);
});
