import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { transactionFor } from "../grammar/index.ts";
import { parseX12 } from "../index.ts";
import { amountOf, sum } from "./amount.ts";
import { problemsFrom } from "../problems.ts";
import { balanceFaults } from "./index.ts";

const isa = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *261122*2200*^*00501*000000001*0*T*:~\n";
const wrap = (group: string, convention: string, body: string) =>
  `${isa}GS*${group}*S*R*20261122*2200*1*X*${convention}~\n${body.trim().split("\n").map((line) => `${line.trim()}~\n`).join("")}GE*1*1~\nIEA*1*000000001~\n`;
const problemsOf = (message: ReturnType<typeof parseX12>) => problemsFrom(message, balanceFaults(message));
const problems = (text: string) => problemsOf(parseX12(text, transactionFor)).map(({ code, path, line, severity }) => `${code} ${path} ${line} ${severity}`);

const remittance = (change: (text: string) => string = (text) => text) =>
  wrap("HP", "005010X221A1", change(`ST*835*0001
    BPR*I*100.05*C*CHK************20261122
    TRN*1*1*1999999999
    N1*PR*PAYER
    N3*1 A ST
    N4*TOWN*OH*44101
    PER*BL*DESK*TE*5550100
    N1*PE*CLINIC*XX*1234567893
    LX*1
    CLP*A1*1*200*110.05*20*12*P1
    CAS*PR*3*20
    NM1*QC*1*ROE*PAT
    SVC*HC:99213*120.10*100.10
    CAS*CO*45*15.05**42*4.95
    SVC*HC:99000*79.90*29.95
    CAS*CO*45*49.95
    CLP*A2*22*-10*-10**12*P2
    NM1*QC*1*ROE*SAM
    PLB*1234567893*20261231*WO:1*5*72*-5
    SE*20*0001`));

const claim = (change: (text: string) => string = (text) => text) =>
  wrap("HC", "005010X222A1", change(`ST*837*0001*005010X222A1
    BHT*0019*00*1*20261122*2200*CH
    NM1*41*2*SUBMITTER*****46*S
    PER*IC*DESK*TE*5550100
    NM1*40*2*RECEIVER*****46*R
    HL*1**20*1
    NM1*85*2*CLINIC*****XX*1234567893
    N3*1 A ST
    N4*TOWN*OH*441010000
    REF*EI*123456789
    HL*2*1*22*0
    SBR*S*18*******CI
    NM1*IL*1*ROE*PAT****MI*M1
    NM1*PR*2*PAYER*****PI*P1
    CLM*A1*145.5***11:B:1*Y*A*Y*Y
    HI*ABK:J209
    SBR*P*18*******MB
    CAS*PR*1*10
    AMT*D*100
    OI***Y***Y
    NM1*IL*1*ROE*PAT****MI*M2
    NM1*PR*2*OTHER*****PI*P2
    LX*1
    SV1*HC:99213*100.00*UN*1***1
    DTP*472*D8*20261101
    SVD*P2*80*HC:99213**1
    CAS*CO*45*20
    DTP*573*D8*20261110
    LX*2
    SV1*HC:99000*45.50*UN*1***1
    DTP*472*D8*20261101
    SVD*P2*30*HC:99000**1
    CAS*CO*45*15.5
    DTP*573*D8*20261110
    SE*35*0001`));

