import type { Pattern } from "../patterns.ts";
import { codeSystem } from "./code-systems.ts";
import { dateIn } from "./dates.ts";
import { sets } from "./hl7v2/table.ts";
import { number, units } from "./plain-values.ts";

type Known = Pick<Pattern, "kind" | "strength"> & Partial<Pick<Pattern, "source">>;

const systems = ["SCT", "LN", "CDCREC", "NDC", "I10"];
const words = new Set([...sets.values()].flatMap((set) => [...set]));

/**
 * Whether the guard lets something of a message's own stand in what was de-identified: codes with a check digit, units, words of the tables, and what is too weak
 * to say anything once names and places are gone. A strong identifier never stands, and no whole date, name, address or number that is no code.
 */
export function standsDeidentified({ kind, strength, source }: Known): boolean {
  if (strength !== "medium" || source === undefined) return strength === "weak";
  // Numbers of observations and drugs are findings and codes of drugs; those of people are of other kinds, and strong.
  if ((kind === "value" || kind === "medication") && number(source) !== undefined) return true;
  const isCode = (code: string) => systems.some((system) => codeSystem(code, system) !== undefined);
  return isCode(source) || isCode(`00${source}`) || words.has(source) || (units(source) !== undefined && number(source) === undefined);
}

/** Whether a word is a code of LOINC or SNOMED CT, whose last digit is made of the others. */
export function hasCheckDigit(word: string): boolean {
  return codeSystem(word, "LN") !== undefined || codeSystem(word, "SCT") !== undefined;
}

/** Of the individual, of relatives, employers and members of the household: direct identifiers, whatever else the same word may be. */
const direct = /name|employer|word of|half of (?!control id)|e-mail|phone|address|street|group|account|member|subscriber/;

/** A limited data set keeps dates, ages, places and weak traits (45 CFR 164.514(e)(2)). Many a control id is the moment of its message, which stays too. */
export function standsLimited({ kind, strength, source }: Known): boolean {
  if (strength === "medium" && direct.test(kind)) return false;
  return strength !== "strong" || /date/.test(kind) || (kind === "control id" && source !== undefined && /^(?:19|20)\d{6}\d{0,10}$/.test(source) && dateIn(source) !== undefined);
}
