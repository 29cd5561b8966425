import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Budget } from "./budget.ts";
import { closure } from "./closure.ts";
import { unarmoured } from "./armour.ts";
import { unbackslash } from "./backslash.ts";
import { unentity } from "./entities.ts";
import { unescapeHl7 } from "./hl7-escapes.ts";
import { unmarked } from "./markup.ts";
import { unpercent, unpercentOnce, unpercentPath } from "./percent.ts";
import { unpunycode } from "./punycode.ts";
import { unprintable, unworded } from "./quoted-printable.ts";
import { utf7 } from "./utf7.ts";
import { valuesOf } from "./values.ts";

const name = "Jane Rivera-Okafor";
const bytes = Buffer.from(name);
const hexed = (sign: string) => [...bytes].map((b) => `${sign}${b.toString(16).padStart(2, "0").toUpperCase()}`).join("");
const base32 = (text: string) => {
  let bits = "";
  for (const b of Buffer.from(text)) bits += b.toString(2).padStart(8, "0");
  return (bits.match(/.{1,5}/g) ?? []).map((five) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[Number.parseInt(five.padEnd(5, "0"), 2)]).join("");
};
const again = (times: number, once: (text: string) => string) => (text: string) => Array.from({ length: times }).reduce<string>((each) => once(each), text);
const base64 = (text: string) => Buffer.from(text).toString("base64");

function read(text: string): { readonly views: string; readonly budget: Budget } {
  const budget = new Budget(text.length);
  const views = Array.from(closure(text, budget), (view) => view.text).join("\u0001");
  return { views, budget };
}

const long = "The order of today is done, and its report is on its way. ".repeat(6) + name;