describe("an 835", () => {
  it("balances", () => expect(problems(remittance())).toEqual([]));
  it("says where the payment is off, to the cent", () => {
    expect(problems(remittance((text) => text.replace("BPR*I*100.05", "BPR*I*100.06")))).toEqual(["X12-301 BPR02 4 error"]);
    expect(problems(remittance((text) => text.replace("72*-5", "72*-5.01")))).toEqual(["X12-301 BPR02 4 error"]);
    expect(problems(remittance((text) => text.replace("BPR*I*100.05*C", "BPR*I*-100.05*D")))).toEqual([]);
  });
  it("says where a claim is off", () => {
    expect(problems(remittance((text) => text.replace("CAS*PR*3*20", "CAS*PR*3*19.99")))).toEqual(["X12-302 2100/CLP04 12 error"]);
    expect(problems(remittance((text) => text.replace("A1*1*200*110.05", "A1*1*200.01*110.06").replace("100.05", "100.06")))).toEqual(["X12-304 2100/CLP03 12 error"]);
  });
  it("says where a service line is off", () => {
    expect(problems(remittance((text) => text.replace("79.90*29.95", "79.90*30.95").replace("CAS*PR*3*20", "CAS*PR*3*20")))).toEqual(["X12-303 2110[2]/SVC03 17 error"]);
  });
  it("leaves alone what is no number", () => expect(problems(remittance((text) => text.replace("100.05", "10O.05").replace("-5\n", "1e5\n")))).toEqual([]));
});

describe("an 837", () => {
  it("balances", () => expect(problems(claim())).toEqual([]));
  it("says where the total of the claim is off", () => {
    expect(problems(claim((text) => text.replace("CLM*A1*145.5*", "CLM*A1*145.51*")))).toEqual(["X12-311 2300/CLM02 17 error", "X12-313 2320/AMT02 21 error"]);
  });
  it("says where another payer's decision is off", () => {
    expect(problems(claim((text) => text.replace("SVD*P2*80", "SVD*P2*80.01")))).toEqual(["X12-312 2430/SVD02 28 error"]);
    expect(problems(claim((text) => text.replace("AMT*D*100", "AMT*D*99.99")))).toEqual(["X12-313 2320/AMT02 21 error"]);
    expect(problems(claim((text) => text.replace("SVD*P2*30*HC:99000**1\n    CAS*CO*45*15.5", "SVD*P3*45.5*HC:99000**1")))).toEqual(["X12-313 2320/AMT02 21 error"]);
  });
});

describe("an amount", () => {
  it("is exact", () => {
    expect(sum(["0.1", "0.2", "-.3", "", "5."].map(amountOf))).toBe(amountOf("5"));
    expect(sum(["999999999999999999", "0.00000000000000001"].map(amountOf))).not.toBe(amountOf("999999999999999999"));
    for (const text of ["1e5", ".", "-", "+1", "1,5", " 1", "1.0.0"]) expect(amountOf(text)).toBeUndefined();
  });
  it("adds up cents as whole numbers do", () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -(10 ** 9), max: 10 ** 9 })), (cents) => {
      const texts = cents.map((each) => `${each < 0 ? "-" : ""}${Math.floor(Math.abs(each) / 100)}.${String(Math.abs(each) % 100).padStart(2, "0")}`);
      expect(sum(texts.map(amountOf))).toBe(cents.reduce((total, each) => total + BigInt(each), 0n) * 10n ** 16n);
    }));
  });
});

it("costs what a claim has payers, not their square", () => {
  const claimOf = (payers: number) => {
    const rows = Array.from({ length: payers }, (_, i) => i);
    const others = rows.map((i) => `SBR*S*18*G****MC\nAMT*D*100\nNM1*PR*2*OTHER*****PI*P${i}\n`).join("");
    const decided = rows.map((i) => `SVD*P${i}*100*HC:99213**1\n`).join("");
    return parseX12(wrap("HC", "005010X222A1", `ST*837*0001*005010X222A1\nHL*1**20*1\nHL*2*1*22*0\nSBR*P*18*G******CI\nCLM*A*100***11:B:1*Y*A*Y*Y\n${others}LX*1\nSV1*HC:99213*100*UN*1***1\n${decided}SE*9*0001`), transactionFor);
  };
  const cost = (payers: number) => {
    const message = claimOf(payers);
    return Math.min(...[1, 2, 3].map(() => {
      const began = process.cpuUsage();
      expect(problemsOf(message)).toEqual([]);
      const { user, system } = process.cpuUsage(began);
      return user + system;
    }));
  };
  cost(500);
  expect(cost(8000) / cost(1000)).toBeLessThan(30);
}, 60_000);
