import { expect, test } from "vitest";
import { decode } from "../../engine/codec/bytes/index.ts";
import { readTree } from "../../engine/codec/index.ts";
import { codeOf, EngineError } from "../../engine/sdk/index.ts";
import { corpus } from "./corpus.ts";

const { absent, files, read } = corpus("json-test-suite");

/** What the standard leaves open, and what Sluice does. */
const open: Readonly<Record<string, string>> = {
  "i_number_real_neg_overflow.json": "read",
  "i_number_too_big_neg_int.json": "read",
  "i_object_key_lone_2nd_surrogate.json": "JSN-009",
  "i_string_incomplete_surrogate_pair.json": "JSN-009",
  "i_string_invalid_surrogate.json": "JSN-009",
  "i_string_lone_second_surrogate.json": "JSN-009",
  "i_string_truncated-utf-8.json": "BYT-002",
  "i_string_utf16BE_no_BOM.json": "BYT-002",
  "i_string_utf16LE_no_BOM.json": "BYT-002",
};

function outcome(file: string): string {
  try {
    const { text } = decode(read(file), { format: "json" });
    const tree = readTree("json", text);
    for (const _ of tree.leaves());
    return tree.toString() === text ? "read" : "changed";
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return codeOf(error, "JSN-001");
  }
}

test.skipIf(absent)("JSON: y_ is read, n_ is refused with a code, and i_ is as stated", () => {
  expect(files.length).toBeGreaterThan(75);
  const outcomes = Object.fromEntries(files.map((file) => [file, outcome(file)]));
  const wrong = Object.entries(outcomes).filter(([file, found]) => {
    if (file.startsWith("y_")) return found !== "read";
    if (file.startsWith("n_")) return found === "read" || found === "changed";
    return found !== open[file];
  });
  expect(wrong).toEqual([]);
});
