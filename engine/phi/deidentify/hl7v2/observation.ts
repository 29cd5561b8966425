import { age, isOldAge } from "../ages.ts";
import type { DeidentifyContext } from "../context.ts";
import { date, type DateRole } from "../dates.ts";
import { observationRole } from "../observations.ts";
import { number } from "../plain-values.ts";
import { codeOf, publicCodes } from "./coded.ts";
import { part, pieceOf, type Repetition } from "./piece.ts";

/** What OBX says in its other fields of the value in OBX-5. */
export interface Observed {
  /** OBX-2. */
  readonly type: string;
  /** OBX-3. */
  readonly code: Repetition;
  /** OBX-6: codes and texts. */
  readonly units: readonly string[];
}

/** A value with the type that it has now: an age of 90 or more is no number any more. */
export interface Value {
  readonly type: string;
  readonly repetition: Repetition;
}

const numericTypes: ReadonlySet<string> = new Set(["NM", "SN"]);

/** Types of OBX-2 whose values are dates. */
export const datedTypes: ReadonlySet<string> = new Set(["DT", "TS", "DTM", "DR"]);

/** Whether an observation may stand at all: not one that nobody knows, and not one whose value is an identifier (phi.md 3.1a). */
export function mayStand({ code }: Observed): boolean {
  return publicCodes(code).length > 0 && observationRole(publicCodes(code)) !== "identifier";
}

/** OBX-5 by OBX-2 and OBX-3. Texts, names, addresses, files and whatever else has no closed form are dropped. */
export function observedValue(repetition: Repetition, observed: Observed, context: DeidentifyContext): Value | undefined {
  const { type, code, units } = observed;
  const role = observationRole(publicCodes(code));
  const tellsAge = role === "age" || (numericTypes.has(type) && units.some((unit) => [1, 2, 4].some((at) => isOldAge(part(repetition, at), unit))));
  if (tellsAge && context.spec.method !== "limited-data-set") return ageOf(repetition, type, units, context);
  const dated = role === "birth" ? "birth" : role === "date" ? "event" : undefined;
  const kept = dated && numericTypes.has(type) ? dayOf(repetition, type, dated, context) : byType(repetition, type, dated ?? "event", context);
  return kept && { type, repetition: kept };
}

function byType(repetition: Repetition, type: string, role: DateRole, context: DeidentifyContext): Repetition | undefined {
  const first = part(repetition, 1);
  switch (type) {
    case "NM":
      return pieceOf(number(first));
    case "SN":
      return structured(repetition);
    case "CE":
    case "CNE":
    case "CWE":
      return codeOf(repetition, "");
    case "DT":
    case "TS":
    case "DTM":
      return pieceOf(date(first, context, role));
    case "DR":
      return pieceOf(date(first, context, role), date(part(repetition, 2), context, role));
    case "TM":
      return context.spec.method === "limited-data-set" && /^\d{4}(?:\d\d)?(?:[+-]\d{4})?$/.test(first) ? pieceOf(first) : undefined;
    default:
      return undefined;
  }
}

/** SN: a comparator, a number, a sign between and a second number. */
function structured(repetition: Repetition): Repetition | undefined {
  const [comparator, first, sign, second] = [1, 2, 3, 4].map((at) => part(repetition, at)) as [string, string, string, string];
  const low = number(first);
  if (low === undefined || !/^(?:[<>]=?|=|<>|)$/.test(comparator) || !/^[-+/.:]?$/.test(sign)) return undefined;
  if (second === "") return pieceOf(comparator, low);
  return number(second) === undefined ? undefined : pieceOf(comparator, low, sign, second);
}

/** A day that somebody wrote as a number. */
function dayOf(repetition: Repetition, type: string, role: DateRole, context: DeidentifyContext): Repetition | undefined {
  if (type === "NM") return pieceOf(date(part(repetition, 1), context, role));
  const day = part(repetition, 1) === "" && part(repetition, 3) === "" ? date(part(repetition, 2), context, role) : undefined;
  return day === undefined ? undefined : pieceOf("", day);
}

/** 89 is the oldest that is told: above stands `>=` and 90, as a structured number. A span of ages that reaches above tells that and no more. */
function ageOf(repetition: Repetition, type: string, units: readonly string[], context: DeidentifyContext): Value | undefined {
  const ages = type === "SN" ? [part(repetition, 2), part(repetition, 4)].filter((each) => each !== "") : [part(repetition, 1)];
  const unit = units.find((each) => each !== "") ?? "";
  const read = ages.map((each) => (units.some((said) => isOldAge(each, said)) ? "90+" : age(each, context, unit)));
  const told = read.includes("90+") ? "90+" : read.length === 1 ? read[0] : undefined;
  if (told === undefined) return undefined;
  const made = told === "90+" ? pieceOf(">=", "90") : pieceOf(told);
  return made && { type: told === "90+" ? "SN" : "NM", repetition: made };
}
