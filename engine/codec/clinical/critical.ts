import type { ClinicalResult } from "./results.ts";

/** Why a result is taken for critical. */
export type CriticalWhy = "flag" | "flag-unknown" | "flag-missing" | "unreadable";

export interface CriticalOptions {
  /** Flags that are critical at this site beside those that always are. */
  readonly flags?: readonly string[];
  /** Limits by code, or by code and unit (`2823-3|mmol/L`): `2.5..6.0`; either end may be left out. Outside them, or at them where the value is off the scale, a result is critical whatever its flag says not. */
  readonly ranges?: Readonly<Record<string, string>>;
}

/** Table 0078 and v3 ObservationInterpretation: critically or significantly high or low, very abnormal, off the scale of the instrument. */
const critical: ReadonlySet<string> = new Set(["HH", "LL", "AA", "HU", "LU", ">", "<"]);

/** Codes of the same tables that say something else. What stands in neither list is taken for critical. */
const known: ReadonlySet<string> = new Set([
  "N", "A", "H", "L", "U", "D", "B", "W", "S", "R", "I", "MS", "VS", "POS", "NEG", "IND", "DET", "ND", "HX", "LX", "HM", "CAR", "EX", "IE", "QCF", "TOX", "RR", "WR", "NR", "UNE", "EXP", "E",
  "NS", "SDD", "SYN-R", "SYN-S", "OBX", "AC", "NULL",
]);

/** Statuses under which there is no value yet, or none any more (table 0085; ObservationStatus). */
const valueless: ReadonlySet<string> = new Set(["I", "O", "N", "S", "X", "D", "registered", "cancelled", "entered-in-error"]);

/** `undefined`: not critical. In doubt a result is critical: a flag that nobody knows, a value that cannot be read where limits stand. */
export function whyCritical(result: ClinicalResult, { flags = [], ranges = {} }: CriticalOptions = {}): CriticalWhy | undefined {
  const said = result.flags.map((flag) => flag.trim().toUpperCase());
  if (said.some((flag) => critical.has(flag) || flags.includes(flag))) return "flag";
  if (said.some((flag) => !known.has(flag))) return "flag-unknown";
  const limits = limitsOf(result, ranges);
  if (limits === undefined || (result.value === "" && valueless.has(result.status))) return undefined;
  if (limits === "unknown") return "unreadable";
  const value = numberOf(result.value);
  if (value === undefined) return "unreadable";
  const isLow = limits.low !== undefined && (value.sign === "<" ? value.number <= limits.low : value.number < limits.low);
  const isHigh = limits.high !== undefined && (value.sign === ">" ? value.number >= limits.high : value.number > limits.high);
  return isLow || isHigh ? "flag-missing" : undefined;
}

function limitsOf({ code, unit }: ClinicalResult, ranges: NonNullable<CriticalOptions["ranges"]>): { readonly low?: number; readonly high?: number } | "unknown" | undefined {
  const own = (key: string) => (Object.hasOwn(ranges, key) ? ranges[key] : undefined);
  const written = own(`${code}|${unit}`) ?? own(code);
  // The table knows the analyte in other units alone: nobody can say whether this value is outside.
  if (written === undefined) return code !== "" && Object.keys(ranges).some((key) => key.startsWith(`${code}|`)) ? "unknown" : undefined;
  const [, low = "", high = ""] = /^\s*(-?[\d.]*)\s*\.\.\s*(-?[\d.]*)\s*$/.exec(written) ?? [];
  const [lowest, highest] = [Number(low), Number(high)];
  if ((low === "" && high === "") || Number.isNaN(lowest) || Number.isNaN(highest)) return "unknown";
  return { ...(low !== "" && { low: lowest }), ...(high !== "" && { high: highest }) };
}

/** `7.2`, `>200`, and structured numerics (`>^200`, `^7.2`, OBX-2 SN). */
function numberOf(text: string): { readonly sign: string; readonly number: number } | undefined {
  const [, sign = "", digits] = /^\s*([<>]=?)?\^?\s*([+-]?\d+(?:\.\d+)?)\s*$/.exec(text) ?? [];
  return digits === undefined ? undefined : { sign: sign.charAt(0), number: Number(digits) };
}
