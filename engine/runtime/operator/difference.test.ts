import { expect, test } from "vitest";
import type { CsvDialect } from "../../codec/index.ts";
import type { Content, Format } from "../../sdk/index.ts";
import { differences } from "./difference.ts";

const content = (format: Format, text: string): Content => ({ format, bytes: Buffer.from(text) });
const options = { known: (name: string) => ["a", "b", "c", "x", "patients", "k", "mrn", "p"].includes(name) };
const between = (format: Format, before: string, after: string, csv?: CsvDialect) =>
  differences(content(format, before), content(format, after), { ...options, ...(csv && { csv }) }).map(({ path, kind }) => `${kind} ${path}`);

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
  expect(between("json", '{"patients":{"JaneDoe":1,"MRN778812":{"a":1}}}', '{"patients":{"JaneDoe":2,"MRN778812":{"a":2}}}')).toEqual(["changed /patients/***", "changed /patients/***/a"]);
});

test("names of XML that are values do not come out either", () => {
  const xml = (k: string, text: string) => `<a xmlns:p="u"><p:b k="${k}">${text}</p:b><p:JaneDoe MRN778812="${k}"/><b>1</b></a>`;
  expect(between("xml", xml("1", "x"), xml("2", "y"))).toEqual(["changed /a/p:b/@k", "changed /a/p:b", "changed /a/***/@***"]);
});

test("a column is shown by its number, unless its name is known", () => {
  const rows = (last: string) => `DOE,JANE,MRN778812\nROE,JIM,${last}\n`;
  expect(between("csv", rows("MRN1"), rows("MRN2"))).toEqual(["changed 3[*]"]);
  const dialect = { delimiter: ",", quote: '"', header: false };
  expect(between("csv", "DOE,JANE,MRN1\n", "DOE,JANE,MRN2\n", dialect)).toEqual(["changed 3"]);
  // A header that was promised and is not there.
  expect(between("csv", rows("MRN1"), rows("MRN2"), { ...dialect, header: true })).toEqual(["changed 3"]);
  expect(between("csv", "mrn,x y\n1,2\n3,4\n", "mrn,x y\n1,3\n4,4\n", { ...dialect, header: true })).toEqual(["changed 2", "changed mrn[*]"]);
});

test("what has no leaves, cannot be read or is of another format differs as a whole", () => {
  expect(between("text", "one", "two")).toEqual(["changed (text)"]);
  expect(between("json", "{", "}")).toEqual(["changed (text)"]);
  expect(between("json", '{"a":1,"b":2}', '{"b":2,"a":1}')).toEqual(["changed (layout)"]);
  expect(differences(content("json", "{}"), content("text", "{}"), options)).toMatchObject([{ path: "(format)" }]);
});
