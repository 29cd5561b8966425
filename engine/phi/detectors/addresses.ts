import { isHexDigit } from "../decode/radix.ts";
import { isGtin } from "./checks.ts";
import type { Detection, Exit } from "./detection.ts";
import { isCommonHost, isKnownHost } from "./known-hosts.ts";

type Find = (d: Detection) => boolean;

/** E-mail addresses, each looked for around its sign: 64 signs before and 255 after, as RFC 5321 allows. */
export function mailsIn(text: string, found: Find): boolean {
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    const local = /[\w.%+'-]{1,64}$/.exec(text.slice(Math.max(0, at - 64), at));
    const domain = /^(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}/.exec(text.slice(at + 1, at + 256));
    if (!local || !domain) continue;
    if (found({ kind: "e-mail", strength: "strong", start: at - local[0].length, end: at + 1 + domain[0].length })) return true;
  }
  return false;
}

/** Addresses with a scheme, and hosts that begin with www. Where a terminology has its name, or a pinned endpoint its host, they may stand; `allowed` gets where. */
export function urlsIn(text: string, exit: Exit, allowed: (start: number, end: number) => void, found: Find): boolean {
  for (let at = text.indexOf("://"); at >= 0; at = text.indexOf("://", at + 3)) {
    const start = schemeBefore(text, at);
    if (at - start >= 2 && address(text, start, at + 3, exit, allowed, found)) return true;
  }
  if (!text.includes("www.") && !text.includes("WWW.")) return false;
  for (const { index } of text.matchAll(/(?<![\w/])www\./gi)) if (address(text, index, index, exit, allowed, found)) return true;
  return false;
}

/** Where the scheme (RFC 3986, 3.1) that ends at a place begins: with a letter, of sixteen signs at most. */
function schemeBefore(text: string, at: number): number {
  let start = at;
  while (start > 0 && at - start < longestScheme && isOfScheme(text.charCodeAt(start - 1))) start--;
  while (start < at && !isLetter(text.charCodeAt(start))) start++;
  return start;
}

function isOfScheme(unit: number): boolean {
  return isLetter(unit) || (unit >= 48 && unit <= 57) || unit === 43 || unit === 45 || unit === 46;
}

function isLetter(unit: number): boolean {
  return (unit | 32) >= 97 && (unit | 32) <= 122;
}

const longestScheme = 16;

function address(text: string, start: number, from: number, exit: Exit, allowed: (start: number, end: number) => void, found: Find): boolean {
  const last = Math.min(text.length, from + longestUrl);
  let hostEnd = from;
  while (hostEnd < last && hostEnd - from < longestHost && signAt(text, hostEnd) === 0) hostEnd++;
  let end = hostEnd;
  while (end < last && signAt(text, end) !== endsUrl) end++;
  if (isCommonHost(text, from, hostEnd)) {
    allowed(start, end);
    return false;
  }
  const named = text.slice(from, hostEnd).toLowerCase();
  const host = named.includes(":") ? named.replace(/:\d{1,5}$/, "") : named;
  if (!/[a-z0-9]/.test(host)) return end - from > 3 && found({ kind: "url", strength: "strong", start, end });
  if (exit.hosts.has(host) || isKnownHost(host)) {
    allowed(start, end);
    return false;
  }
  return found({ kind: "url", strength: "strong", start, end });
}

const longestUrl = 2048;
const longestHost = 253;

/** What ends a host, and what ends an address as text has it. */
const endsHost = 1;
const endsUrl = 2;
const signs = new Uint8Array(128);
for (const sign of "/?#") signs[sign.charCodeAt(0)] = endsHost;
for (const sign of "\t\n\v\f\r \"'<>\\|^") signs[sign.charCodeAt(0)] = endsUrl;

function signAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit < 128 ? (signs[unit] as number) : /\s/.test(text.charAt(at)) ? endsUrl : 0;
}

/** IPv6 (RFC 4291) in full or with one `::`, and MAC addresses, around each colon between two signs of hex. */
export function colonsIn(text: string, found: Find): boolean {
  for (let at = text.indexOf(":"); at >= 0; ) {
    if (!isHexDigit(text.charCodeAt(at - 1)) && text.charCodeAt(at + 1) !== colon) {
      at = text.indexOf(":", at + 1);
      continue;
    }
    let start = at;
    let end = at;
    while (start > 0 && at - start < 5 && isHexDigit(text.charCodeAt(start - 1))) start--;
    while (end < text.length && end - at < 40 && (text.charCodeAt(end) === colon || isHexDigit(text.charCodeAt(end)))) end++;
    const word = text.slice(start, end);
    const kind = /[\w:]/.test(`${text.charAt(start - 1)}${text.charAt(end)}`) ? undefined : isMac(word) ? "mac" : isIpv6(word) ? "ip" : undefined;
    if (kind && found({ kind, strength: "strong", start, end })) return true;
    at = text.indexOf(":", Math.max(end, at + 1));
  }
  return false;
}

const colon = 58;

/** With a letter: six pairs of digits alone are a day and a time. */
function isMac(word: string): boolean {
  return word.length === 17 && /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(word) && /[a-f]/i.test(word);
}

function isIpv6(word: string): boolean {
  const halves = word.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  if (groups.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return false;
  return halves.length === 2 ? groups.length >= 3 && groups.length <= 7 : groups.length === 8;
}

/** Unique device identifiers that name one device: GS1 with a serial number, `(01)…(21)…`, and HIBC with one (21 CFR 830). */
export function devicesIn(text: string, found: Find): boolean {
  for (let at = text.indexOf("(01)"); at >= 0; at = text.indexOf("(01)", at + 4)) {
    const [, gtin] = /^\(01\)(\d{14})(?:\(\d{2,4}\)[^()\s]{1,40}){0,4}\(21\)[^()\s]{1,20}/.exec(text.slice(at, at + 240)) ?? [];
    if (gtin && isGtin(gtin) && found({ kind: "device", strength: "strong", start: at, end: at + 20 })) return true;
  }
  for (let at = text.indexOf("/$+"); at >= 0; at = text.indexOf("/$+", at + 3)) {
    const label = /\+[A-Z]\d{3}[A-Z0-9]{1,18}\d$/.exec(text.slice(Math.max(0, at - 25), at));
    if (label && found({ kind: "device", strength: "strong", start: at - label[0].length, end: at + 3 })) return true;
  }
  return false;
}
