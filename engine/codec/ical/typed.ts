import { isRule } from "./recur/rule.ts";
import { readDuration, readOffset, readWhen } from "./recur/times.ts";
import type { ValueType } from "./properties.ts";

/** Whether one value is of its type, to the letter of RFC 5545 3.3. */
export function isOfType(raw: string, type: ValueType): boolean {
  switch (type) {
    case "DATE":
      return readWhen(raw)?.isDate === true;
    case "DATE-TIME":
      return readWhen(raw)?.isDate === false;
    case "PERIOD":
      return isPeriod(raw);
    case "DURATION":
      return readDuration(raw) !== undefined;
    case "UTC-OFFSET":
      return readOffset(raw) !== undefined;
    case "RECUR":
      return isRule(raw);
    case "TIME":
      return /^(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d|60)Z?$/.test(raw);
    case "INTEGER":
      return /^[+-]?\d{1,10}$/.test(raw) && Math.abs(Number(raw)) <= 2_147_483_648;
    case "FLOAT":
      return /^[+-]?\d+(?:\.\d+)?$/.test(raw);
    case "BOOLEAN":
      return /^(?:TRUE|FALSE)$/i.test(raw);
    case "URI":
    case "CAL-ADDRESS":
      return /^[A-Za-z][A-Za-z0-9+.-]*:/.test(raw);
    case "BINARY":
      return raw.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(raw);
    default:
      return true;
  }
}

function isPeriod(raw: string): boolean {
  const [start = "", end = "", ...rest] = raw.split("/");
  if (rest.length > 0 || !isOfType(start, "DATE-TIME")) return false;
  const length = readDuration(end);
  if (length !== undefined) return length.days * 86_400 + length.seconds > 0;
  return isOfType(end, "DATE-TIME") && (readWhen(end)?.wall ?? 0) > (readWhen(start)?.wall ?? 0);
}
