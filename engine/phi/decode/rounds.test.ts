import fc from "fast-check";
import { expect, test } from "vitest";
import { glued } from "./glued.ts";

/** Longer than anybody's name, number or address. */
const longestSought = 300;

const key = fc.string({ unit: fc.constantFrom(..."abcXYZ019_-"), minLength: 1, maxLength: 12 });
const rounds = fc.tuple(fc.array(key, { minLength: 1, maxLength: 9 }), fc.integer({ min: 0, max: 80 }), fc.nat(8));

test("whatever is spelt over the keys of a text is spelt over those that are kept of it", () => {
  let shortened = 0;
  fc.assert(
    fc.property(fc.array(rounds, { minLength: 1, maxLength: 3 }), (given) => {
      const keys = given.flatMap(([round, times, part]) => [...Array(times).fill(round).flat(), ...round.slice(0, part)]) as string[];
      const [kept = ""] = (glued(`{${keys.map((each, i) => `"${each}":${i}`).join(",")}}`) ?? "").split("\n\n");
      const all = allOf(keys);
      if (kept.length < all.length) shortened++;
      // Where a row ends, so does its last word.
      expect(kept.slice(-longestSought)).toBe(all.slice(-longestSought));
      for (let at = 0; at + longestSought <= all.length; at++) expect(kept.includes(all.slice(at, at + longestSought))).toBe(true);
    }),
    { numRuns: 300 },
  );
  expect(shortened).toBeGreaterThan(30);
});

test("a list of like objects costs no more than its first rounds", () => {
  const entry = '{"resource":{"status":"final","value":{"unit":"g","system":"s"}}}';
  const keys = (count: number) => (glued(`[${Array(count).fill(entry).join(",")}]`) ?? "").split("\n\n")[0]?.length;
  expect(keys(1000)).toBe(keys(100));
  expect(keys(4)).toBeGreaterThan(3 * 30);
});

test("a name that is spelt once, in the midst of ever the same keys, stands there", () => {
  const like = Array(200).fill('{"value":1,"unit":2}').join(",");
  const row = glued(`[${like},{"value":1,"Lind":3,"qvist":4,"unit":2},${like}]`) ?? "";
  expect(row).toMatch(/value ?Lindqvist ?unit/);
});

/** The same keys, of which none is left out: they are the values of another text. */
function allOf(keys: readonly string[]): string {
  const named = keys.map((each) => each.replace(/^_+/, ""));
  return keys.length < 2 ? "" : glued(`[${named.map((each) => `"${each}"`).join(",")}]`) ?? "";
}