const encoded: readonly (readonly [string, string])[] = [
  ["percent", hexed("%")],
  ["percent three times", again(3, encodeURIComponent)(`${name} 100%`)],
  ["percent of old scripts", [...name].map((c) => `%u00${c.charCodeAt(0).toString(16)}`).join("")],
  ["plus as a space, beside percent", "x=Jane+Rivera%2DOkafor"],
  ["JSON escapes", `{"x":"${[...name].map((c) => `\\u00${c.charCodeAt(0).toString(16)}`).join("")}"}`],
  ["code points in braces", [...name].map((c) => `\\u{${c.charCodeAt(0).toString(16)}}`).join("")],
  ["hex escapes", hexed("\\x")],
  ["octal escapes", [...bytes].map((b) => `\\${b.toString(8).padStart(3, "0")}`).join("")],
  ["JSON in a string of JSON", JSON.stringify({ a: '{"b":"J\\u0061ne Rivera-Okafor"}' })],
  ["HL7 v2 bytes", `OBX|1|TX|||\\X${bytes.toString("hex")}\\`],
  ["HL7 v2 highlighting", "Jane \\H\\Rivera\\N\\-Okafor"],
  ["numeric entities", [...name].map((c) => `&#${c.charCodeAt(0)};`).join("")],
  ["hex entities without an end", [...name].map((c) => `&#x${c.charCodeAt(0).toString(16)}`).join("")],
  ["named entities", "Jane&nbsp;Rivera&hyphen;Okafor"],
  ["tags", "<p>Ja<b>ne</b> Ri<i/>vera-Okafor</p>"],
  ["CDATA", "<x>Jane Ri<![CDATA[vera-Okafor]]></x>"],
  ["comments", "Jane Ri<!-- x -->vera-Okafor"],
  ["quoted-printable", hexed("=")],
  ["soft line breaks", "Jane Ri=\r\nvera-Okafor"],
  ["encoded words, quoted", `=?utf-8?Q?Jane_Ri?= =?utf-8?Q?vera=2DOkafor?=`],
  ["encoded words, base64", `=?UTF-8?B?${base64("Jan")}?=\r\n =?UTF-8?B?${base64("e Rivera-Okafor")}?=`],
  ["base64 with a plus in a path", `/x%2f${Buffer.from(`>>>${name}>`).toString("base64").replaceAll("=", "%3d")}`],
  ["base64 before a break", `%7e "${base64(`${name}!!`)}\n1`],
  ["deflate that is stored", deflateRawSync(name, { level: 0 }).toString("base64")],
  ["UTF-16 with its mark, mostly in another script", Buffer.from(`\ufeff${name}${"\u738b".repeat(40)}`, "utf16le").toString("base64")],
  ["UTF-16 that begins in another script", Buffer.from(`\u738b, ${name}`, "utf16le").swap16().toString("hex")],
  ["punycode", "mail.xn--jane-rivera-okafor-fake.example"],
  ["base64", base64(name)],
  ["base64 without padding", base64(name).replace(/=+$/, "")],
  ["base64url", Buffer.from(name).toString("base64url")],
  ["base64 three times", again(3, base64)(name)],
  ["base64 in lines behind a path", `/events/${(base64(`\u00e9${name}`).match(/.{1,8}/g) ?? []).join("\r\n")}`],
  ["base64 in lines", (base64(`${name}, and more`).match(/.{1,5}/g) ?? []).join("\r\n")],
  ["a segment of a JWT", `eyJhbGciOiJub25lIn0.${Buffer.from(JSON.stringify({ sub: name })).toString("base64url")}.`],
  ["a data URI", `data:text/plain;base64,${base64(name)}`],
  ["base32", base32(name)],
  ["base32 in small letters", base32(name).toLowerCase()],
  ["hex", bytes.toString("hex")],
  ["hex in capitals", bytes.toString("hex").toUpperCase()],
  ["hex with colons", hexed(":").slice(1)],
  ["hex with spaces", hexed(" ").slice(1)],
  ["hex as programs write it", hexed(", 0x").slice(2)],
  ["base64 in words, as a header folds it", `identifier=${(base64(`${name}, and more`).match(/.{1,8}/g) ?? []).join(" ")}`],
  ["Ascii85", "<~8muUK+AuosATD32:MXBNDfP~>"],
  ["uuencode", "begin 644 a\n22F%N92!2:79E<F$M3VMA9F]R\n`\nend\n"],
  ["uuencode in a header", "begin 644 a 22F%N92!2:79E<F$M3VMA9F]R ` end "],
  ["a short deflate", deflateRawSync(name).toString("base64")],
  ["a short Brotli", brotliCompressSync(name).toString("base64")],
  ["zstd", zstdCompressSync(long).toString("base64")],
  ["spaces between all signs", [...name].join(" ")],
  ["points between all signs", [...name].join(".")],
  ["lines folded in the midst of words", "Jane \r\n Rive\r\n ra-Okafor"],
  ["UTF-7", `+${Buffer.from(name, "utf16le").swap16().toString("base64").replace(/=+$/, "")}-`],
  ["a run after a path", `/events///${base64(name)}`],
  ["gzip", gzipSync(long).toString("base64")],
  ["zlib", deflateSync(long).toString("base64")],
  ["zlib in hex", deflateSync(long).toString("hex")],
  ["deflate", deflateRawSync(long).toString("base64")],
  ["Brotli", brotliCompressSync(long).toString("base64")],
  ["gzip of base64 of gzip", gzipSync(gzipSync(long).toString("base64")).toString("base64")],
  ["UTF-16 with its mark", Buffer.from(`\ufeff${name}`, "utf16le").toString("base64")],
  ["UTF-16 without it", Buffer.from(name, "utf16le").toString("base64")],
  ["UTF-16, the other way round", Buffer.from(name, "utf16le").swap16().toString("base64")],
  ["JSON in base64 in a form in percent", encodeURIComponent(`a=${encodeURIComponent(base64(JSON.stringify({ n: name })))}&b=2`)],
];

