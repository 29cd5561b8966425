import { decode } from "../codec/bytes/index.ts";
import { parseCsv, readTree, sniffCsv, type Tree } from "../codec/index.ts";
import { type Known, knownNames } from "../runtime/operator/known-names.ts";
import type { Content } from "../sdk/index.ts";

/** What stands in place of a value; of one length, since a length tells something too. */
const veil = "***";

/** Leaves that name what kind of message it is and hold no patient data. */
const plain: readonly RegExp[] = [
  /^MSH(\[\d+\])?-(1|2|9|12)(\[\d+\])?(\.|$)/,
  /(^|\/)resourceType$/,
  /^(?:ISA(?:\[\d+\])?(?:11|12|15|16)|GS(?:\[\d+\])?(?:01|08)|ST(?:\[\d+\])?(?:01|03)|SE(?:\[\d+\])?01)$/,
  /^VCALENDAR(\[\d+\])?\/(METHOD|VERSION)$|;(VALUE|PARTSTAT|ROLE|RSVP|RANGE|RELTYPE)$/,
];

/** A message with every value replaced and its structure kept; names that are not known are values too. What cannot be read gives its size alone. */
export function masked(content: Content, known: Known = knownNames(undefined, content.format)): string {
  try {
    const { text } = decode(content.bytes, { format: content.format, charset: "utf-8" });
    if (content.format === "text") return sizeOnly(content);
    let out = "";
    let at = 0;
    const veilNames = veils[content.format] ?? keysVeiled;
    const between = (structure: string) => veilNames(structure, known);
    for (const leaf of treeOf(content.format, text).leaves()) {
      if (leaf.start < at || leaf.end > text.length) return sizeOnly(content);
      const value = text.slice(leaf.start, leaf.end);
      out += between(text.slice(at, leaf.start)) + (value === "" || isPlain(content.format, leaf.path, value) ? value : veiled(value));
      at = leaf.end;
    }
    return out + between(text.slice(at));
  } catch {
    return sizeOnly(content);
  }
}

/** Of a calendar the words of the standard alone: where they stand, anybody can write something else. */
const icalWords: ReadonlySet<string> = new Set(
  "2.0 PUBLISH REQUEST REPLY ADD CANCEL REFRESH COUNTER DECLINECOUNTER DATE DATE-TIME PERIOD DURATION TEXT URI BINARY NEEDS-ACTION ACCEPTED DECLINED TENTATIVE DELEGATED CHAIR REQ-PARTICIPANT OPT-PARTICIPANT NON-PARTICIPANT TRUE FALSE THISANDFUTURE PARENT CHILD SIBLING".split(" "),
);

function isPlain(format: Content["format"], path: string, value: string): boolean {
  return plain.some((each) => each.test(path)) && (format !== "ical" || icalWords.has(value));
}

/** Nobody says here whether the first record of delimited text names columns or people, so it is veiled like the others. */
function treeOf(format: Content["format"], text: string): Tree {
  return format === "csv" ? parseCsv(text, { delimiter: ",", quote: '"', ...sniffCsv(text), header: false }) : readTree(format, text);
}

/** What stands between the values: of XML also comments and instructions, which are text that no program needs. */
const xmlVeiled = (structure: string, known: Known) =>
  structure.replace(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>|[\p{L}_:][^\s<>=/"']*/gu, (part) => {
    if (part.startsWith("<!")) return `<!--${veil}-->`;
    if (part.startsWith("<?")) return /^<\?xml\s/.test(part) ? part : `<?${veil}?>`;
    return part.split(":").every((name) => name === "xmlns" || known(name)) ? part : veil;
  });

const veils: Partial<Record<Content["format"], (structure: string, known: Known) => string>> = {
  hl7v2: (structure) => structure,
  csv: (structure) => structure,
  // What stands between the values are names: those that are known are shown.
  ical: (structure, known) => structure.replace(/[^\s:;,="]+/g, (name) => (known(name) ? name : veil)),
  // Between the values of X12 stand ids of segments and delimiters; what stands in place of an id is veiled like a value.
  x12: (structure) => structure,
  xml: xmlVeiled,
  script: xmlVeiled,
};

/** Between the values of JSON only keys are strings. */
function keysVeiled(structure: string, known: Known): string {
  return structure.replace(/"(?:[^"\\]|\\.)*"/g, (key) => (known(key.slice(1, -1)) ? key : `"${veil}"`));
}

function veiled(value: string): string {
  return value.startsWith('"') ? `"${veil}"` : veil;
}

function sizeOnly(content: Content): string {
  return `[${content.format}, ${content.bytes.length} bytes]`;
}

/** The message as it is, for whoever has stated a purpose. */
export function clear(content: Content): string {
  try {
    return decode(content.bytes, { format: content.format, charset: "utf-8" }).text;
  } catch {
    return new TextDecoder("latin1").decode(content.bytes);
  }
}
