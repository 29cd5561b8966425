import { describe, expect, it, test } from "vitest";
import { transactionFor } from "../grammar/index.ts";
import { parseX12 } from "../index.ts";
import { faultsOf } from "./index.ts";

const isa = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *261122*2200*^*00501*000000001*0*T*:~";

function faults(group: string, convention: string, ...segments: string[]): readonly string[] {
  const text = `${isa}GS*${group}*S*R*20261122*2200*1*X*${convention}~${segments.map((each) => `${each}~`).join("")}SE*${segments.length + 1}*0001~GE*1*1~IEA*1*000000001~`;
  return faultsOf(parseX12(text, transactionFor), transactionFor).map((each) => `${each.code} ${each.level === "segment" || each.level === "element" ? `${each.loop} ${each.segment}` : ""} ${each.note} ${"element" in each ? `${each.element}-${"component" in each ? each.component : ""}` : ""}`.trim());
}

const claim = (change: (text: string) => string = (text) => text) =>
  faults("HC", "005010X222A1", ...change(
    "ST*837*0001*005010X222A1|BHT*0019*00*1*20261122*2200*CH|NM1*41*2*S*****46*S7|PER*IC*D*TE*5550100|NM1*40*2*R*****46*R7|HL*1**20*1|NM1*85*2*C*****XX*1234567893|N3*1 A ST|N4*TOWN*OH*441010000|REF*EI*123456789|HL*2*1*22*0|" +
    "SBR*P*18*******CI|NM1*IL*1*ROE*PAT****MI*M1|N3*2 B ST|N4*TOWN*OH*44101|DMG*D8*19800101*F|NM1*PR*2*PAYER*****PI*P1|CLM*A1*10***11:B:1*Y*A*Y*Y**AA:::OH|DTP*439*D8*20261101|PWK*OZ*FX***AC*N1|HI*ABK:J209|LX*1|SV1*HC:99213*10*UN*1***1|DTP*472*D8*20261101",
  ).split("|"));

describe("a claim", () => {
  it("with all that is asked has no fault", () => expect(claim()).toEqual([]));
  test.each([
    ["DTP*439*D8*20261101|", "", "X12-245 2300 DTP I6"],
    [":::OH", "", "X12-246 2300 CLM I9 11-4"],
    ["***AC*N1", "", "X12-246 2300 PWK I9 5-0"],
    ["|DMG*D8*19800101*F", "", "X12-245 2010BA DMG I6"],
    ["11:B:1", "21:B:1", "X12-245 2300 DTP I6"],
    ["|HI*ABK", "|CR1****A*DH*5|HI*ABK", "X12-245 2310E NM1 I6"],
  ])("%s → %s", (from, to, fault) => expect(claim((text) => text.replace(from, to))).toContain(fault));
  it("asks for nothing where nothing is said", () => {
    expect(claim((text) => text.replace("**AA:::OH", "").replace("DTP*439*D8*20261101|", "").replace("*FX***AC*N1", "*AA"))).toEqual([]);
  });
});

it("a payment by transfer names its accounts, a cheque does not", () => {
  const payment = (bpr: string) => faults("HP", "005010X221A1", "ST*835*0001", bpr, "TRN*1*1*1999999999", "N1*PR*P", "N3*1 A ST", "N4*TOWN*OH*44101", "PER*BL*D*TE*5550100", "N1*PE*C*XX*1234567893");
  expect(payment("BPR*I*0*C*CHK************20261122")).toEqual([]);
  expect(payment("BPR*I*0*C*FWT**01*044000037*DA*1*1999999999**01*044000037*DA*2*20261122")).toEqual([]);
  expect(payment("BPR*I*0*C*ACH*CCP*01*044000037*DA*1*1999999999**01*044000037*DA**20261122")).toContain("X12-246 ST BPR I9 15-0");
  expect(payment("BPR*I*0*C*ACH************20261122")).toHaveLength(10);
});
