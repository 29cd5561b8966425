import { describe, expect, test } from "vitest";
import { readPosition, standing, writePosition } from "./position.ts";

describe("a position", () => {
  const at = { node: "7", mark: "7.100.5", size: 100, offset: 40, refused: 2 };
  const file = { name: "DOE_JANE.csv", size: 100, changedAt: 5, mark: "7.100.5", node: "7" };

  test("reads what it wrote, and nothing else", () => {
    expect(readPosition(writePosition(at))).toEqual(at);
    for (const text of [undefined, "", "7", "7 m 1 2", "7 m 1 2 x", "7 m 1 2 3 4"]) expect(readPosition(text)).toBeUndefined();
  });

  test.each([
    ["no checkpoint", undefined, "new"],
    ["another file", { ...at, node: "8" }, "new"],
    ["begun", at, "begun"],
    ["whole", { ...at, offset: 100 }, "whole"],
    ["changed in the middle", { ...at, mark: "7.90.4", size: 90 }, "torn"],
    ["its node taken over from one that was taken whole", { ...at, mark: "7.90.4", size: 90, offset: 90 }, "new"],
  ])("%s", (_, position, kind) => expect(standing(position, file).kind).toBe(kind));
});
