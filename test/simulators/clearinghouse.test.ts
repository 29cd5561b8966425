import { expect, it } from "vitest";
import { X12Parser } from "node-x12";
import { readTree } from "../../engine/codec/index.ts";
import { validatorOf } from "../../engine/codec/validate.ts";
import { acknowledged, answered999, claimsIn, eligible271, rejectedFile, remitted835, said277, status277 } from "./clearinghouse-x12.ts";

const file = [
  "ISA*00*          *00*          *ZZ*VISITSCLINIC   *ZZ*EXAMPLEHOUSE   *260302*0900*^*00501*000000042*0*P*:", "GS*HC*VISITSCLINIC*EXAMPLEHOUSE*20260302*0900*42*X*005010X222A1",
  ...["VC1001", "VC1002", "VC1003"].flatMap((claim) => [
    `ST*837*${claim}*005010X222A1`, "NM1*85*2*VISITS CLINIC*****XX*1234567893", "NM1*IL*1*SAMPLE*ANN****MI*M1", "NM1*PR*2*EXAMPLE HEALTH PLAN*****PI*77001", `CLM*${claim}*110.50***10:B:1*Y*A*Y*Y`, `SE*6*${claim}`,
  ]),
  "GE*3*42", "IEA*1*000000042",
].map((line) => `${line}~\n`).join("");
const claims = claimsIn(file);
const question = (rows: readonly string[]) => rows.map((row) => `${row}~`).join("");
const insured = ["NM1*PR*2*EXAMPLE HEALTH PLAN*****PI*77001", "NM1*41*2*VISITS CLINIC*****46*VISITS", "NM1*1P*2*VISITS CLINIC*****XX*1234567893", "NM1*IL*1*SAMPLE*ANN****MI*M1"];

it.each([
  ["a 999", answered999(1, file, claims, (claim) => claim === "VC1002")],
  ["a TA1", rejectedFile(2, file)],
  ["a 277CA", acknowledged(3, claims, (claim) => claim === "VC1003")],
  ["an 835", remitted835(4, claims, (claim) => claim === "VC1001")],
  ["a 271", eligible271(5, question(["BHT*0022*13*7*20260302*0900", ...insured, "DMG*D8*19800203", "TRN*1*7*9VISITS001"]), true)],
  ["a 271 of nobody", eligible271(6, question(["BHT*0022*13*7*20260302*0900", ...insured, "DMG*D8*19800203", "TRN*1*7*9VISITS001"]), false)],
  ["a 277", status277(7, question(["BHT*0010*13*7*20260302*0900", ...insured, "TRN*1*VC1001"]), new Map(claims.map((each) => [each.claim, each])))],
  ["a 277 of no claim", status277(8, question(["BHT*0010*13*7*20260302*0900", ...insured, "TRN*1*VC9"]), new Map())],
  ["a 277 that nobody asked for", said277(9, "VC1001", "F1")],
])("%s of the clearinghouse is as the guides say, and another's parser reads it", async (_what, text) => {
  const problems = (await validatorOf("x12"))(readTree("x12", text));
  expect(problems.map(({ code, path }) => `${code} ${path}`)).toEqual([]);
  // Which knows no TA1.
  if (!text.includes("TA1*")) expect(() => new X12Parser(true).parse(text)).not.toThrow();
});
