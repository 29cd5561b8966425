import { domainToUnicode } from "node:url";
import { textsOf } from "./bytes.ts";

type Decoder = (text: string) => string[];

const latin = (text: string) => Buffer.from(text, "latin1");

const percent: Decoder = (text) => {
  if (!/%[0-9a-f]{2}/i.test(text) && !text.includes("+")) return [];
  const open = (from: string) => from.replace(/(?:%[0-9a-f]{2})+/gi, (run) => latin(run.slice(1).split("%").map((h) => String.fromCharCode(Number.parseInt(h, 16))).join("")).toString("utf8"));
  return [open(text), open(text.replaceAll("+", " ")), ...(/%3c~|begin%20/.test(text) ? armoured(text) : [])];
};

/**
 * Armour holds percent signs of its own, and who wrote it into a path or a header's name escaped only what cannot stand there: what could is no escape, and
 * nor may one of the others be, by chance.
 */
function armoured(text: string): string[] {
  return [/[A-Za-z0-9._~!$&'()*+,;=:@%-]/, /[A-Za-z0-9!#$&'*+.^_`|~%-]/].flatMap((stands) => {
    const isEscape = (hex: string) => Number.parseInt(hex, 16) < 128 && !stands.test(String.fromCharCode(Number.parseInt(hex, 16)));
    const escapes = [...text.matchAll(/%([0-9a-f]{2})/g)].filter(([, hex = ""]) => isEscape(hex)).map(({ index }) => index);
    return [-1, ...escapes.slice(0, 40)].map((kept) => text.replace(/%([0-9a-f]{2})/g, (all, hex: string, at: number) => (at !== kept && isEscape(hex) ? String.fromCharCode(Number.parseInt(hex, 16)) : all)));
  });
}

const entityNames: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " ", commat: "@", period: ".", hyphen: "-", lowbar: "_" };
const entities: Decoder = (text) =>
  /&[#a-z]/i.test(text)
    ? [text.replace(/&#(?:x([0-9a-f]{1,6})|(\d{1,7}));?/gi, (all, hex?: string, dec?: string) => point(hex === undefined ? Number(dec) : Number.parseInt(hex, 16)) ?? all).replace(/&([a-z]+);?/gi, (all, name: string) => entityNames[name.toLowerCase()] ?? all)]
    : [];

function point(code: number): string | undefined {
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

const backslash: Decoder = (text) => {
  if (!text.includes("\\")) return [];
  const asBytes = (run: string, base: 8 | 16, mark: RegExp) => latin(run.split(mark).filter(Boolean).map((n) => String.fromCharCode(Number.parseInt(n, base))).join("")).toString("utf8");
  return [
    text
      .replace(/(?:\\x[0-9a-f]{2})+/gi, (run) => asBytes(run, 16, /\\x/i))
      .replace(/(?:\\[0-3][0-7]{2})+/g, (run) => asBytes(run, 8, /\\/))
      .replace(/\\u\{([0-9a-f]{1,6})\}/gi, (all, hex: string) => point(Number.parseInt(hex, 16)) ?? all)
      .replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
      .replace(/\\([rntbf])/g, " ").replace(/\\(["'\\/])/g, "$1"),
    text.replace(/(?:\\X[0-9a-f]+\\)+/gi, (run) => Buffer.from(run.replace(/\\X|\\/gi, ""), "hex").toString("utf8")).replace(/\\[A-Z.a-z0-9]{1,4}\\/g, " "),
  ];
};

const quotedPrintable: Decoder = (text) =>
  /=[0-9a-f]{2}|=\r?\n/i.test(text)
    ? [text.replace(/=[ \t]*\r?\n|= /g, "").replace(/(?:=[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll("=", ""), "hex").toString("utf8"))]
    : [];

const mimeWords: Decoder = (text) => {
  if (!text.includes("=?")) return [];
  return [
    text.replace(/\?=\s+=\?/g, "?==?").replace(/=\?[^?\s]+\?([bq])\?([^?]*)\?=/gi, (_, how: string, what: string) =>
      /b/i.test(how) ? Buffer.from(what, "base64").toString("utf8") : Buffer.from(what.replaceAll("_", " ").replace(/=([0-9a-f]{2})/gi, (__, h: string) => String.fromCharCode(Number.parseInt(h, 16))), "latin1").toString("utf8")),
  ];
};

/** Runs of the alphabet, whole, without what a framing put before them, and in pieces. */
const base64: Decoder = (text) => {
  const found: string[] = [];
  for (const from of text.includes("\n") || text.includes(" ") ? [text, text.replace(/(?<=\S)\s+(?=\S)/g, "")] : [text]) {
    for (const [run] of from.matchAll(/[A-Za-z0-9+/_-]{6,}/g)) {
      const pieces = run.split(/[-_/+]+/).filter((piece) => piece.length >= 6);
      const tails = [...run.matchAll(/[-_/+]/g)].slice(0, 4).map(({ index }) => run.slice(index + 1));
      for (const piece of new Set([run, ...pieces, ...tails])) found.push(...textsOf(Buffer.from(piece, "base64")));
    }
  }
  return found;
};

const hex: Decoder = (text) => {
  const found: string[] = [];
  for (const [run] of text.matchAll(/(?:[0-9a-f]{2}){3,}/gi)) found.push(...textsOf(Buffer.from(run, "hex")));
  for (const [run] of text.matchAll(/(?:(?:0x|\\x)?[0-9a-f]{2}(?:[\s:,;_.-]|%20)+){2,}(?:0x|\\x)?[0-9a-f]{2}/gi)) found.push(...textsOf(Buffer.from(run.replace(/0x|\\x|%20/gi, "").replace(/[^0-9a-f]/gi, ""), "hex")));
  return found;
};

const base32: Decoder = (text) => {
  const found: string[] = [];
  for (const [run] of text.matchAll(/[A-Z2-7]{7,}/gi)) {
    const bits = [...run.toUpperCase()].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
    found.push(...textsOf(Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))));
  }
  return found;
};

const ascii85: Decoder = (text) => {
  const found: string[] = [];
  for (const [, run = ""] of text.matchAll(/<~([^~]*)~?>?/g)) {
    const out: number[] = [];
    const clean = run.replace(/\s/g, "").replaceAll("z", "!!!!!");
    for (let at = 0; at < clean.length; at += 5) {
      const five = clean.slice(at, at + 5);
      let word = 0;
      for (const c of five.padEnd(5, "u")) word = word * 85 + (c.charCodeAt(0) - 33);
      out.push(...[24, 16, 8, 0].slice(0, five.length - 1).map((shift) => Math.floor(word / 2 ** shift) % 256));
    }
    found.push(...textsOf(Buffer.from(out)));
  }
  return found;
};

const uuencoded: Decoder = (text) => {
  if (!/begin \d{3} /.test(text)) return [];
  const out: number[] = [];
  // A header folds lines into spaces.
  for (const line of text.slice(text.search(/begin \d{3} /)).split(/\r?\n|(?<=begin \d{3} \S+) /).slice(1)) {
    if (/^(?:end|`)/.test(line)) break;
    const six = [...line.slice(1)].map((c) => (c.charCodeAt(0) - 32) & 63);
    const bytes: number[] = [];
    for (let k = 0; k + 3 < six.length; k += 4) {
      const [a = 0, b = 0, c = 0, d = 0] = six.slice(k, k + 4);
      bytes.push((a << 2) | (b >> 4), ((b & 15) << 4) | (c >> 2), ((c & 3) << 6) | d);
    }
    out.push(...bytes.slice(0, (line.charCodeAt(0) - 32) & 63));
  }
  return textsOf(Buffer.from(out));
};

