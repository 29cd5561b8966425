import { expect, test } from "vitest";
import { canonical } from "../../codec/json/canonical.ts";
import { disclosing } from "./sample.fixture.ts";
import { noticeWords, wordsOf } from "./wording.ts";

const hash = (owner: string, id: string) => `${owner}:${id}`;
const at = "2026-06-01T12:00:00.000Z";
const said = {
  agreement: "T-1", at, basis: "treatment", bytes: 4, compartments: ["hiv"], level: "phi", levelIn: "phi", owners: ["north"], partner: "ehr", partnerHash: "ab",
  patients: [{ ids: ["north:4711", "north:4711^^^NORTH"], owner: "north" }], purpose: "TREAT", revision: "r1", type: "ORU^R01",
};

test("a disclosure, an answer and a question say what left, each under its own kind", () => {
  expect(JSON.parse(JSON.stringify(wordsOf({ kind: "intent", at, lane: "lab/ehr", message: 7 }, disclosing, hash)))).toEqual({ ...said, kind: "intent", lane: "lab/ehr", message: 7, endpoint: "feed" });
  const { endpoint: _, policies: _p, ...answer } = disclosing;
  expect(JSON.parse(JSON.stringify(noticeWords(at, { kind: "answer", message: 7, channel: "lab", ...answer }, hash)))).toEqual({ ...said, kind: "answer", message: 7, channel: "lab" });
  expect(JSON.parse(JSON.stringify(noticeWords(at, { kind: "ask", channel: "lab", ...disclosing }, hash)))).toEqual({ ...said, kind: "ask", channel: "lab", endpoint: "feed" });
});

test("the keys of a disclosure stand as canonical JSON has them", () => {
  const words = wordsOf({ kind: "intent", at, lane: "lab/ehr", message: 7 }, disclosing, hash);
  expect(canonical(words)).toBe(JSON.stringify(words));
});
