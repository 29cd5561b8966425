import type { ClinicalResult } from "../codec/clinical/index.ts";
import type { AnalyteSpec } from "../config/case-spec.ts";
import type { Code } from "../sdk/index.ts";

/** Statuses under which there is no value yet, or none any more (table 0085; ObservationStatus). */
const valueless: ReadonlySet<string> = new Set(["I", "O", "N", "X", "D", "registered", "cancelled", "entered-in-error"]);

/** What a number could be in another unit: `7.2`, `<0.5`, `>^60`. Text and codes have none. */
const number = /^\s*[<>]?=?\^?\s*[+-]?\d+(?:\.\d+)?\s*$/;

/**
 * What the site's table does not say of the results of a message, each code once: CAS-114 a code that is not there, CAS-115 a unit that is not one of its
 * row, CAS-116 a number outside the range that stands beside it, without any flag. Nothing is converted or mapped.
 */
export function analyteProblems(results: readonly ClinicalResult[], { rows }: AnalyteSpec): readonly Code[] {
  return [...new Set(results.flatMap((result) => problemsOf(result, rows)))];
}

function problemsOf({ code, value, unit, range, flags, status }: ClinicalResult, rows: AnalyteSpec["rows"]): readonly Code[] {
  const units = code !== "" && Object.hasOwn(rows, code) ? rows[code] : undefined;
  const hasNumber = number.test(value) && !valueless.has(status);
  const isOfOtherUnit = hasNumber && units !== undefined && !units.trim().split(/\s+/).includes(unit === "" ? "-" : unit);
  return [
    ...(units === undefined ? ["CAS-114" as const] : []),
    ...(isOfOtherUnit ? ["CAS-115" as const] : []),
    ...(hasNumber && flags.length === 0 && isOutside(value, range) ? ["CAS-116" as const] : []),
  ];
}

/** `3.5-5.1`, `>60`, `<5`. A range in other words says nothing here. */
function isOutside(value: string, range: string): boolean {
  const measured = Number(/[+-]?\d+(?:\.\d+)?/.exec(value)?.[0]);
  const [, low, high] = /^\s*(-?\d+(?:\.\d+)?)\s*-\s*(-?\d+(?:\.\d+)?)\s*$/.exec(range) ?? [];
  if (low !== undefined && high !== undefined) return measured < Number(low) || measured > Number(high);
  const [, sign, bound] = /^\s*([<>])=?\s*(-?\d+(?:\.\d+)?)\s*$/.exec(range) ?? [];
  // A value that is itself off the scale in that direction is within.
  if (sign === undefined || value.trimStart().startsWith(sign)) return false;
  return sign === ">" ? measured < Number(bound) : measured > Number(bound);
}
