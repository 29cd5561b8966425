import { expect, test } from "vitest";
import { printable } from "./printable.ts";

test("nothing in a message reaches the terminal as a command of it", () => {
  expect(printable("a\u001b[2Jb\u009bc\u202ed")).toBe("a\\u{1b}[2Jb\\u{9b}c\\u{202e}d");
});
