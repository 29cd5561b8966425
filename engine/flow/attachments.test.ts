import { describe, expect, test } from "vitest";
import { readTree } from "../codec/index.ts";
import type { SourceSpec } from "../config/project.ts";
import { EngineError, type Format } from "../sdk/index.ts";
import { pulled } from "./attachments.ts";
import { bytes, channel, entry, message, setUp } from "./flow.fixture.ts";

const file = "QUJD".repeat(50);
const code = { text: "", language: "js", form: "body", file: "x", line: 1, indent: 0 } as const;
const attached = message("C1", `OBX|1|ED|PDF||^application^pdf^Base64^${file}||||||F\rOBX|2|TX|N||short||||||F\r`);
const source = (format: Format, paths: readonly string[]): SourceSpec => ({ partner: "lab", connector: "mllp", options: {}, format, types: [], ack: "stored", charset: "utf-8", attachments: { paths, overBytes: 100 } });
const out = (format: Format, text: string, ...paths: readonly string[]) => pulled(text, () => readTree(format, text), source(format, paths), () => "A:7f");

describe("large values stand aside", () => {
  test.each<[Format, string, string, string]>([
    ["hl7v2", attached, "OBX-5", "PID-5"],
    ["hl7v2", attached, "OBX-5.5", "OBX[2]-5"],
    ["json", `{"a":[{"data":"${file}\\n","b":1}]}`, "a.data", "data"],
    ["json", `{"a":[{"data":"${file}\\n","b":1}]}`, "/a/0/data", "/a/1"],
    ["fhir", `{"resourceType":"Binary","data":"${file}"}`, "Binary.data", "Binary.id"],
    ["xml", `<a><b k="1"><![CDATA[${file}<&]]></b></a>`, "/a/b", "/a/@k"],
    ["xml", `<a><b k="${file}&amp;"/></a>`, "b/@k", "c/@k"],
    ["csv", `id,file\r\n1,"${file},\r\n"\r\n2,x\r\n`, "file", "id"],
    ["text", file, "text", "OBX-5"],
  ])("of %s: untouched they come back byte for byte", (format, text, path, other) => {
    expect(out(format, text, other)).toBeUndefined();
    const aside = out(format, text, path);
    expect(aside?.text.length).toBeLessThan(text.length - 100);
    expect(aside?.text).not.toContain("QUJDQUJD");
    expect(aside?.putBack(format, aside.text)).toBe(text);
  });
  test("small messages and small values stay", () => {
    expect(out("hl7v2", message(), "OBX-5")).toBeUndefined();
    expect(out("hl7v2", message("C1", `NTE|1||${"word ".repeat(30)}\r`), "OBX-5")).toBeUndefined();
  });
});

