import { expect, test } from "vitest";
import { readTree } from "../../codec/index.ts";
import { labelOf } from "./index.ts";

const isa = "ISA*00*          *00*          *ZZ*NORTHSIDE      *ZZ*PAYERCO        *261122*2200*^*00501*000000001*0*T*:~GS*HC*N*P*20261122*2200*1*X*005010X222A1~ST*837*0001~";
const found = (...segments: string[]) => labelOf(readTree("x12", `${isa}${segments.map((each) => `${each}~`).join("")}SE*3*0001~GE*1*1~IEA*1*000000001~`));

test.each([
  ["HI*ABK:F1120*ABF:J209", ["part2"]],
  ["HI*ABK:J209*ABF:B20*ABF:A539", ["hiv", "sti"]],
  ["III*ABF*Z21", ["hiv"]],
  ["CLM*A*10***57:B:1", ["part2"]],
  ["CLM*A*10***11:B:1*******08", ["violence"]],
  ["SV1*HC:99213*10*UN*1*53", ["behavioral"]],
])("%s", (segment, compartments) => expect(found(segment)).toMatchObject({ compartments, unknown: false }));

test("a member whose record is restricted, without a compartment that says why, is unknown", () => {
  expect(found("INS*Y*18*021**A********R").unknown).toBe(true);
  expect(found("INS*Y*18*021**A********R", "HI*ABK:B20")).toMatchObject({ compartments: ["hiv"], unknown: false });
});

test.each(["HI*ABK:J209", "HI*BK:042", "HI*BE:F10", "CLM*A*10***57:A:1", "CLM*A*10***11:B:1*******05", "INS*Y*18*021**A********U", "NTE*ADD*HIV"])("%s says nothing", (segment) => {
  expect(found(segment)).toEqual({ compartments: [], obligations: [], unknown: false });
});
