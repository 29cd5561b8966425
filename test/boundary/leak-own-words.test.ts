import { describe, expect, test } from "vitest";
import { withoutOwn } from "../../bench/leak/without-own.ts";

// 23092006 is somebody's birthday, and stands in what the clock said in the night of 23 November 2026.
const [began, now] = [Date.UTC(2026, 10, 23, 9, 20, 5, 400), Date.UTC(2026, 10, 23, 9, 20, 7, 100)];
const rest = (text: string) => withoutOwn(text, began, now).rest;

describe("what a running engine says of its own", () => {
  test.each(["20261123092006+0000", "20261123092005", "2026-11-23T09:20:06.123Z", "20261123-092006123", "20261123T092007Z"])("moments of the run are none of anybody's: %s", (moment) => {
    expect(rest(`MSH|${moment}|`)).toMatch(/^MSH\|moment\D/);
  });
  test.each(["20261123092004+0000", "20261123092008", "2026-11-23T09:20:05.399Z", "23092006", "120261123092006", "202611230920061"])("other numbers stay: %s", (number) => {
    expect(rest(`MSH|${number}|`)).toBe(`MSH|${number}|`);
  });
});
