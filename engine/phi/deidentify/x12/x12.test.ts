import { describe, expect, it } from "vitest";
import { parseX12 } from "../../../codec/x12/index.ts";
import { context, type Given } from "../given.fixture.ts";
import { x12 } from "./index.ts";
import { period } from "./period.ts";
import { body, interchange, lowered } from "./x12.fixture.ts";

const limited: Given = { spec: { method: "limited-data-set", dates: "keep", ids: "surrogate" } };
const moved: Given = { spec: { method: "expert", dates: "shift", ids: "pseudonym" } };
const claim = (birth = "19800102") =>
  interchange(
    "837", "005010X222A1",
    "BHT*0019*00*BATCH48213*20261122*2200*CH", "NM1*41*2*Northside Billing*****46*S7", "PER*IC*Inga Lindqvist*TE*6175550199", "NM1*40*2*Payerco*****46*P7", "HL*71**20*1", "NM1*85*2*Oakwell Clinic*****XX*1234567893", "N3*9 Harbour Road",
    "N4*Millbrook*MA*02139", "REF*EI*123456789", "HL*72*71*22*0", "SBR*P*18*GRP77120*Quillfeather Mills*****CI", "NM1*IL*1*Rivera*Jane*Q***MI*W7730021", "N3*12 Elmhurst Way", "N4*Millbrook*MA*02139", `DMG*D8*${birth}*F`, "REF*SY*517448213",
    "NM1*PR*2*Payerco*****PI*77", "CLM*ACCT48213*145.5***11:B:1*Y*A*Y*Y**AA:::MA", "DTP*431*D8*20261011", "DTP*435*DT*202609031030", "DTP*434*RD8*20260903-20260907", "REF*G1*AUTH99120", "NTE*ADD*see chart MR-220817", "HI*ABK:J209*ABF:E1165*BH:11:D8:20260815*ABF:Jane",
    "LX*991120", "SV1*HC:99213:25:::: Rivera*100.00*UN*1***1:2", "DTP*472*D8*20261012", "REF*6R*LINE99120",
  );

describe("a claim", () => {
  it("Safe Harbor", () => {
    const out = lowered(claim());
    expect(out.split("~\n")).toEqual([
      "ISA*00*          *00*          *ZZ*SLUICE         *ZZ*SLUICE         *260101*0000*^*00501*000000001*0*P*:", "GS*HC*SLUICE*SLUICE*20260101*0000*1*X*005010X222A1", "ST*837*0001*005010X222A1",
      "BHT*0019*00*token-acme-message-fresh***CH", "NM1*41*2", "NM1*40*2", "HL*1**20*1", "NM1*85*2", "HL*2*1*22*0", "SBR*P*18*******CI", "NM1*IL*1******MI*token-acme-patient of northside-kept", "N4**MA*021", "DMG*CY*1980*F", "NM1*PR*2",
      "CLM*token-acme-account of northside-kept*145.5***11:B:1*Y*A*Y*Y**AA:::MA", "DTP*431*CY*2026", "DTP*435*CY*2026", "DTP*434*CY*2026", "HI*ABK:J209*ABF:E1165*BH:11:CY:2026", "LX*1", "SV1*HC:99213:25*100.00*UN*1***1:2", "DTP*472*CY*2026",
      "SE*21*0001", "GE*1*1", "IEA*1*000000001", "",
    ]);
    expect(parseX12(out).toString()).toBe(out);
  });
  it("a limited data set keeps dates, and the patient's town and ZIP code", () => {
    const out = body(lowered(claim(), limited));
    for (const each of ["N4*Millbrook*MA*02139", "DMG*D8*19800102*F", "DTP*431*D8*20261011", "DTP*435*DT*202609031030", "DTP*434*RD8*20260903-20260907"]) expect(out).toContain(each);
    expect(out.filter((each) => each.startsWith("N4"))).toHaveLength(1);
    expect(out.join()).not.toMatch(/Rivera|Elmhurst|W7730021|517448213|AUTH|GRP|Oakwell|6175550199/);
  });
  it("with moved dates every date of a patient moves as far", () => {
    const out = body(lowered(claim(), moved));
    for (const each of ["DMG*D8*19800411*F", "DTP*431*D8*20270119", "DTP*434*RD8*20261212-20261216"]) expect(out).toContain(each);
  });
  it("a birth year that says an age over 89 goes", () => {
    expect(body(lowered(claim("19350102")))).toContain("DMG***F");
    expect(body(lowered(claim("19350102"), moved))).toContain("DMG***F");
  });
});

