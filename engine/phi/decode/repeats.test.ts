import fc from "fast-check";
import { expect, test } from "vitest";
import { Budget } from "./budget.ts";
import { unpacked } from "./packed.ts";
import { Repeats } from "./repeats.ts";

const unitsOf = (text: string) => Uint16Array.from(text, (sign) => sign.charCodeAt(0));

test("what stood before is known again, whatever stands in its slot meanwhile", () => {
  const word = fc.string({ unit: fc.constantFrom(..."abAB01+/"), minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(fc.array(word, { minLength: 80, maxLength: 300 }), (words) => {
      const text = `${words.join(" ")}${" ".repeat(256)}`;
      const repeats = new Repeats(unitsOf(text), text.length);
      const before = new Set<string>();
      let at = 0;
      for (const each of words) {
        if (repeats.has(at, at + each.length)) expect(before).toContain(each);
        before.add(each);
        at += each.length + 1;
      }
      expect(repeats.has(0, words[0]?.length ?? 0) || new Set(words).size > 1).toBe(true);
    }),
  );
});

test("of another text nothing is known", () => {
  const [one, other] = [`${"Jane".padEnd(300)}`, `${"Jane".padEnd(301)}`];
  expect(new Repeats(unitsOf(one), one.length).has(0, 4)).toBe(false);
  const repeats = new Repeats(unitsOf(other), other.length);
  expect(repeats.has(0, 4)).toBe(false);
  expect(repeats.has(0, 4)).toBe(true);
});

test("a block that is read beside others counts where it stands alone too", () => {
  const block = "9YauMzIPVOwcoKVRVPWiA7Lc";
  const words = Buffer.from("Patient/Patient/Patient/").toString("base64").match(/.{8}/g)?.join(" ");
  const text = `${"x ".repeat(200)}"${words} ${block}" "${block}"`;
  const budget = new Budget(text.length);
  unpacked(text, budget);
  expect([...budget.opaque]).toEqual([block]);
});
