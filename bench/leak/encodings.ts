import { createHash } from "node:crypto";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import type { Draws } from "./draws.ts";
import type { Kind, Planted } from "./planted.ts";

/** A text made of `text`; two and more pieces stand apart, in fields of their own. */
type Encode = (text: string, draws: Draws, planted: Planted) => string | readonly string[];

export interface Encoding {
  readonly name: string;
  readonly encode: Encode;
  /** Only what a digest is made of: values as they stand, not every form. */
  readonly whole?: boolean;
  /** Kinds that it makes sense for; absent: all. */
  readonly kinds?: readonly Kind[];
  /** What it can write; absent: anything. */
  readonly takes?: (text: string) => boolean;
}

const utf8 = (text: string) => Buffer.from(text, "utf8");
const each = (text: string, one: (char: string) => string) => [...text].map(one).join("");
const bytes = (text: string, one: (byte: number) => string) => [...utf8(text)].map(one).join("");
const hex2 = (byte: number) => byte.toString(16).padStart(2, "0");
const between = (sign: string): Encode => (text) => [...text].join(sign);

const wide: Encode = (text) => each(text, (c) => (c > " " && c <= "~" ? String.fromCharCode(c.charCodeAt(0) + 0xfee0) : c));
const marks = ["\u0301", "\u0308", "\u0303", "\u0327"];
const marked: Encode = (text, draws) => each(text, (c) => (/[A-Za-z]/.test(c) ? (c + draws.one(marks)).normalize("NFC") : c));
const alike: Readonly<Record<string, string>> = {
  A: "А", B: "В", C: "С", E: "Е", H: "Н", I: "І", J: "Ј", K: "К", M: "М", N: "Ν", O: "О", P: "Р", S: "Ѕ", T: "Т", X: "Х", Y: "Υ", Z: "Ζ",
  a: "а", c: "с", e: "е", i: "і", j: "ј", o: "о", p: "р", s: "ѕ", x: "х", y: "у", h: "һ", v: "ν", u: "υ", d: "ԁ", q: "ԛ", w: "ԝ",
};
const homoglyphs: Encode = (text) => each(text, (c) => alike[c] ?? c);
const bold: Encode = (text) => each(text, (c) => mathematical(c));
const hidden = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"];

function mathematical(c: string): string {
  if (/[A-Z]/.test(c)) return String.fromCodePoint(0x1d400 + c.charCodeAt(0) - 65);
  if (/[a-z]/.test(c)) return String.fromCodePoint(0x1d41a + c.charCodeAt(0) - 97);
  return /\d/.test(c) ? String.fromCodePoint(0x1d7ce + Number(c)) : c;
}

const percent: Encode = (text) => bytes(text, (b) => `%${hex2(b).toUpperCase()}`);
const base64: Encode = (text) => utf8(text).toString("base64");
const wrapped = (text: string, at: number, by: string) => text.replace(new RegExp(`.{${at}}(?=.)`, "g"), `$&${by}`);
const quoted = (text: string) => bytes(text, (b) => `=${hex2(b).toUpperCase()}`);

const alphabet32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
function base32(text: string): string {
  const bits = [...utf8(text)].map((b) => b.toString(2).padStart(8, "0")).join("");
  const out = (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet32.charAt(Number.parseInt(five.padEnd(5, "0"), 2))).join("");
  return out.padEnd(Math.ceil(out.length / 8) * 8, "=");
}

function ascii85(text: string): string {
  const source = utf8(text);
  let out = "";
  for (let at = 0; at < source.length; at += 4) {
    const chunk = source.subarray(at, at + 4);
    let word = 0;
    for (let k = 0; k < 4; k++) word = word * 256 + (chunk[k] ?? 0);
    let five = "";
    for (let k = 0; k < 5; k++, word = Math.floor(word / 85)) five = String.fromCharCode(33 + (word % 85)) + five;
    out += chunk.length === 4 && five === "!!!!!" ? "z" : five.slice(0, chunk.length + 1);
  }
  return `<~${out}~>`;
}

