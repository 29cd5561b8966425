import { describe, expect, it, test } from "vitest";
import { parseX12 } from "../codec/x12/index.ts";
import { Collector } from "./collector.ts";
import { harvestX12 } from "./harvest-x12.ts";
import { createBoundary } from "./index.ts";
import { patientsOf } from "./patients.ts";
import { destination, envelope, label, only, partner, tree } from "./testing/given.ts";

const boundary = createBoundary();
const isa = "ISA*00*          *00*          *ZZ*NORTHSIDE      *ZZ*PAYERCO        *261122*2200*^*00501*000000001*0*T*:~";
const wrap = (type: string, ...segments: string[]) => `${isa}GS*HC*NORTHSIDE*PAYERCO*20261122*2200*1*X*005010X222A1~ST*${type}*0001~${segments.join("~")}~SE*9*0001~GE*1*1~IEA*1*000000001~`;

const claim = wrap(
  "837",
  "NM1*85*2*Oakwell Clinic*****XX*1234567893", "N3*9 Harbour Road", "REF*EI*123456789",
  "SBR*P*18*GRP77120*Quillfeather Mills*****CI", "NM1*IL*1*Rivera*Jane*Q***MI*W7730021", "N3*12 Elmhurst Way", "N4*Millbrook*MA*02139", "DMG*D8*19800102*F",
  "REF*SY*517448213", "PER*IC**TE*6175550142*EM*jane.rivera@example.org",
  "CLM*ACCT48213*145.5***11:B:1*Y*A*Y*Y", "DTP*431*D8*20261011", "DTP*434*RD8*20260903-20260907", "PWK*OZ*BM***AC*ATT551720", "REF*G1*AUTH99120", "REF*X4*12D3456789", "K3*call 617-555-0199",
  "NTE*ADD*see chart MR-220817", "HI*ABK:J209*BH:11:D8:20260815", "LX*1", "SV1*HC:99213:::::after visit 20260819*145.5*UN*1***1",
);

function refuses(raw: string, note: string): boolean {
  const harvest = boundary.harvest(tree(raw, "x12"), "x12");
  const input = { envelope: envelope(JSON.stringify({ note })), harvest, label: label("none") };
  return boundary.guard({ ...input, destination: destination({ only }), partner: partner() })?.code === "PHI-201";
}

describe("identifiers of X12", () => {
  test.each([
    "Rivera, Jane", "jane q rivera", "W7730021", "12 Elmhurst Way", "1980-01-02", "517-44-8213", "(617) 555-0142", "jane.rivera@example.org", "ACCT48213", "GRP77120", "Quillfeather Mills",
    "October 11, 2026", "2026-09-03", "20260907", "ATT551720", "AUTH99120", "617-555-0199", "MR-220817", "08/15/2026", "20260819",
  ])("%s does not leave", (note) => expect(refuses(claim, note)).toBe(true));
  test.each(["99213", "J209", "12D3456789", "claim 145.5", "Oakwell"])("%s says nothing of a person", (note) => expect(refuses(claim, note)).toBe(false));
  it("is read in a transaction set that nobody knows, and in a segment that nobody knows", () => {
    expect(refuses(wrap("999Z", "NM1*QC*1*Rivera*Jane", "ZZZ*Lindqvist Inga*773002118"), "773002118")).toBe(true);
    expect(refuses(wrap("850", "N1*ST*Jane Rivera*92*T10044821"), "Rivera Jane")).toBe(true);
  });
  it("of a list of codes in one element is not lost behind its first", () => expect(refuses(wrap("837", "HI*BF:J209^BH:11:D8:20260815"), "2026-08-15")).toBe(true));
  it("costs what a segment is long, not its square", () => {
    const message = (elements: number) => parseX12(wrap("837", `HI${"*BH:11:D8:20260815".repeat(elements)}`));
    const cost = (elements: number) => {
      const read = message(elements);
      return Math.min(...[1, 2, 3].map(() => {
        const began = process.cpuUsage();
        harvestX12(read, new Collector());
        const { user, system } = process.cpuUsage(began);
        return user + system;
      }));
    };
    cost(1000);
    // Eight times the elements: about 8 when each is looked at once, 64 when each is looked for from the start.
    expect(cost(24_000) / cost(3000)).toBeLessThan(30);
  });
  it("is not lost behind a text that follows the interchange", () => expect(refuses(`${claim}Tomas Okafor`, "Tomas Okafor")).toBe(true));
});

describe("patients of X12", () => {
  const patients = (raw: string) => patientsOf(parseX12(raw), "x12", "northside").patients.map(({ ids }) => ids);
  it("by member id and by the claim's own number", () => expect(patients(claim)).toEqual([["W7730021", "ACCT48213"]]));
  it("a dependent without an id by the claim", () => {
    const text = wrap("837", "HL*1**20*1", "NM1*85*2*Clinic*****XX*1234567893", "HL*2*1*22*1", "NM1*IL*1*Roe*Pat****MI*M1", "HL*3*2*23*0", "NM1*QC*1*Roe*Sam", "CLM*C1*10", "REF*EA*MRN7", "NM1*82*1*Doc*A****XX*1", "CLM*C2*10");
    expect(patients(text)).toEqual([["M1"], ["C1", "MRN7", "C2"]]);
  });
  it("of a remittance: each claim's patient and insured", () => {
    expect(patients(wrap("835", "CLP*C1*1*10*10**12*P1", "NM1*QC*1*Roe*Sam****MI*M1", "NM1*IL*1*Roe*Pat****MI*M9", "CLP*C2*1*10*10**12*P2", "NM1*QC*1*Roe*Sam****MI*M1"))).toEqual([["M1", "C1", "C2"], ["M9"]]);
  });
  it("of an enrolment: each member", () => {
    expect(patients(wrap("834", "INS*Y*18*021", "REF*0F*S1", "NM1*IL*1*Roe*Pat****34*517448213", "INS*N*19*021", "REF*0F*S1", "NM1*74*1*Roe*Sam", "NM1*70*1*Row*Sam"))).toEqual([["S1", "517448213"]]);
  });
});
