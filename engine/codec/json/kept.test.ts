import { describe, expect, it } from "vitest";
import { EngineError } from "../../sdk/error.ts";
import { ExactNumber, parseJson, readJson, writeJson } from "./index.ts";

/** Numbers that a double would change, each in another way: too long, too precise, too large, too small, a form of its own. */
const numbers = ["12345678901234567890", "9007199254740993", "0.1234567890123456789", "1e400", "1e-400", "1.10", "1E5", "-0", "100000000000000000000000"];
const document = `{ "a" : [${numbers.join(" , ")}],\n\t"b" : "x\\u0041/\\/" }`;
const refusal = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    if (error instanceof EngineError) return [error.code, error.safe];
    throw error;
  }
  return undefined;
};

describe("numbers of JSON", () => {
  it("come back as they were written, beside an edit", () => {
    expect(parseJson(document).toString()).toBe(document);
    expect(parseJson(document).set("/b", "y").toString()).toBe(document.replace('"x\\u0041/\\/"', '"y"'));
    expect([...parseJson(document).leaves()].slice(0, numbers.length).map(({ value }) => value)).toEqual(numbers);
  });
  it("leave as they were written where code holds them as values", () => {
    const read = readJson(document, { numbers: "exact" }) as { a: unknown[] };
    expect(writeJson(read as never)).toBe(`{"a":[${numbers.join(",")}],"b":"xA//"}`);
    // What is changed is written as JSON writes it; what is moved along with its holder keeps its digits.
    read.a[5] = 1.2;
    expect(writeJson({ moved: read.a } as never)).toBe(`{"moved":[${numbers.with(5, "1.2").join(",")}]}`);
  });
  it("are set by their text", () => {
    expect(parseJson('{"a":1}').set("/a", new ExactNumber("1.50")).toString()).toBe('{"a":1.50}');
    for (const text of ["01", "1.", "NaN", '"1"', "1,\"b\":2"]) expect(refusal(() => parseJson('{"a":1}').set("/a", new ExactNumber(text)))?.[0]).toBe("JSN-104");
  });
  it("are refused where only a double is meant, with a place and no value", () => {
    expect(refusal(() => readJson('{"a":\n 9007199254740993}'))).toEqual(["JSN-008", { line: 2, column: 2 }]);
  });
});

describe("keys of JSON", () => {
  it("that come twice are refused, however they are written and wherever they stand", () => {
    for (const twice of ['{"a":1,"a":1}', '{"a":1,"\\u0061":2}', '[{"x":{"a":1,"b":2,"a":3}}]', '{"":1,"":2}']) expect([twice, refusal(() => parseJson(twice))?.[0], refusal(() => readJson(twice))?.[0]]).toEqual([twice, "JSN-002", "JSN-002"]);
    expect(refusal(() => parseJson('{"a":1,\n "a":2}'))?.[1]).toMatchObject({ line: 2 });
  });
  it("of one name in two objects are two", () => {
    expect(parseJson('{"a":{"a":1},"b":{"a":2}}').values("/b/a")).toEqual(["2"]);
  });
});
