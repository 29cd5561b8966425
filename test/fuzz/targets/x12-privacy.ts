import { parseX12 } from "../../../engine/codec/x12/index.ts";
import { transactionFor } from "../../../engine/codec/x12/grammar/index.ts";
import { validateX12 } from "../../../engine/codec/x12/validate.ts";
import { Collector } from "../../../engine/phi/collector.ts";
import { context } from "../../../engine/phi/deidentify/given.fixture.ts";
import { x12 } from "../../../engine/phi/deidentify/x12/index.ts";
import { harvestX12 } from "../../../engine/phi/harvest-x12.ts";
import { labelOf } from "../../../engine/phi/label/index.ts";
import { patientsOf } from "../../../engine/phi/patients.ts";
import { codeOf } from "../../../engine/sdk/index.ts";
import type { Target } from "../target.ts";

/** Stands wherever somebody is named; nothing that leaves may hold it, wherever it gets. */
const person = "QZVXKJWQ";
const isa = "ISA*00*          *00*          *ZZ*CLINIC         *ZZ*PAYER          *260301*1200*^*00501*000000017*0*P*:~\n";
const wrap = (group: string, convention: string, set: string, ...segments: string[]) =>
  `${isa}GS*${group}*CLINIC*PAYER*20260301*1200*5*X*${convention}~\nST*${set}*0001*${convention}~\n${segments.map((each) => `${each}~\n`).join("")}SE*9*0001~\nGE*1*5~\nIEA*1*000000017~\n`;

export const target: Target = {
  name: "x12-privacy",
  seeds: [
    wrap("HC", "005010X222A1", "837", "BHT*0019*00*B*20260301*1200*CH", "HL*1**20*1", "NM1*85*2*CLINIC", "HL*2*1*22*1", `SBR*P**G1*${person}*****CI`, `NM1*IL*1*${person}*ADA****MI*M1`, `N3*${person}`, "N4*TOWN*OH*44101", "DMG*D8*19350102*F", "HL*3*2*23*0", "PAT*19****D8*20260101", `NM1*QC*1*${person}`, `CLM*${person}*100***11:B:1*Y*A*Y*Y**AA:::OH`, "DTP*434*RD8*20260101-20260102", `NTE*ADD*${person}`, "HI*ABK:R69*BH:11:D8:20260101", "LX*1", `SV1*HC:99213:25:::: ${person}*100*UN*1***1`, "SVD*P*80*HC:99213**1", "CAS*CO*45*20"),
    wrap("HP", "005010X221A1", "835", "BPR*I*9.39*C*CHK************20260101", "LX*1", `CLP*${person}*1*9.39*9.39**MC*42`, `NM1*QC*1*${person}*ADA`, "SVC*HC:T1005*9.39*9.39", "DTM*472*20260101", `PLB*${person}*20261231*WO:${person}*1`),
    wrap("BE", "005010X220A1", "834", "BGN*00*1*20260101", "INS*Y*18*021**A*C**FT**N*D8*20260101", `REF*0F*${person}`, `NM1*IL*1*${person}*ADA****34*517448213`, "DMG*D8*19800102*F**C", `EC**${person}`, "HD*021**HLT"),
  ],
  words: ["*", ":", "^", "~", person, `*${person}`, "NM1*IL", "NM1*QC*1*", "N1*IL*", "REF*SY*", "DTP*472*D8*", "CLM*", "HI*", "ISA*", "ST*837*", "SE*1*", "AMT*F5*", "INS*", "004010X098A1", "1e5", "-", "."],
  run(text) {
    const message = parseX12(text, transactionFor);
    harvestX12(message, new Collector());
    patientsOf(message, "x12", "clinic");
    labelOf(message);
    validateX12(message);
    for (const method of ["safe-harbor", "limited-data-set", "expert"] as const) {
      const dates = method === "safe-harbor" ? "year" : method === "expert" ? "shift" : "keep";
      const out = deidentified(text, context({ ...x12.patientOf(message), spec: { method, dates, ids: "surrogate" } }));
      if (out === undefined) continue;
      // Towns stay in a limited data set (45 CFR 164.514(e)(2)(ii)), whatever stands in their place.
      const left = method === "limited-data-set" ? out.replace(/\bN4\*[^*~]*/g, "N4") : out;
      if (left.includes(person)) throw new Error(`a name is left by ${method}`);
      if (parseX12(out).recount().toString() !== out) throw new Error("counts of the envelope are wrong");
      if (x12.beyondVocabulary?.(out, message, { method }) === undefined) throw new Error("the policy does not know its own writing");
    }
  },
};

/** What no policy covers, or nothing is left of, is refused with a code. */
function deidentified(text: string, given: ReturnType<typeof context>): string | undefined {
  try {
    return x12.deidentify(text, given);
  } catch (error) {
    if (/^PHI-23[01]$/.test(codeOf(error, "X12-001"))) return undefined;
    throw error;
  }
}