describe("what the policy says word for word", () => {
  const beyond = (text: string, raw = claim()) => x12.beyondVocabulary?.(text, parseX12(raw), { method: "safe-harbor" });
  it("is the envelope, codes and the numbers of levels", () => {
    const out = lowered(claim());
    expect(beyond(out)?.split("\n")).toEqual(expect.arrayContaining(["1980", "2026", "145.5", "021"]));
    expect(beyond(out)).not.toMatch(/SLUICE|0101|J209|99213|MA|ABK/);
  });
  it("is not what somebody wrote into it", () => {
    const out = lowered(claim());
    expect(beyond(out.replace("HC:99213", "HC:99215"))).toContain("99215");
    for (const [from, to] of [["NM1*IL*1", "NM1*IL*1*RIVERA"], ["DMG*CY", "DMG*JANE"]] as const) expect(beyond(out.replace(from, to))).toMatch(/RIVERA|JANE/);
    for (const [from, to] of [["*SLUICE  ", "*RIVERA  "], ["*260101*", "*800102*"], ["000000001~\n", "517448213~\n"], ["005010X222A1~\nBHT", "JANE~\nBHT"], ["CLM*", "ZZZ*"], ["SE*21", "SE*4711"]] as const) expect(beyond(out.replace(from, to))).toBeUndefined();
  });
});

describe("what nobody knows", () => {
  it("a segment and an element beyond go, a transaction set is refused", () => {
    expect(body(lowered(interchange("837", "005010X222A1", "ZZZ*Rivera*Jane", "AMT*F5*10*D*Rivera", "AMT*JANE*10")))).toEqual(["AMT*F5*10*D", "AMT**10"]);
    expect(() => lowered(interchange("850", "004010", "BEG*00*SA*1"))).toThrow("PHI-230");
    expect(() => lowered(interchange("837", "005010X222A1", "NTE*ADD*Jane"))).toThrow("PHI-231");
  });
});

it("a segment of an envelope that strayed into a set is nothing of it", () => {
  expect(body(lowered(interchange("837", "005010X222A1", "TA1*000000001*261122*2200*A*000", "AMT*F5*1")))).toEqual(["AMT*F5*1"]);
});

it("a set of many segments is written whole", () => {
  const out = lowered(interchange("837", "005010X222A1", Array.from({ length: 130_000 }, () => "AMT*F5*1").join("~")));
  expect(out).toContain("SE*130002*0001~");
});

describe("several patients", () => {
  const shifts: Given = { ...moved, mint: { surrogate: () => "t", pseudonym: (_, __, ___, value) => `p${value}`, shiftDays: (_, __, patient) => (patient === "M1" ? 10 : 20) } };
  it("each one's dates move by their own days", () => {
    const text = interchange("835", "005010X221A1", "BPR*I*20*C*CHK", "LX*1", "CLP*A*1*10*10**12*P1", "NM1*QC*1*Roe*Sam****MI*M1", "DTM*232*20260101", "CLP*B*1*10*10**12*P2", "NM1*QC*1*Roe*Pat****MI*M2", "DTM*232*20260101");
    expect(body(lowered(text, shifts)).filter((each) => each.startsWith("DTM"))).toEqual(["DTM*232*20260111", "DTM*232*20260121"]);
  });
});

it.each([
  ["D8", "20260101", ["CY", "2026"]], ["RD8", "20260101-20260131", ["CY", "2026"]], ["RD8", "20251231-20260101", undefined], ["DT", "202601011200", ["CY", "2026"]], ["CY", "2026", ["CY", "2026"]], ["TM", "1200", undefined], ["D8", "Jane1980", undefined],
  ["D8", "2026010", undefined], ["RD8", "20260101", undefined], ["D6", "260101", undefined],
])("of a period %s %s the year", (form, value, out) => expect(period(form, value, context(), "event")).toEqual(out));
