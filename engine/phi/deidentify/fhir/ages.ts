import type { Json } from "../../../codec/json/index.ts";
import { age, isOldAge } from "../ages.ts";
import type { DeidentifyContext } from "../context.ts";
import { type JsonObject, isObject, textAt } from "./json.ts";

const ucum = "http://unitsofmeasure.org";
const years = { system: ucum, code: "a" };
const comparators: readonly string[] = ["<", "<=", ">=", ">"];

/** An Age or Quantity of years as it may stand; from 90 on, `>= 90 a`. */
export function ageIn(value: Json, context: DeidentifyContext): JsonObject | undefined {
  if (!isObject(value) || typeof value["value"] !== "number") return undefined;
  const unit = textAt(value, "code") || textAt(value, "unit");
  const read = age(value["value"], context, unit);
  if (read === undefined) return undefined;
  if (read === "90+") return { value: 90, comparator: ">=", ...years };
  const comparator = textAt(value, "comparator");
  return { value: Number(read), ...(comparators.includes(comparator) && { comparator }), ...unitOf(unit) };
}

/** Whether a Quantity, or an end of a Range, says more than 89 years. */
export function tellsOldAge(value: Json): boolean {
  if (!isObject(value)) return false;
  const units = [textAt(value, "code"), textAt(value, "unit")];
  return units.some((unit) => isOldAge(Number(value["value"]), unit)) || [value["low"], value["high"]].some((end) => end !== undefined && tellsOldAge(end));
}

/** A range of ages: both ends, or the open one that begins at 90. */
export function agesIn(value: Json, context: DeidentifyContext): JsonObject | undefined {
  if (!isObject(value)) return undefined;
  const ends = { low: value["low"], high: value["high"] };
  const read = Object.entries(ends).flatMap(([name, end]) => (end === undefined ? [] : [[name, ageIn(end, context)] as const]));
  if (read.some(([, end]) => end === undefined)) return undefined;
  if (read.some(([, end]) => end?.["comparator"] === ">=")) return { low: { value: 90, ...years } };
  const plain = read.map(([name, end]) => [name, Object.fromEntries(Object.entries(end ?? {}).filter(([key]) => key !== "comparator"))]);
  return plain.length === 0 ? undefined : (Object.fromEntries(plain) as JsonObject);
}

/** UCUM's letters for what senders write. */
function unitOf(unit: string): JsonObject {
  const [code] = Object.entries(written).find(([, words]) => words.split(" ").includes(unit.trim().toLowerCase())) ?? [];
  return code === undefined ? {} : { system: ucum, code };
}

const written = { a: "a y yr yrs year years", mo: "mo mon month months", wk: "wk w week weeks", d: "d day days", h: "h hr" };
