import { expect, test } from "vitest";
import { pattern } from "./patterns.ts";
import { type Hit, Matcher } from "./scan.ts";

const window = 64 * 1024;
const given = (parts: readonly string[]) => pattern("name", "strong", parts) ?? expect.unreachable();
const found = (text: string, of: string) => {
  const hits: Hit[] = [];
  new Matcher([given([of])]).scan(text, false, (hit) => {
    hits.push(hit);
    return false;
  });
  return hits.map(({ start, end }) => text.slice(start, end));
};

test.each(["Lindqvist-Okafor", "70018234"])("%s is found wherever it stands beside the edge of what is read at once", (name) => {
  for (let before = window - name.length - 3; before <= window + 3; before++) expect(found(`${"x ".repeat(before >> 1)}${before % 2 ? "," : ""}${name} more`, name)).toEqual([name]);
});

test("where nothing but signs stand before it, too", () => {
  expect(found(`${" ".repeat(3 * window + 5)}Lindqvist`, "Lindqvist")).toEqual(["Lindqvist"]);
});

test("and written in reverse, or in letters met for the first time", () => {
  expect(found(`${"y ".repeat(window / 2)}tsivqdniL.`, "Lindqvist")).toEqual(["tsivqdniL"]);
  expect(found(`${"\u0639 ".repeat(window)}\u05d0\u05d1\u05d2\u05d3`, "\u05d0\u05d1\u05d2\u05d3")).toEqual(["\u05d0\u05d1\u05d2\u05d3"]);
});