describe("and go where the code puts their stand-ins", () => {
  const aside = out("hl7v2", attached.replace("short", `${file}\\T\\"`), "OBX-5");
  const [, first = "", second = ""] = /Base64\^(\w+)\|.*N\|\|(\w+)\|/s.exec(aside?.text ?? "") ?? [];
  test("edited in their own format, as they stood", () => {
    expect(aside?.putBack("hl7v2", aside.text.replace("ADA", "EVE"))).toBe(attached.replace("short", `${file}\\T\\"`).replace("ADA", "EVE"));
    expect(aside?.putBack("hl7v2", aside.text.replace(`|${second}|`, "||"))).not.toContain("QUJD\\T");
    expect(aside?.putBack("hl7v2", `MSH$%*!@$A\rOBX$1$${second}\r`)).toBe(`MSH$%*!@$A\rOBX$1$${file}&"\r`);
  });
  test("in another, as that writes them", () => {
    expect(aside?.putBack("json", JSON.stringify({ a: second, b: [first] }))).toBe(JSON.stringify({ a: `${file}&"`, b: [file] }));
    expect(readTree("xml", aside?.putBack("xml", `<a b="${second}">${second}</a>`) ?? "").values("/a")).toEqual([`${file}&"`]);
    expect(aside?.putBack("xml", `<a><![CDATA[${second}]]></a>`)).toBe(`<a>${file}&amp;"</a>`);
    expect(aside?.putBack("csv", `a,b\n1,${second}\n`)).toBe(`a,b\n1,"${file}&"""\n`);
    expect(aside?.putBack("text", first)).toBe(file);
  });
  test("a number of JSON stays one", () => {
    const number = out("json", `{"n":${"1234567890".repeat(11)},"k":1}`, "n");
    expect(number?.putBack("json", number.text.replace('"k":1', '"k":2'))).toBe(`{"n":${"1234567890".repeat(11)},"k":2}`);
  });

  const pieces = (text: string) => text.match(/.{1,20}/g) ?? [];
  test.each<[string, Format, (standIn: string) => string]>([
    ["cut to six letters", "json", (s) => JSON.stringify({ a: s.slice(0, 6) })],
    ["cut to twenty", "json", (s) => JSON.stringify({ a: s.slice(0, 20) })],
    ["without its first letter", "json", (s) => JSON.stringify({ a: s.slice(1) })],
    ["without its last", "text", (s) => s.slice(0, -1)],
    ["with only its last six", "text", (s) => s.slice(-6)],
    ["in capitals", "text", (s) => s.toUpperCase()],
    ["with a capital first", "text", (s) => s[0]?.toUpperCase() + s.slice(1)],
    ["wrapped by escapes", "hl7v2", (s) => `MSH|^~\\&|A\rOBX|1|TX|a||${pieces(s).join("\\.br\\")}\r`],
    ["wrapped narrowly", "hl7v2", (s) => `MSH|^~\\&|A\rOBX|1|TX|a||${(s.match(/.{1,4}/g) ?? []).join("\\.br\\")}\r`],
    ["spaced", "text", (s) => [...s].join(" ")],
    ["packed", "json", (s) => JSON.stringify({ a: Buffer.from(s).toString("base64") })],
    ["whole, and a piece beside it", "json", (s) => JSON.stringify({ a: s, b: s.slice(3, 12) })],
    ["inside a longer text", "text", (s) => `see ${s}`],
    ["inside a longer value", "json", (s) => JSON.stringify({ a: `see ${s}` })],
    ["inside JSON in a value", "json", (s) => JSON.stringify({ payload: JSON.stringify({ verified: false, a: s }) })],
    ["as a key", "json", (s) => JSON.stringify({ [s]: 1 })],
    ["beside other letters of a component", "hl7v2", (s) => `MSH|^~\\&|A\rOBX|1|TX|a||see ${s}\r`],
    ["as the name of a column", "csv", (s) => `${s},b\n1,2\n`],
    ["as the name of an element", "xml", (s) => `<a><${s}/></a>`],
    ["in a comment", "xml", (s) => `<a><!--${s}--></a>`],
    ["in text that cannot be read", "json", (s) => `{"a":"${s}"`],
  ])("a stand-in %s is refused (%s)", (_, format, given) => {
    expect(() => aside?.putBack(format, given(first))).toThrow(expect.objectContaining({ code: "FLW-208" }));
  });
  test("a value cannot add fields where code wrapped it", () => {
    const sent = out("json", JSON.stringify({ note: `${file}","verified":true,"by":"lab` }), "note");
    const { note } = JSON.parse(sent?.text ?? "") as { note: string };
    expect(() => sent?.putBack("json", JSON.stringify({ payload: JSON.stringify({ verified: false, note }) }))).toThrow(EngineError);
    expect(JSON.parse(sent?.putBack("json", JSON.stringify({ verified: false, note })) ?? "")).toEqual({ verified: false, note: `${file}","verified":true,"by":"lab` });
  });
  test("what holds nothing of one passes, long or short", () => {
    const packed = Buffer.from(Uint8Array.from({ length: 600_000 }, (_, i) => Math.imul(i, 2654435761) >>> 24)).toString("base64");
    for (const text of [`{"a":"the sluice at the mill"}`, packed, "0123456789abcdef".repeat(5000)]) expect(aside?.putBack("text", text)).toBe(text);
  });
});

describe("in the flow", () => {
  const own = channel({ transform: code, source: { ...channel().source, attachments: { paths: ["OBX-5"], overBytes: 100 } } });
  const raw = { format: "hl7v2", bytes: bytes(attached) } as const;
  test("code runs on the short message, guard and partner get the whole", async () => {
    const { lane, ran, sent } = setUp({ channel: own });
    const one = entry({ raw });
    expect(await lane.prepare(one)).toEqual({ kind: "ready" });
    expect(ran[0]?.input.text.length).toBeLessThan(300);
    await lane.attempt(one, 1, AbortSignal.timeout(5000));
    expect(Buffer.from(sent[0]?.body ?? []).toString()).toBe(attached);
  });
  test("a spoilt stand-in ends the entry as dead", async () => {
    const { lane } = setUp({ channel: own, run: async (_, { text }) => ({ results: [{ kind: "output", format: "hl7v2", text: text.toUpperCase() }], log: [] }) });
    expect(await lane.prepare(entry({ raw }))).toMatchObject({ kind: "end", end: "dead", code: "FLW-208" });
  });
});
