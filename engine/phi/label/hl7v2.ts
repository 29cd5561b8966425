import { unescapeText } from "../../codec/hl7v2/escape.ts";
import type { Hl7Message, Hl7Segment } from "../../codec/index.ts";
import type { Found } from "../boundary.ts";
import { Seen } from "./seen.ts";
import { type Carrier, carriers } from "./tables.ts";

/** Names of ICD-10 in coded elements (HL7 table 0396), folded, with whatever version follows. Its procedures (PCS) are another system. */
const icd10 = /^(?:I10(?!P)|ICD[-_ ]?10(?![-_ ]?PCS)|(?:URN:OID:)?2\.16\.840\.1\.113883\.6\.(?:90|3)(?![0-9]))/;
const coded = new Set(["CE", "CWE", "CNE", "CF"]);

/** What an HL7 v2 message says of itself (`schemas/labels/hl7v2.json`). */
export function labelHl7(message: Hl7Message): Found {
  const seen = new Seen();
  for (const segment of message.segments) {
    for (const carrier of carriers.get(segment.name) ?? []) read(segment, carrier, seen);
  }
  return seen.found();
}

function read(segment: Hl7Segment, { field, reading }: Carrier, seen: Seen): void {
  // Most observations are numbers.
  if (reading === "coded" && !coded.has(segment.getRaw(2))) return;
  const raw = segment.getRaw(field);
  if (raw === "" || raw === '""') return;
  for (const components of repetitions(raw, segment)) {
    const [first = ""] = components;
    switch (reading) {
      case "word":
        if (first !== "" || components.some((each) => each !== "")) seen.word(first);
        break;
      case "hint":
        for (const each of components) for (const word of each.split(/[\s,;/]+/)) seen.hint(word);
        break;
      case "flag":
        seen.restricted ||= !/^(?:N|NO|0)?$/i.test(first);
        break;
      case "text":
        seen.restricted = true;
        break;
      case "vip":
        if (!/^(?:N|NO|NONE|0)?$/i.test(first)) seen.compartments.add("vip");
        break;
      case "consent":
        // Active, or put aside on purpose; any other status limits or refuses something.
        seen.restricted ||= !/^[AB]?$/i.test(first);
        break;
      default:
        diagnoses(segment, components, reading, seen);
    }
  }
}

/** A coded element has a code, its text and its system, and the same twice more in other systems, whose object identifiers stand behind (CWE). */
function diagnoses(segment: Hl7Segment, components: readonly string[], reading: Carrier["reading"], seen: Seen): void {
  if (reading === "coded" && !coded.has(segment.get(2) ?? "")) return;
  for (const [code, system, oid] of [[0, 2, 13], [3, 5, 16], [9, 11, 19]] as const) {
    const written = components[code];
    if (!written) continue;
    const named = [components[system] || (segment.name === "DG1" ? (segment.get(2) ?? "") : ""), components[oid] ?? ""].filter((each) => each !== "");
    const isAlone = named.length === 0 && reading === "diagnosis alone";
    if (isAlone || named.some((each) => icd10.test(each.trim().toUpperCase()))) seen.diagnosis(written);
  }
}

/** Decoded, so that an escape hides nothing; an escaped separator is no separator. */
function repetitions(raw: string, { delimiters }: Hl7Segment): string[][] {
  const { repetition, component, subcomponent } = delimiters;
  const value = (piece: string) => unescapeText(split(piece, subcomponent)[0] ?? "", delimiters).trim();
  return split(raw, repetition).map((each) => split(each, component).map(value));
}

function split(text: string, separator: string): string[] {
  return separator === "" ? [text] : text.split(separator);
}
