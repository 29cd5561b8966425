import { expect, test } from "vitest";
import type { Content, Format } from "../../sdk/index.ts";
import { differences } from "./difference.ts";

const content = (format: Format, text: string): Content => ({ format, bytes: Buffer.from(text) });
const between = (format: Format, before: string, after: string) => differences(content(format, before), content(format, after)).map(({ path, kind }) => `${kind} ${path}`);

const head = "MSH|^~\\&|LIS|NORTH|||20260301||ORU^R01|C1|P|2.5.1\r";

test("equal contents do not differ", () => {
  expect(between("hl7v2", `${head}PID|1\r`, `${head}PID|1\r`)).toEqual([]);
});

test("paths are the format's own, with places in lists left open", () => {
  expect(between("hl7v2", `${head}PID|1||A^^^X\rOBX|1|NM|GLU||5\rOBX|2|NM|NA||7\r`, `${head}PID|1||A^^^Y|||19700101\rOBX|1|NM|GLU||6\rOBX|2|NM|NA||8\r`)).toEqual(
    expect.arrayContaining([expect.stringMatching(/^changed PID-3/), expect.stringMatching(/^changed OBX\[\*\]-5/), expect.stringMatching(/^added PID-6/)]),
  );
  expect(between("json", '{"a":[{"b":1},{"b":2}]}', '{"a":[{"b":1},{"b":3,"c":4}]}')).toEqual(["changed /a/*/b", "added /a/*/c"]);
});

test("a key that is a value does not come out as a path", () => {
  expect(between("json", '{"MRN 4711":{"x":1}}', '{"MRN 4711":{"x":2}}')).toEqual(["changed /***/x"]);
});

test("what has no leaves, cannot be read or is of another format differs as a whole", () => {
  expect(between("text", "one", "two")).toEqual(["changed (text)"]);
  expect(between("json", "{", "}")).toEqual(["changed (text)"]);
  expect(between("json", '{"a":1,"b":2}', '{"b":2,"a":1}')).toEqual(["changed (layout)"]);
  expect(differences(content("json", "{}"), content("text", "{}"))).toMatchObject([{ path: "(format)" }]);
});
