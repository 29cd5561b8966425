import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { command } from "./inspect.ts";

const dir = mkdtempSync(join(tmpdir(), "inspect-"));
afterAll(() => rmSync(dir, { recursive: true }));
const file = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(dir, name), content);
  return name;
};
const message = (rest = "") =>
  `MSH|^~\\&|LAB|NORTH|EHR|SOUTH|20260105081500||ADT^A01|L77|P|2.5.1${rest}\rPID|1||A1||ROE^RITA\x1b[2J||19800203\r`;

async function inspect(words: string[], flags: Record<string, string | boolean> = {}, cwd = dir) {
  const out: string[] = [];
  const err: string[] = [];
  const signal = new AbortController().signal;
  const terminal = { out: (text: string) => out.push(text), err: (text: string) => err.push(text), tty: false, cwd, env: {}, signal };
  const exit = await command.run({ terminal, flags, words, json: flags["json"] === true });
  const lines = flags["json"] === true ? out.map((line) => JSON.parse(line)) : [];
  return { exit, out: out.join("\n"), err: err.join("\n"), lines };
}

describe("inspect", () => {
  it("prints a named tree that cannot steer the terminal", async () => {
    const { exit, out } = await inspect([file("adt.hl7", message())]);
    expect(exit).toBe(0);
    expect(out).toContain("adt.hl7  hl7v2  ADT^A01");
    expect(out).toMatch(/^PID {2}Patient Identification$/m);
    expect(out).toMatch(/PID-7 +Date\/Time of Birth +19800203/);
    expect(out).toMatch(/PID-5\.2 +Patient Name · Given Name +RITA/);
    expect(out).toContain("RITA\\u001b[2J");
    expect(out).not.toContain("\x1b");
  });
  it("names problems by code, path and line, without content", async () => {
    const odd = "MSH|^~\\&|LAB||||||ADT^A01|\r\nJane Roe\r\nPID|1||a\\b\n\nPV1|1\r\nRoe\r\n";
    const { exit, lines, out } = await inspect([file("odd.hl7", odd)], { json: true });
    expect(exit).toBe(0);
    expect(lines).toEqual([
      {
        file: "odd.hl7",
        format: "hl7v2",
        ok: true,
        problems: [
          { code: "HL7-204", path: "MSH-10", line: 1 },
          { code: "HL7-205", path: "MSH-12", line: 1 },
          { code: "HL7-201", path: "???", line: 2 },
          { code: "HL7-207", path: "PID-3", line: 3 },
          { code: "HL7-201", path: "???[2]", line: 6 },
          { code: "HL7-206", path: "MSH", line: 1 },
        ],
      },
    ]);
    expect(out).not.toContain("Jane");
  });
  it("holds a message against its standard and a profile where that is asked", async () => {
    const sound = file("sound.hl7", "MSH|^~\\&|LAB|N|EHR|S|20260105081500||ADT^A01^ADT_A01|L77|P|2.5.1\rEVN||20260105\rPID|1||A1||ROE\rPV1|1|I\r");
    mkdirSync(join(dir, "profiles"), { recursive: true });
    file("profiles/north.yaml", "profile: north\nfields:\n  patient.sex: { usage: R }\n");
    file("broken.yaml", "profile: broken\nfields:\n  PIB-8: { usage: R }\n");
    expect((await inspect([sound], { json: true, strict: true })).lines).toMatchObject([{ ok: true, problems: [] }]);
    for (const profile of ["north", "profiles/north.yaml"]) {
      const { exit, lines } = await inspect([sound], { json: true, profile });
      expect([exit, lines[0].ok, lines[0].problems]).toEqual([1, false, [{ code: "HL7-405", path: "PID-8", line: 3, severity: "error", standard: "101" }]]);
    }
    expect((await inspect([sound], { profile: "nothing" })).err).toContain("there is no profile nothing");
    expect((await inspect([sound], { profile: "broken.yaml" })).err).toContain("broken.yaml:3:3 CFG-191");
  });
  it("points at the line that cannot be read", async () => {
    const latin = Buffer.from(message("||||||UNICODE UTF-8").replace("RITA", "RÉTA"), "latin1");
    const words = [file("latin.hl7", latin), file("late.hl7", `${message()}MSH|^^^^|\r`), file("bad.json", '{"a":1,\n"a":2}')];
    const { exit, lines } = await inspect(words, { json: true, roundtrip: true });
    expect(exit).toBe(1);
    expect(lines.map((line) => [line.ok, line.identical, line.problems[0].code, line.problems[0].line])).toEqual([
      [false, false, "BYT-002", 2],
      [false, false, "HL7-003", 3],
      [false, false, "JSN-002", 2],
    ]);
  });
  it("names a file that is no HL7 v2, and fails only when HL7 v2 was asked for", async () => {
    const words = [
      file("a.fhir", '{"resourceType":"Patient","id":"p"}'),
      file("b.xml", "<a/>"),
      file("c.edi", `ISA*00*${" ".repeat(10)}*00*${" ".repeat(10)}*ZZ*${"A".padEnd(15)}*ZZ*${"B".padEnd(15)}*260105*0815*^*00501*000000001*0*T*:~IEA*0*000000001~`),
      file("d.bin", Uint8Array.from([0xff, 0x00, 0x80, 0x81, 0x82])),
      file("e.txt", "a,b\n"),
      file("f.json", "[1]"),
    ];
    const formats = ["fhir", "xml", "x12", "unknown", "text", "json"];
    const free = await inspect(words, { json: true, roundtrip: true });
    expect([free.exit, free.lines.map((line) => line.format)]).toEqual([0, formats]);
    const asked = await inspect(words, { json: true, format: "hl7v2" });
    expect([asked.exit, asked.lines.map((line) => line.format)]).toEqual([1, formats]);
    expect(asked.lines.every((line) => !line.ok && line.problems.length === 1)).toBe(true);
  });
  it("round-trips other character sets, marks and envelopes", async () => {
    const words = [
      file("latin1.hl7", Buffer.from(message("||||||8859/1").replace("RITA", "RÉTA"), "latin1")),
      file("wide.hl7", Buffer.from(`\uFEFF${message("||||||UNICODE")}`, "utf16le")),
      file("mark.hl7", `\uFEFF\r\n${message().replaceAll("\r", "\r\n")}`),
      file("batch.hl7", `FHS|^~\\&|A\rBHS|^~\\&|A\r${message()}${message()}BTS|2\rFTS|1`),
      file("bare.hl7", "MSH|"),
    ];
    for (const seed of ["1", "2", "3", "4", "5", "6", "7", "8"]) {
      const { exit, lines } = await inspect(words, { json: true, roundtrip: true, seed });
      expect([exit, lines.map((line) => [line.format, line.identical])]).toEqual([0, words.map(() => ["hl7v2", true])]);
    }
  });
  it("reads delimited text and XML, and brings them back", async () => {
    const words = [
      file("a.csv", '\uFEFFmrn;name\r\n1;"Roe; ""R"""\r\n2;\r\n'),
      file("b.tsv", "1\t2\n3\t4"),
      file("c.xml", '<?xml version="1.0" encoding="ISO-8859-1"?>\n<r xmlns="urn:x"><a b="1"/><a>x<![CDATA[&]]></a>t<e/></r>'),
      file("d.xml", Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><r>Jos\u00e9</r>', "latin1")),
      file("f.txt", "Plain words,\r\nand an \u00e9.\n"),
      file("e.xml", Buffer.from('\uFEFF<?xml version="1.0" encoding="UTF-16"?><r>Jos\u00e9</r>', "utf16le")),
    ];
    for (const seed of ["1", "2", "3", "4", "5"]) {
      const { exit, lines } = await inspect(words, { json: true, roundtrip: true, seed });
      expect([exit, lines.map((line) => [line.format, line.identical])]).toEqual([0, ["csv", "csv", "xml", "xml", "text", "xml"].map((format) => [format, true])]);
    }
    const { out } = await inspect(words);
    expect(out).toMatch(/^ {2}name +Roe; "R"$/m);
    expect(out).toMatch(/^ {2}mrn\[2\] +2$/m);
    expect(out).toMatch(/^ {2}\/r\/a\[1\]\/@b +1$/m);
    expect(out).toContain("José");
  });
  it("points into delimited text and XML that cannot be read", async () => {
    const words = [file("bad.csv", 'a,b\n1,"x\n'), file("bad.xml", "<a>\n<b>\n</a>"), file("doctype.xml", "<?xml version='1.0'?>\n<!DOCTYPE a><a/>")];
    const { exit, lines } = await inspect([words[0] ?? ""], { json: true, format: "csv" });
    const rest = await inspect(words.slice(1), { json: true });
    expect([exit, rest.exit, ...[...lines, ...rest.lines].map((line) => [line.problems[0].code, line.problems[0].line])]).toEqual([1, 1, ["CSV-001", 2], ["XML-001", 3], ["XML-002", 2]]);
  });
  it("holds FHIR, in JSON and in XML, to its type and to a profile", async () => {
    const patient = '{\n"resourceType":"Patient","identifier":[{"system":"urn:x","value":"1"}],"name":[{"family":"ROE"}],\n"gender":"female"}';
    const json = file("patient.json", patient);
    const wrong = file("wrong.json", patient.replace("female", "secret"));
    const xml = file("patient.xml", '<Patient xmlns="http://hl7.org/fhir">\n<gender value="secret"/></Patient>');
    const profiled = await inspect([json, wrong, xml], { json: true, profile: "us-core" });
    expect([profiled.exit, ...profiled.lines.map((line) => [line.ok, ...line.problems.map((each: { code: string; line: number; path: string }) => `${each.code} ${each.line} ${each.path}`)])]).toEqual([
      1, [true], [false, "FHR-111 3 Patient.gender"], [false, "FHR-102 1 Patient.identifier", "FHR-102 1 Patient.name", "FHR-111 2 Patient.gender"],
    ]);
    const strict = await inspect([xml], { strict: true });
    expect(strict.out).toContain("problem FHR-111 line 2 Patient.gender: a code is not of the value set that is required (http://hl7.org/fhir/ValueSet/administrative-gender)");
    expect((await inspect([json], { profile: "http://a.example/none" })).exit).toBe(2);
  });
  it("refuses a wrong call", async () => {
    for (const [words, flags] of [[["nothing.hl7"], {}], [[file("x.hl7", message())], { format: "edi" }], [["x.hl7"], { seed: "-1" }]] as const) {
      expect((await inspect([...words], flags)).exit).toBe(2);
    }
  });
});

const corpus = fileURLToPath(new URL("../../../shared/corpora/hl7v2", import.meta.url));
const present = existsSync(corpus) || process.env["CI"] !== undefined;
if (!present) process.stdout.write("skipped: ../shared/corpora/hl7v2 is absent\n");

describe.skipIf(!present)("the HL7 v2 corpus", () => {
  it.each(["1", "2026"])("round-trips in all three ways with seed %s", async (seed) => {
    const { exit, lines } = await inspect([corpus], { json: true, roundtrip: true, seed });
    const hl7 = lines.filter((line) => line.format === "hl7v2");
    expect(hl7.filter((line) => !line.identical)).toEqual([]);
    expect(hl7.length).toBeGreaterThan(280);
    expect(lines.filter((line) => line.file.endsWith(".hl7") && line.format !== "hl7v2")).toEqual([]);
    expect(exit).toBe(0);
  });
});

const others = ["ccda", "ncpdp", "hl7v2/hl7-v2-to-fhir-maps", "auth"].map((name) => fileURLToPath(new URL(`../../../shared/corpora/${name}`, import.meta.url)));

describe.skipIf(!present)("XML and delimited text of others", () => {
  it("round-trip in all three ways; one document is not well-formed, and the place is named", async () => {
    const { lines } = await inspect(others, { json: true, roundtrip: true, seed: "7" });
    const of = (format: string) => lines.filter((line) => line.format === format);
    expect([of("xml").length + of("script").length > 110, of("csv").length > 80]).toEqual([true, true]);
    const wrong = lines.filter((line) => !line.ok).map((line) => [line.file.split("/").at(-1), line.problems[0].code]);
    expect(wrong).toEqual([["Basic_Occupation_Observation_Example.xml", "XML-001"]]);
  });
});