function uuencode(text: string): string {
  const sign = (six: number) => String.fromCharCode(six === 0 ? 96 : 32 + six);
  const source = utf8(text);
  let out = "begin 644 a\n";
  for (let at = 0; at < source.length; at += 45) {
    const line = source.subarray(at, at + 45);
    out += sign(line.length);
    for (let k = 0; k < line.length; k += 3) {
      const [a = 0, b = 0, c = 0] = line.subarray(k, k + 3);
      out += sign(a >> 2) + sign(((a & 3) << 4) | (b >> 4)) + sign(((b & 15) << 2) | (c >> 6)) + sign(c & 63);
    }
    out += "\n";
  }
  return `${out}\`\nend\n`;
}

const utf16be = (text: string) => Buffer.from(text, "utf16le").swap16();
const digest = (algorithm: string, form: (text: string) => string, as: "hex" | "base64" | "base64url"): Encode => (text) => createHash(algorithm).update(form(text)).digest(as);
/** What people hash: numbers and addresses of mail, as they stand or in their usual plain forms. */
const hashed: readonly Kind[] = ["mrn", "account", "visit", "member", "ssn", "phone", "e-mail"];
const same = (text: string) => text;
const plain = (text: string) => text.trim().toLowerCase();
const digits = (text: string) => (/@/.test(text) ? plain(text) : text.replace(/\D+/g, "") || text);
const token = (payload: object) => [{ alg: "none", typ: "JWT" }, payload].map((part) => utf8(JSON.stringify(part)).toString("base64url")).join(".");

