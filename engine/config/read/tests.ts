import type { TestExpectation, TestSpec } from "../project.ts";
import type { CheckedFile } from "./checked-file.ts";
import { list, map, optional, text } from "./tolerant.ts";

/** `tests:` of a channel. One that the schema refused is left out. */
export function readTests(checked: CheckedFile, value: unknown): TestSpec[] {
  return list(value).flatMap((test, i) => (checked.isBroken(["tests", i]) ? [] : [toTest(checked, map(test), i)]));
}

function toTest(checked: CheckedFile, test: Readonly<Record<string, unknown>>, i: number): TestSpec {
  const given = map(test["given"]);
  const set = Object.fromEntries(Object.entries(map(given["set"])).map(([path, value]) => [path, String(value)]));
  return {
    name: text(test["name"]),
    at: checked.place.at("tests", i, "name"),
    given: { ...optional("file", given["file"] as string | undefined), ...optional("text", given["text"] as string | undefined), set },
    expect: Object.fromEntries(Object.entries(map(test["expect"])).map(([name, value]) => [name, toExpectation(value)])),
  };
}

function toExpectation(value: unknown): TestExpectation {
  const written = map(value);
  if ("refused" in written) return { kind: "refused", code: String(written["refused"]) };
  if ("sent" in written) return { kind: "sent", content: written["sent"] };
  if ("contains" in written) return { kind: "contains", values: map(written["contains"]) };
  return { kind: "filtered" };
}