describe("what a text decodes to", () => {
  test.each([
    ["encoded words behind a sign of equality", "id==?utf-8?B?NjE0?=  =?utf-8?B?Mjc=?=", "id=61427"], ["Brotli that reads as UTF-16", brotliCompressSync("Show").toString("base64"), "Show"],
    ["Ascii85 with escapes for XML and signs of other escapes", "&lt;~9Qai\\/0J!~>", "Luck, W"],
  ])("%s", (_, text, plain) => {
    expect(read(text).views).toContain(plain);
  });
  test.each(["<~1,1X/9jr'aBl5\u00ef`_;~>", "begin 644 a\n.4U1!3DQb!x97)T:64\n`\nend\n"])("an armour that nobody can read is sealed: %s", (text) => {
    expect(read(text).budget.isSealed).toBe(true);
  });
  test.each(encoded.filter(([what]) => what !== "punycode"))("%s", (_, text) => {
    const { views, budget } = read(text);
    expect(text).not.toContain(name);
    expect(views.replaceAll("\u00a0", " ")).toContain(name);
    expect(budget.isOver).toBe(false);
  });

  test("punycode", () => {
    expect(read("mail.xn--rivra-dsa.example").views).toContain("riv\u00e9ra");
  });

  test.each([
    ["JSON", '{"a":"Jane Ri","b":"vera-","c":["Oka","for"]}'],
    ["a form", "a=Jane+Ri&b=vera-&c=Okafor"],
    ["keys", '{"Jane Ri":1,"vera-":2,"Okafor":3}'],
    ["attributes", '<v a="Jane Ri" b="vera-" c="Okafor"/>'],
  ])("values of neighbouring fields of %s stand together", (_, text) => {
    expect(read(text).views.replace(/["\n,[\]{}\s]/g, "")).toContain("JaneRivera-Okafor");
  });

  test.each([
    ["a body of codes", JSON.stringify({ resourceType: "Observation", status: "final", system: "http://hl7.org/fhir/us/core/StructureDefinition/us-core-pulse-oximetry9", id: "0d9f6c1e-52aa-4be1-9f0e-77aa41c2d2f3" })],
    ["a digest", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    ["a token after a word", "Patient/5a0c9e6d41f27b8390d6e1c4a7f35b28"],
    ["long words", "numberOfStudyRelatedInstancesAndSeriesDescriptions AcknowledgementDetail-2.16.840"],
  ])("%s is neither over the budget nor a block", (_, text) => {
    const { budget } = read(text);
    expect({ isOver: budget.isOver, opaque: [...budget.opaque] }).toEqual({ isOver: false, opaque: [] });
  });

  test("what goes deeper is said to", () => {
    expect(read(again(4, base64)(name)).budget.isOver).toBe(false);
    expect(read(again(7, base64)(name)).budget.isOver).toBe(true);
    expect(read(again(12, encodeURIComponent)(`%${name}`)).budget.isOver).toBe(true);
  });

  test("a stream that unfolds to more than the budget is not unfolded", () => {
    expect(read(gzipSync("a".repeat(20_000_000)).toString("base64")).budget.isOver).toBe(true);
  });

  test.each([
    ["random bytes", Buffer.from(Array.from({ length: 60 }, (_, i) => (Math.imul(i + 7, 2654435761) >>> 11) & 255)).toString("base64")],
    ["random bytes in hex", Buffer.from(Array.from({ length: 60 }, (_, i) => (Math.imul(i + 7, 2654435761) >>> 11) & 255)).toString("hex")],
    ["random bytes in base32", base32(Buffer.from(Array.from({ length: 60 }, (_, i) => (Math.imul(i + 7, 2654435761) >>> 11) & 127)).toString("latin1"))],
  ])("%s are a block that nobody reads", (_, text) => {
    expect(read(`{"x":"${text}"}`).budget.opaque.size).toBe(1);
  });

  test("any text is read in time that grows with its length, and never throws", () => {
    const signs = fc.constantFrom("%", "%25", "\\", "\\u00", "\\X", "&", "&#", "<", "<!--", "<![CDATA[", "=", "=?", "=\r\n", "xn--", "\n", "aaaa", "QUFB", "4a", '":', '"', "{", "\ud800", "\u0000", "H4sIAAAA");
    fc.assert(
      fc.property(fc.array(signs, { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 300 }), (parts, times) => {
        const text = parts.join("").repeat(times);
        const started = process.cpuUsage();
        const { views } = read(text);
        const { user, system } = process.cpuUsage(started);
        expect(views.length).toBeLessThan(text.length * 9 + 200_000);
        expect((user + system) / 1e6).toBeLessThan(5);
      }),
      { numRuns: 150 },
    );
  });
});

test("what is left out for words alone has nothing to read in them", () => {
  const others = [unpercentOnce, unpercent, unpercentPath, unescapeHl7, unbackslash, unentity, unworded, unprintable, unpunycode, unmarked, valuesOf, utf7, unarmoured];
  fc.assert(
    fc.property(fc.stringMatching(/^[\w ]{0,80}$/).filter((text) => !text.includes("begin ")), (text) => {
      for (const decode of others) expect(decode(text, new Budget(text.length)) ?? text).toBe(text);
    }),
    { numRuns: 500 },
  );
});