/** Encodings that anybody can undo without a key and whose names are in a standard or in every library (phi.md 2.4, 2.5). */
export const encodings: readonly Encoding[] = [
  { name: "raw", encode: same },
  { name: "upper", encode: (t) => t.toUpperCase() },
  { name: "lower", encode: (t) => t.toLowerCase() },
  { name: "alternating case", encode: (t) => [...t].map((c, i) => (i % 2 ? c.toUpperCase() : c.toLowerCase())).join("") },
  { name: "diacritics", encode: marked, takes: (t) => /[A-Za-z]{3}/.test(t) },
  { name: "full-width", encode: wide },
  { name: "homoglyphs", encode: homoglyphs, takes: (t) => /[A-Za-z]{3}/.test(t) },
  { name: "mathematical letters", encode: bold, takes: (t) => /[A-Za-z0-9]{3}/.test(t) },
  { name: "Arabic digits", encode: (t) => t.replace(/\d/g, (d) => String.fromCharCode(0x660 + Number(d))), takes: (t) => /^[\d\s().+/-]+$/.test(t) },
  { name: "zero-width", encode: (t, draws) => [...t].join(draws.one(hidden)) },
  { name: "soft hyphens", encode: between("\u00ad") },
  { name: "bidi", encode: (t) => `\u202e\u2066${t}\u2069\u202c` },
  { name: "points between", encode: between(".") },
  { name: "spaces between", encode: between(" ") },
  { name: "dashes between", encode: between("-") },
  { name: "underscores between", encode: between("_") },
  { name: "tabs between", encode: between("\t") },
  { name: "split in two fields", encode: (t) => parts(t, 2) },
  { name: "split in three fields", encode: (t) => parts(t, 3) },
  { name: "line wrap", encode: (t) => wrapped(t, 5, "\r\n ") },
  { name: "reversed", encode: (t) => [...t].reverse().join("") },
  { name: "percent", encode: percent },
  { name: "percent, lower", encode: (t) => bytes(t, (b) => `%${hex2(b)}`) },
  { name: "percent twice", encode: (t) => bytes(t, (b) => `%25${hex2(b)}`) },
  { name: "percent thrice", encode: (t) => bytes(t, (b) => `%2525${hex2(b)}`) },
  { name: "form", encode: (t) => encodeURIComponent(t).replaceAll("%20", "+") },
  { name: "entities, decimal", encode: (t) => each(t, (c) => `&#${c.codePointAt(0)};`) },
  { name: "entities, hex", encode: (t) => each(t, (c) => `&#x${c.codePointAt(0)?.toString(16)};`) },
  { name: "entities without semicolons", encode: (t) => each(t, (c) => `&#${String(c.codePointAt(0)).padStart(7, "0")}`) },
  { name: "JSON \\u", encode: (t) => Array.from({ length: t.length }, (_, i) => `\\u${t.charCodeAt(i).toString(16).padStart(4, "0")}`).join("") },
  { name: "JSON \\u{}", encode: (t) => each(t, (c) => `\\u{${c.codePointAt(0)?.toString(16)}}`) },
  { name: "\\x", encode: (t) => bytes(t, (b) => `\\x${hex2(b)}`) },
  { name: "octal escapes", encode: (t) => bytes(t, (b) => `\\${b.toString(8).padStart(3, "0")}`) },
  { name: "HL7 \\X", encode: (t) => `\\X${utf8(t).toString("hex").toUpperCase()}\\` },
  { name: "HL7 \\X a sign", encode: (t) => bytes(t, (b) => `\\X${hex2(b)}\\`) },
  { name: "quoted-printable", encode: quoted },
  { name: "quoted-printable, wrapped", encode: (t) => wrapped(quoted(t), 9, "=\r\n") },
  { name: "RFC 2047 B", encode: (t) => `=?utf-8?B?${utf8(t).toString("base64")}?=` },
  { name: "RFC 2047 Q", encode: (t) => `=?UTF-8?Q?${bytes(t, (b) => (b === 32 ? "_" : `=${hex2(b).toUpperCase()}`))}?=` },
  { name: "RFC 2047 in two words", encode: (t) => parts(t, 2).map((half) => `=?utf-8?B?${utf8(half).toString("base64")}?=`).join("\r\n ") },
  { name: "RFC 2231", encode: (t) => `name*=UTF-8''${bytes(t, (b) => `%${hex2(b)}`)}` },
  { name: "base64", encode: base64 },
  { name: "base64url", encode: (t) => utf8(t).toString("base64url") },
  { name: "base64, MIME", encode: (t) => wrapped(utf8(t).toString("base64"), 8, "\r\n") },
  { name: "base64 without padding", encode: (t) => utf8(t).toString("base64").replace(/=+$/, "") },
  { name: "base64 of more", encode: (t, draws) => utf8(`${draws.text("abcdefgh {}", 2 + draws.below(6))} ${t} ref`).toString("base64") },
  { name: "base64 twice", encode: (t) => utf8(utf8(t).toString("base64")).toString("base64") },
  { name: "base64 thrice", encode: (t) => utf8(utf8(utf8(t).toString("base64")).toString("base64")).toString("base64") },
  { name: "base64 of hex", encode: (t) => utf8(utf8(t).toString("hex")).toString("base64") },
  { name: "hex of base64", encode: (t) => utf8(utf8(t).toString("base64")).toString("hex") },
  { name: "base32", encode: base32 },
  { name: "base32, lower", encode: (t) => base32(t).toLowerCase().replace(/=+$/, "") },
  { name: "hex", encode: (t) => utf8(t).toString("hex") },
  { name: "HEX", encode: (t) => utf8(t).toString("hex").toUpperCase() },
  { name: "hex with colons", encode: (t) => [...utf8(t)].map(hex2).join(":") },
  { name: "hex with spaces", encode: (t) => [...utf8(t)].map(hex2).join(" ") },
  { name: "0x", encode: (t) => [...utf8(t)].map((b) => `0x${hex2(b)}`).join(", ") },
  { name: "gzip, base64", encode: (t) => gzipSync(utf8(t)).toString("base64") },
  { name: "gzip, base64url", encode: (t) => gzipSync(utf8(t)).toString("base64url") },
  { name: "gzip, hex", encode: (t) => gzipSync(utf8(t)).toString("hex") },
  { name: "zlib, base64", encode: (t) => deflateSync(utf8(t)).toString("base64") },
  { name: "deflate, base64", encode: (t) => deflateRawSync(utf8(t)).toString("base64") },
  { name: "brotli, base64", encode: (t) => brotliCompressSync(utf8(t)).toString("base64") },
  { name: "ascii85", encode: ascii85 },
  { name: "uuencode", encode: uuencode },
  { name: "UTF-16LE, base64", encode: (t) => Buffer.from(t, "utf16le").toString("base64") },
  { name: "UTF-16BE, hex", encode: (t) => utf16be(t).toString("hex") },
  { name: "UTF-16 with mark, base64", encode: (t) => Buffer.from(`\ufeff${t}`, "utf16le").toString("base64") },
  { name: "UTF-7", encode: (t) => `+${utf16be(t).toString("base64").replace(/=+$/, "")}-` },
  { name: "md5", encode: digest("md5", same, "hex"), kinds: hashed, whole: true },
  { name: "sha1", encode: digest("sha1", same, "hex"), kinds: hashed, whole: true },
  { name: "sha256", encode: digest("sha256", same, "hex"), kinds: hashed, whole: true },
  { name: "sha256 of the lower", encode: digest("sha256", plain, "hex"), kinds: hashed, whole: true },
  { name: "sha256 of the digits", encode: digest("sha256", digits, "hex"), kinds: hashed, whole: true },
  { name: "sha256, base64", encode: digest("sha256", same, "base64"), kinds: hashed, whole: true },
  { name: "sha256, base64url", encode: digest("sha256", plain, "base64url"), kinds: hashed, whole: true },
  { name: "SHA1 OF THE LOWER", encode: (t) => createHash("sha1").update(plain(t)).digest("hex").toUpperCase(), kinds: hashed, whole: true },
  { name: "sha512", encode: digest("sha512", same, "hex"), kinds: hashed, whole: true },
  { name: "JWT", encode: (t) => `${token({ sub: t, iat: 1_700_000_000 })}.c2lnbmF0dXJl` },
  { name: "data URI", encode: (t) => `data:text/plain;charset=utf-8;base64,${utf8(t).toString("base64")}` },
  { name: "data URI, percent", encode: (t) => `data:text/plain,${bytes(t, (b) => `%${hex2(b)}`)}` },
  { name: "JSON in a string", encode: (t) => JSON.stringify(JSON.stringify({ note: t })) },
  { name: "JSON in base64", encode: (t) => utf8(JSON.stringify({ note: t, at: 1 })).toString("base64") },
  { name: "HL7 in a string", encode: (t) => `PID|1||x^^^NS||${t}` },
  { name: "XML in a string", encode: (t) => `<p:name a='1'><![CDATA[${t}]]></p:name>` },
  { name: "XML comment", encode: (t) => `<a/><!-- ${t} -->` },
  { name: "form in a string", encode: (t) => `a=1&q=${encodeURIComponent(t)}&b=2` },
  { name: "in a sentence", encode: (t) => `Result ready for ${t}; call back.` },
  { name: "in a URL", encode: (t) => `https://in.example/v1/p/${encodeURIComponent(t)}?x=1` },
  { name: "in a longer token", encode: (t) => `ref_${t.replace(/[^\p{L}\p{N}@]+/gu, "_")}_x9`, takes: (t) => t.length >= 6 },
  { name: "punycode", encode: (t) => `xn--${punycoded(t)}`, takes: (t) => /^\p{L}{4,}$/u.test(t) && /\P{ASCII}/u.test(t) && new URL(`http://${t.toLowerCase()}.example`).hostname.startsWith("xn--") },
];

