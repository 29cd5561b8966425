import { expect, test } from "vitest";
import { detectFormat, readTree } from "../../engine/codec/index.ts";
import { EngineError } from "../../engine/sdk/index.ts";
import { corpus } from "./corpus.ts";

const { absent, files, read } = corpus("payloads-xxe");

/** A payload in each form in which it could arrive: by itself, and before or in a document that is fine without it. */
function documents(payload: string): string[] {
  return [payload, `${payload}<order/>`, `<?xml version="1.0"?>${payload}<order>&xxe;</order>`, `<order>${payload}</order>`];
}

function outcome(text: string): string {
  try {
    const tree = readTree("xml", text);
    // What is read has no document type, and every value stands in the text itself.
    const fetched = [...tree.leaves()].filter(({ value, start, end }) => text.slice(start, end) !== value && !/&(?:amp|lt|gt|quot|apos|#\w+);|\r|<!\[CDATA\[/.test(text.slice(start, end)));
    return fetched.length === 0 && !/<!(?:DOCTYPE|ENTITY)/.test(text.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, "")) ? "read" : "FETCHED";
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return error.code;
  }
}

test.skipIf(absent)("XXE: a document type is refused wherever it stands, no entity has a value, and nothing is said of the text", () => {
  const payloads = files.flatMap((file) => {
    const text = read(file).toString("utf8");
    return file.endsWith(".xml") ? [text] : text.split(/\r?\n/).filter((line) => line.trim() !== "");
  });
  expect(payloads.length).toBeGreaterThan(40);
  const outcomes = payloads.map((payload) => documents(payload).map(outcome));
  expect(outcomes.flat().filter((each) => !/^(?:XML-00[123]|read)$/.test(each))).toEqual([]);
  const typed = payloads.filter((payload) => payload.includes("<!DOCTYPE") || payload.includes("<!ENTITY"));
  expect(typed.length).toBeGreaterThan(10);
  for (const payload of typed) expect(documents(payload).map(outcome).filter((each) => each === "read")).toEqual([]);
  for (const payload of payloads) expect(() => detectFormat(payload)).not.toThrow();
});
