import fc from "fast-check";
import { expect, test } from "vitest";
import { longestKept } from "./decode/units.ts";
import { beyondHex, digit, letter, mirrored, tokensOf, type Tokens } from "./tokens.ts";

const sign = fc.constantFrom(..."afgAFG09 -/\n\"\u00e9\u0418\ud83d\ude00");
const text = fc.string({ unit: sign, maxLength: 400 });

test("the runs of letters and digits of a text, and what each is made of", () => {
  fc.assert(
    fc.property(fc.array(text), (texts) => {
      for (const each of texts) expect(read(tokensOf(each))).toEqual(expected(each));
    }),
  );
});

test.each([8191, 8192, 8193, 16_384])("a run goes on where what is looked at together ends, at %d", (at) => {
  for (const around of ["a9", "--", "a-", "-a"]) {
    const long = "-".repeat(at - 1) + around + "-g".repeat(200);
    expect(read(tokensOf(long))).toEqual(expected(long));
    expect(read(tokensOf(`${"a".repeat(at - 1)}${around}`))).toEqual(expected(`${"a".repeat(at - 1)}${around}`));
  }
});

test("what was asked for stays as it is while three other texts are looked at, and one text more", () => {
  const [first, ...others] = Array.from({ length: 4 }, (_, i) => `the text ${i} `.repeat(40)) as [string, ...string[]];
  const tokens = tokensOf(first);
  for (const other of others) tokensOf(other);
  tokensOf("short");
  tokensOf("x ".repeat(longestKept));
  expect(read(tokens)).toEqual(expected(first));
  expect(tokensOf(first)).toBe(tokens);
});

test("read from its end a text has the same runs, the last one first", () => {
  fc.assert(
    fc.property(text, (each) => {
      const back = Array.from({ length: each.length }, (_, i) => each.charAt(each.length - 1 - i)).join("");
      expect(read(mirrored(tokensOf(each), back))).toEqual(expected(back));
    }),
  );
});

function read({ text: of, count, starts, ends, kinds }: Tokens): readonly (readonly [string, number, number])[] {
  return Array.from({ length: count }, (_, i) => [of.slice(starts[i], ends[i]), starts[i] as number, kinds[i] as number]);
}

function expected(of: string): ReturnType<typeof read> {
  return Array.from(of.matchAll(/[0-9A-Za-z]+/g), (found) => [found[0], found.index, kindsOf(found[0])]);
}

function kindsOf(word: string): number {
  return (/\d/.test(word) ? digit : 0) | (/[a-z]/i.test(word) ? letter : 0) | (/[g-z]/i.test(word) ? beyondHex : 0);
}