function punycoded(text: string): string {
  return (new URL(`http://${text.toLowerCase()}.example`).hostname.split(".")[0] ?? "").replace(/^xn--/, "");
}

function parts(text: string, count: number): string[] {
  const chars = [...text];
  const size = Math.ceil(chars.length / count);
  return Array.from({ length: count }, (_, i) => chars.slice(i * size, (i + 1) * size).join("")).filter((part) => part !== "");
}

const rotated = (text: string) => text.replace(/[a-z]/gi, (c) => String.fromCharCode((c <= "Z" ? 65 : 97) + ((c.charCodeAt(0) - (c <= "Z" ? 65 : 97) + 13) % 26)));
const leet: Readonly<Record<string, string>> = { o: "0", l: "1", e: "3", a: "4", s: "5", t: "7" };

/**
 * Ciphers and writings of one's own: phi.md 2.12 claims nothing of them, whatever is found is counted apart. Against them stands the closed list.
 */
export const beyond: readonly Encoding[] = [
  { name: "rot13", encode: rotated },
  { name: "atbash", encode: (t) => t.toLowerCase().replace(/[a-z]/g, (c) => String.fromCharCode(219 - c.charCodeAt(0))) },
  { name: "xor, base64", encode: (t) => Buffer.from(utf8(t).map((b) => b ^ 0x2a)).toString("base64") },
  { name: "digits moved by three", encode: (t) => t.replace(/\d/g, (d) => String((Number(d) + 3) % 10)) },
  { name: "leet", encode: (t) => each(t.toLowerCase(), (c) => leet[c] ?? c) },
  { name: "first letters of words", encode: (t) => each(t, (c) => `${c}${"ab".repeat(2)} `) },
  { name: "numbers of letters", encode: (t) => [...utf8(t)].join(", ") },
  { name: "bits", encode: (t) => bytes(t, (b) => b.toString(2).padStart(8, "0")) },
];
