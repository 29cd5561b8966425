import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EngineError } from "../../sdk/error.ts";
import { decode } from "../bytes/index.ts";
import { ExactNumber, extensionValues, fitsDouble, parseJson, readJson, writeJson } from "./index.ts";

const failure = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  return undefined;
};
const code = (run: () => unknown) => failure(run)?.code;

describe("the strict reader", () => {
  it("reads what JSON.parse reads", () => {
    fc.assert(
      fc.property(fc.json({ depthSize: "small", stringUnit: "grapheme" }), (text) => {
        let strict: unknown;
        try {
          strict = readJson(text);
        } catch (error) {
          // Random texts do meet the special keys and numbers beyond a double.
          expect((error as EngineError).code).toMatch(/^JSN-00[38]$/);
          return;
        }
        expect(JSON.stringify(strict)).toBe(JSON.stringify(JSON.parse(text)));
        expect(JSON.parse(writeJson(readJson(text)))).toEqual(JSON.parse(text));
      }),
    );
  });
  it("refuses what JSON.parse refuses", () => {
    const unit = fc.constantFrom("{", "}", "[", "]", '"', ":", ",", "1", "0", "-", ".", "e", "a", " ", "\\", "true", "null", "\n", "\t");
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 8 }), (parts) => {
        const text = parts.join("");
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        const refused = code(() => readJson(text, { numbers: "exact" }));
        expect(refused === undefined || refused === "JSN-002").toBe(valid);
      }),
      { numRuns: 3000 },
    );
  });
  it("says where, and quotes nothing", () => {
    const error = failure(() => readJson('{"name": "Jane",\n  "mrn": Rivera}'));
    expect([error?.code, error?.safe, error?.message]).toEqual(["JSN-001", { line: 2, column: 10 }, "JSN-001"]);
    expect(failure(() => readJson('{"Jane":1,\n "J\\u0061ne":2}'))?.safe).toEqual({ line: 2, column: 2 });
  });
  it.each([
    ['{"__proto__":1}', "JSN-003"],
    ['{"a":{"constructor":1}}', "JSN-003"],
    ['[{"prototyp\\u0065":1}]', "JSN-003"],
    ['{"a":1,"a":1}', "JSN-002"],
    ["[".repeat(65) + "]".repeat(65), "JSN-004"],
    ["[".repeat(100_000), "JSN-004"],
    ["9007199254740993", "JSN-008"],
    ["0.1000000000000000055", "JSN-008"],
    ["1e400", "JSN-008"],
    ['"\\ud800"', "JSN-009"],
    ['"\\udc00\\ud800"', "JSN-009"],
    ["", "JSN-001"],
    ["\uFEFF", "JSN-001"],
  ])("refuses %.40s", (text, expected) => expect(code(() => readJson(text))).toBe(expected));
  it("keeps its limits", () => {
    const keys = (n: number) => `{${Array.from({ length: n }, (_, i) => `"k${i}":0`).join(",")}}`;
    expect([code(() => readJson(keys(10_000))), code(() => readJson(keys(10_001)))]).toEqual([undefined, "JSN-005"]);
    expect([code(() => readJson("[1,2]", { items: 2 })), code(() => readJson("[1,2,3]", { items: 2 }))]).toEqual([undefined, "JSN-006"]);
    expect(code(() => readJson("[1]", { length: 2 }))).toBe("JSN-007");
    expect(code(() => readJson("[".repeat(64) + "]".repeat(64)))).toBeUndefined();
  });
  it("makes objects without a prototype", () => {
    const value = readJson('{"toString":1,"a":{}}') as Record<string, object>;
    expect(Object.getPrototypeOf(value)).toBeNull();
    expect(Object.getPrototypeOf(value["a"])).toBeNull();
  });
  it("keeps numbers as written when asked", () => {
    const text = '{"a":12345678901234567890,"b":0.10000000000000000001,"c":1.50}';
    const value = readJson(text, { numbers: "exact" }) as Record<string, unknown>;
    expect(value["a"]).toEqual(new ExactNumber("12345678901234567890"));
    expect(writeJson(value as never)).toBe('{"a":12345678901234567890,"b":0.10000000000000000001,"c":1.50}');
    expect(["1.10", "-0", "1e3", "0.30", "123.456e78", "5e-324", "100000000000000000000"].every(fitsDouble)).toBe(true);
    expect(["1e-400", "0.30000000000000004441", "4.9e-324"].some(fitsDouble)).toBe(false);
  });
});

describe("the JSON tree", () => {
  const text = '\uFEFF{ "resourceType":"Patient", "a/b~c": [1.0, {"x": "\\u00e9"}], "n":null }\n';
  it("keeps the text, names leaves by pointer and edits one span", () => {
    const tree = parseJson(text);
    expect(tree.toString()).toBe(text);
    expect([...tree.leaves()].map((leaf) => [leaf.path, leaf.value, text.slice(leaf.start, leaf.end)])).toEqual([
      ["/resourceType", "Patient", '"Patient"'],
      ["/a~1b~0c/0", "1.0", "1.0"],
      ["/a~1b~0c/1/x", "é", '"\\u00e9"'],
      ["/n", "null", "null"],
    ]);
    expect(tree.set("/a~1b~0c/1/x", 'q"').set("/n", true).toString()).toBe(text.replace("\\u00e9", 'q\\"').replace("null", "true"));
    expect([tree.values("/a~1b~0c/1/x"), tree.values("/none"), tree.values("/n/0")]).toEqual([['q"'], [], []]);
    expect([tree.type, tree.controlId]).toEqual(["", ""]);
    for (const [pointer, value, expected] of [["/none", 1, "JSN-102"], ["/a~1b~0c", 1, "JSN-102"], ["n", 1, "JSN-101"], ["/~2", 1, "JSN-101"], ["/n", Number.NaN, "JSN-104"], ["/n", {}, "JSN-104"], ["/n", "\ud800", "JSN-104"]] as const) {
      expect(code(() => parseJson(text).set(pointer, value as never))).toBe(expected);
    }
  });
  it("reads back any string it wrote", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (value) => {
        const tree = parseJson(parseJson(text).set("/a~1b~0c/0", value).toString());
        expect(tree.values("/a~1b~0c/0")).toEqual([value]);
      }),
    );
  });
});

