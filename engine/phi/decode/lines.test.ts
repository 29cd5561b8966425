import fc from "fast-check";
import { expect, test } from "vitest";
import { blocksOfLines } from "./lines.ts";

test.each([
  ["lines of signs", "abcd\nef==", ["abcd\nef=="]],
  ["with white space beside the break", "x abcd \t\r\n  ef|abcd\ngh", ["abcd \t\r\n  ef", "abcd\ngh"]],
  ["a first line that is too short", "abc\nefgh\nij", ["efgh\nij"]],
  ["a line that is too short after it", "abcd\ne\nfghi\njk", ["fghi\njk"]],
  ["an empty line", "abcd\n\nefgh", []],
])("%s", (_, text, blocks) => {
  expect([...blocksOfLines(text)]).toEqual(blocks);
});

test("as the expression says", () => {
  const expression = /[\w+/=-]{4,}(?:[ \t]{0,4}\r?\n[ \t]{0,4}[\w+/=-]{2,})+/g;
  const sign = fc.constantFrom("a", "bc", "defg", "=", "/", " ", "\t", "\n", "\r\n", "|", "é");
  fc.assert(
    fc.property(fc.array(sign, { maxLength: 24 }), (signs) => {
      const text = signs.join("");
      expect([...blocksOfLines(text)]).toEqual(Array.from(text.matchAll(expression), ([block]) => block));
    }),
    { numRuns: 2000 },
  );
});

test("a long run costs its length once", () => {
  const text = `${"a".repeat(1_000_000)} x\nabcd`;
  const started = process.cpuUsage();
  expect([...blocksOfLines(text)]).toEqual([]);
  const { user, system } = process.cpuUsage(started);
  expect(user + system).toBeLessThan(1_000_000);
});
