import fc from "fast-check";
import { expect, test } from "vitest";
import { unspacedHex } from "./spaced-hex.ts";

test.each([
  ["spaces", "4a 61 6e", "Jan"], ["0x", "0x4a, 0x61, 0X6e", "Jan"], ["underscores", "4a_61_6e", "Jan"], ["breaks written as escapes", "4a\\n61\\n6e", "Jan"], ["numbers of JSON", '{"x":[74,61,6e]}', "tan"],
])("bytes with signs between: %s", (_, text, plain) => {
  expect(unspacedHex(text)).toBe(plain);
});

test.each([["two of them", "4a 61"], ["four signs between", "4a    61    6e"], ["a word among them", "4a 61x 6e"], ["longer numbers", "4a61 6e4a 616e"]])("%s are none", (_, text) => {
  expect(unspacedHex(text)).toBeUndefined();
});

test("whatever has three of them in a row is looked at", () => {
  const pair = fc.tuple(fc.constantFrom("", "0x", "0X"), fc.constantFrom("4a", "61", "6E", "7a")).map((parts) => parts.join(""));
  const gap = fc.string({ unit: fc.constantFrom(..." ,:;_.|-\t\n"), minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(fc.array(fc.tuple(pair, gap), { minLength: 3, maxLength: 9 }), fc.constantFrom("", "x ", '{"a":"'), (row, before) => {
      const text = `${before}${row.flat().slice(0, -1).join("")}`;
      expect(unspacedHex(text)).toBe(Buffer.from(row.map(([each]) => each.slice(-2)).join(""), "hex").toString());
    }),
  );
});