describe("FHIR paths", () => {
  const extension = (name: string, value: string) => `{"url":"https://example.org/ext/${name}",${value}}`;
  const tree = parseJson(
    `{"resourceType":"Appointment","id":"ap-1","status":"booked","minutesDuration":30,"comment":null,
      "extension":[${extension("copay", '"valueMoney":{"value":20.50,"currency":"USD"}')},${extension("token", '"valueString":"cus_1"')},
        ${extension("twice", '"valueCode":"a"')},${extension("twice", '"valueCode":"b"')},
        ${extension("race", `"extension":[{"url":"text","valueString":"x"}]`)}],
      "participant":[{"actor":{"reference":"Patient/1"}},{"actor":{"reference":"Practitioner/2"},"extension":[${extension("role", '"valueCode":"p"')}]}],
      "valueQuantity":{"value":1.0}}`,
    "fhir",
  );
  it.each([
    ["status", ["booked"]],
    ["Appointment.status", ["booked"]],
    ["minutesDuration", ["30"]],
    ["comment", []],
    ["participant.actor.reference", ["Patient/1", "Practitioner/2"]],
    ["participant.actor", ["Patient/1", "Practitioner/2"]],
    ["nothing.at.all", []],
    ["value.value", ["1.0"]],
    ["Appointment.valueQuantity.value", ["1.0"]],
    ["extension(token)", ["cus_1"]],
    ["extension(https://example.org/ext/token)", ["cus_1"]],
    ["extension(token).value", ["cus_1"]],
    ["extension(copay)", ["20.50", "USD"]],
    ["extension(race)", ["x"]],
    ["extension(copay).value", ["20.50"]],
    ["extension(copay).valueMoney.currency", ["USD"]],
    ["extension(copay).currency", ["USD"]],
    ["extension(race).extension(text)", ["x"]],
    ["participant.extension(role)", ["p"]],
    ["extension(oken)", []],
    ["extension(none)", []],
  ])("%s", (path, values) => expect(tree.values(path)).toEqual(values));
  it("tells none from several", () => {
    expect(extensionValues(tree, "extension(none)")).toEqual({ matches: 0, values: [] });
    expect(extensionValues(tree, "extension(token)")).toEqual({ matches: 1, values: ["cus_1"] });
    expect(extensionValues(tree, "extension(twice)")).toEqual({ matches: 2, values: ["a", "b"] });
    expect(code(() => tree.values("extension(twice)"))).toBe("JSN-103");
    expect([tree.type, tree.controlId]).toEqual(["Appointment", "ap-1"]);
  });
  it("counts one that stands two hundred thousand times", () => {
    const many = parseJson(`{"extension":[${Array.from({ length: 200_000 }, () => '{"url":"x/many","valueCode":"a"}').join(",")}]}`);
    expect(extensionValues(many, "extension(many)")?.matches).toBe(200_000);
  });
  it("replaces the one scalar that a path finds", () => {
    const edited = parseJson(tree.toString(), "fhir").setPath("extension(token)", "cus_2").setPath("/status", "noshow");
    expect(edited.toString()).toBe(tree.toString().replace("cus_1", "cus_2").replace("booked", "noshow"));
    for (const path of ["participant.actor.reference", "extension(none)", "nothing"]) {
      expect(code(() => parseJson(tree.toString(), "fhir").setPath(path, "x"))).toBe("JSN-102");
    }
  });
  it.each(["", "a..b", "a.", ".a", "extension()", "extension(a", "a[0]", "a b"])("refuses the path %j", (path) => {
    expect(code(() => tree.values(path))).toBe("JSN-101");
  });
});

const corpora = fileURLToPath(new URL("../../../../shared/corpora/hostile/", import.meta.url));
const present = existsSync(corpora) || process.env["CI"] !== undefined;
if (!present) process.stdout.write("skipped: ../shared/corpora/hostile is absent\n");

describe.skipIf(!present)("hostile corpora", () => {
  it("takes every y_ and refuses every n_ file of the JSON test suite", () => {
    const files = readdirSync(`${corpora}json-test-suite`).filter((name) => /^[yni]_/.test(name));
    const wrong = files.filter((name) => {
      const bytes = readFileSync(`${corpora}json-test-suite/${name}`);
      const error = failure(() => readJson(decode(bytes, { format: "json" }).text, { numbers: "exact" }));
      return name.startsWith("y_") ? error !== undefined : name.startsWith("n_") && error === undefined;
    });
    expect(wrong).toEqual([]);
    expect(files.length).toBeGreaterThan(60);
  });
  it("carries naughty strings", () => {
    const folder = `${corpora}naughty-strings`;
    const lists = readdirSync(folder).filter((name) => /^blns.*\.(?:json|txt)$/.test(name));
    const strings = lists.flatMap((name) => readFileSync(`${folder}/${name}`, "utf8").split("\n"));
    expect(strings.length).toBeGreaterThan(100);
    for (const value of strings) {
      expect(parseJson(parseJson('{"a":"b"}').set("/a", value).toString()).values("/a")).toEqual([value]);
    }
  });
});
