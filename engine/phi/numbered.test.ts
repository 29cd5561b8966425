import fc from "fast-check";
import { expect, test } from "vitest";
import { numbered } from "./numbered.ts";

const one = (text: string) => [...text.matchAll(/(?<![\w.])[\p{L}\d][\p{L}\d/().-]{3,39}/gu)].map(([word]) => word).filter((word) => /\d/.test(word));

test("the words with a digit, and none without", () => {
  expect([...numbered("seen on 2026-03-01 by Dr Exemplar, MRN A900123, call (555) 010-9999 in ward 7")]).toEqual(["2026-03-01", "A900123", "555)", "010-9999"]);
  expect([...numbered("no number at all")]).toEqual([]);
});

test("whatever the text, the same words as one match after the other gives", () => {
  const sign = fc.constantFrom("a", "b", "Z", "é", "𝒜", "_", ".", "-", "/", "(", ")", " ", ",", "\n", "0", "7", "٣");
  const text = fc.array(fc.oneof({ weight: 4, arbitrary: sign }, { weight: 1, arbitrary: fc.constantFrom("word-of-letters-", "12345678", "𝒜𝒜𝒜𝒜𝒜𝒜") }), { maxLength: 120 });
  fc.assert(fc.property(text, (signs) => {
    expect([...numbered(signs.join(""))]).toEqual(one(signs.join("")));
  }), { numRuns: 3000 });
});

test("one text read while another is", () => {
  const inner: string[][] = [];
  const outer: string[] = [];
  for (const word of numbered("first 10001, second 20002")) {
    outer.push(word);
    inner.push([...numbered("third 30003 and 40004")]);
  }
  expect(outer).toEqual(["10001", "20002"]);
  expect(inner).toEqual([["30003", "40004"], ["30003", "40004"]]);
});
