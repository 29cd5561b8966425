import fc from "fast-check";
import { expect, test } from "vitest";
import { longestKept, Units } from "./units.ts";
import { Written } from "./written.ts";

const text = fc.string({ unit: fc.constantFrom(..."ab9 \u00e9\u00ff\u0418\ud83d\ude00") });

test("a text's units are its own, whatever was read before", () => {
  const units = new Units();
  fc.assert(
    fc.property(fc.array(text), (texts) => {
      for (const each of texts) expect(String.fromCharCode(...units.of(each).subarray(0, each.length))).toBe(each);
    }),
  );
});

test("pieces of a text are put together as they stand", () => {
  const units = new Units();
  const written = new Written();
  fc.assert(
    fc.property(fc.array(fc.tuple(text, fc.nat(), fc.nat())), (pieces) => {
      let whole = "";
      for (const [from, a, b] of pieces) {
        const [start, end] = [Math.min(a % (from.length + 1), b % (from.length + 1)), Math.max(a % (from.length + 1), b % (from.length + 1))];
        written.add(units.of(from), start, end);
        written.sign(32);
        whole += `${from.slice(start, end)} `;
      }
      expect(written.take()).toBe(whole);
    }),
  );
});

test.each(["a", "\u0418"])("a text of more than is kept is read and written whole: %s", (sign) => {
  const long = `${sign.repeat(longestKept)}b`;
  const [units, written] = [new Units(), new Written()];
  written.add(units.of(long), 0, long.length);
  expect(written.take() === long).toBe(true);
  written.add(units.of("next"), 0, 4);
  expect(written.take()).toBe("next");
});
