import { expect, test } from "vitest";
import { higher, isAtMost } from "./levels.ts";

test("levels are ordered, and a word nobody knows is the top", () => {
  expect(isAtMost("none", "deidentified")).toBe(true);
  expect(isAtMost("phi", "limited")).toBe(false);
  expect(isAtMost("secret" as never, "limited")).toBe(false);
  expect(isAtMost("none", "secret" as never)).toBe(false);
  expect(higher("limited", "deidentified")).toBe("limited");
});
