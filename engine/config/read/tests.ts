import { join } from "node:path";
import type { TestExpectation, TestSpec } from "../project.ts";
import { choices } from "../check/suggest.ts";
import type { CheckedFile } from "./checked-file.ts";
import type { Reading } from "./reading.ts";
import { list, map, optional, text } from "./tolerant.ts";

/** `tests:` of a channel or a test file. One that the schema refused is left out. `said`: names that other tests expect, which were looked at. */
export function readTests(reading: Reading, checked: CheckedFile, value: unknown, destinations: readonly string[], said: readonly string[] = []): TestSpec[] {
  const known = new Set([...destinations, ...said]);
  return list(value).flatMap((test, i) => {
    if (checked.isBroken(["tests", i])) return [];
    checkGiven(reading, checked, i, map(map(test).given));
    if (destinations.length > 0) checkExpected(checked, i, Object.keys(map(map(test).expect)), destinations, known);
    return [toTest(checked, map(test), i)];
  });
}

function checkGiven(reading: Reading, checked: CheckedFile, i: number, given: Readonly<Record<string, unknown>>): void {
  const path = ["tests", i, "given"];
  if ((given.file === undefined) === (given.text === undefined)) {
    const message = "a test gives one message: a file, or a text";
    checked.report({ code: "CFG-121", path, target: "key", message, help: "write { file: fixtures/name } or { text: ... }" });
  } else if (typeof given.file === "string" && !reading.files.exists(join(reading.root, given.file))) {
    const message = `there is no file ${given.file}`;
    checked.report({ code: "CFG-169", path: [...path, "file"], target: "value", message, help: "paths begin at the folder of sluice.yaml" });
  }
}

/** A name that many tests misspell is one mistake: it is reported where it stands first. */
function checkExpected(checked: CheckedFile, i: number, expected: readonly string[], destinations: readonly string[], known: Set<string>): void {
  for (const name of expected) {
    if (known.has(name)) continue;
    known.add(name);
    const message = `the channel has no destination "${name}"`;
    checked.report({ code: "CFG-168", path: ["tests", i, "expect", name], target: "key", message, help: choices(name, destinations, "destinations") });
  }
}

function toTest(checked: CheckedFile, test: Readonly<Record<string, unknown>>, i: number): TestSpec {
  const given = map(test.given);
  const set = Object.fromEntries(Object.entries(map(given.set)).map(([path, value]) => [path, String(value)]));
  return {
    name: text(test.name),
    at: checked.place.at("tests", i, "name"),
    given: { ...optional("file", given.file as string | undefined), ...optional("text", given.text as string | undefined), set },
    expect: Object.fromEntries(Object.entries(map(test.expect)).map(([name, value]) => [name, toExpectation(value)])),
  };
}

function toExpectation(value: unknown): TestExpectation {
  const written = map(value);
  if ("refused" in written) return { kind: "refused", code: String(written.refused) };
  if ("sent" in written) return { kind: "sent", content: written.sent };
  if ("contains" in written) return { kind: "contains", values: map(written.contains) };
  return { kind: "filtered" };
}