const utf7: Decoder = (text) =>
  /\+[A-Za-z0-9/+]{3,}/.test(text) ? [text.replace(/\+([A-Za-z0-9/+]{3,})-?/g, (_, run: string) => {
    const bytes = Buffer.from(run, "base64");
    return Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16().toString("utf16le");
  })] : [];

const punycode: Decoder = (text) => [...text.matchAll(/xn--[a-z0-9-]+/gi)].map(([label]) => domainToUnicode(label.toLowerCase()));

/** What the fields of a structure hold, without their names, and the names without what they hold: pieces that stand apart come together. */
const fields: Decoder = (text) => {
  const found: string[] = [];
  if (/^\s*[[{"]/.test(text)) {
    try {
      const value: unknown = JSON.parse(text);
      found.push([...leaves(value)].join(""), [...names(value)].map((name) => name.replace(/^_+/, "")).join(""));
    } catch {
      // No JSON.
    }
  }
  if (/^[\w.[\]%+-]*=/.test(text) && text.includes("&")) found.push([...new URLSearchParams(text).values()].join(""));
  if (text.includes("<")) found.push(text.replace(/<!\[CDATA\[|\]\]>/g, "").replace(/<[^>]*>/g, ""), [...text.matchAll(/="([^"]*)"/g)].map(([, value]) => value).join(""));
  if (text.includes('""')) found.push(text.replaceAll('""', '"'));
  return found;
};

function* names(value: unknown): Generator<string> {
  if (typeof value !== "object" || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) yield name;
    yield* names(inner);
  }
}

function* leaves(value: unknown): Generator<string> {
  if (typeof value === "object" && value !== null) for (const inner of Object.values(value)) yield* leaves(inner);
  else yield String(value);
}

export const decoders: readonly Decoder[] = [percent, entities, backslash, quotedPrintable, mimeWords, base64, hex, base32, ascii85, uuencoded, utf7, punycode, fields];

const deepest = 6;
const mostViews = 400;

/** The text and everything it decodes to, encodings inside encodings too; the nearest first, made as they are asked for. */
export function* viewsOf(text: string, using: readonly Decoder[] = decoders): Generator<string> {
  yield text;
  const seen = new Set([text]);
  let layer = [text];
  for (let depth = 0; depth < deepest && layer.length > 0; depth++) {
    const next: string[] = [];
    for (const decode of using) {
      for (const view of layer) {
        for (const made of decode(view)) {
          if (made.length < 4 || seen.has(made) || isNoise(made)) continue;
          if (seen.size >= mostViews) return;
          seen.add(made);
          next.push(made);
          yield made;
        }
      }
    }
    layer = next;
  }
}

/** Bytes that were no text in the first place: more than a third of the signs are none. */
function isNoise(text: string): boolean {
  let odd = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0xfffd || (unit < 32 && unit !== 9 && unit !== 10 && unit !== 13)) odd++;
  }
  return odd * 3 > text.length;
}
