import { EngineError } from "../../sdk/error.ts";
import type { ValueType } from "./properties.ts";

/** One value in the form of RFC 7265 3.6. What is not of its type stays as it is written. */
export function valueToJcal(value: string, type: ValueType): unknown {
  switch (type) {
    case "DATE":
    case "DATE-TIME":
      return dateOut(value);
    case "TIME":
      return value.replace(/^(\d\d)(\d\d)(\d\d)(Z?)$/, "$1:$2:$3$4");
    case "PERIOD": {
      const [start = "", end] = value.split("/");
      return end === undefined ? value : [dateOut(start), dateOut(end)];
    }
    case "UTC-OFFSET":
      return value.replace(/^([+-]\d\d)(\d\d)(\d\d)?$/, (_, h: string, m: string, s?: string) => (s === undefined ? `${h}:${m}` : `${h}:${m}:${s}`));
    case "INTEGER":
    case "FLOAT":
      return /^[+-]?\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
    case "BOOLEAN":
      return /^true$/i.test(value) ? true : /^false$/i.test(value) ? false : value;
    default:
      return value;
  }
}

export function valueFromJcal(value: unknown, type: string): string {
  if (Array.isArray(value) && type === "PERIOD" && value.length === 2) return `${dateIn(value[0])}/${dateIn(value[1])}`;
  if (typeof value === "number" && Number.isFinite(value)) return decimal(value);
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  if (typeof value !== "string") throw new EngineError("ICS-104");
  if (type === "DATE" || type === "DATE-TIME" || type === "PERIOD") return dateIn(value);
  if (type === "TIME") return value.replace(/^(\d\d):(\d\d):(\d\d)/, "$1$2$3");
  if (type === "UTC-OFFSET") return /^[+-]\d\d:\d\d(?::\d\d)?$/.test(value) ? value.replaceAll(":", "") : value;
  return value;
}

/** iCalendar has no exponents. */
function decimal(value: number): string {
  const text = String(value);
  return /e/i.test(text) ? value.toFixed(20).replace(/\.?0+$/, "") : text;
}

function dateOut(value: string): string {
  return value.replace(/^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?$/, (_, y: string, m: string, d: string, h?: string, min?: string, s?: string, z = "") =>
    h === undefined ? `${y}-${m}-${d}` : `${y}-${m}-${d}T${h}:${min}:${s}${z}`,
  );
}

function dateIn(value: unknown): string {
  if (typeof value !== "string") throw new EngineError("ICS-104");
  return /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ?)?$/.test(value) ? value.replace(/[-:]/g, "") : value;
}

/** RFC 7265 3.6.10: an object of lower-case parts, numbers as numbers, several values as an array. */
export function recurToJcal(raw: string): unknown {
  const out: Record<string, unknown> = {};
  for (const part of raw.split(";")) {
    if (part === "") continue;
    const [name = "", text = ""] = part.split(/=(.*)/s);
    const values = text.split(",").map((each) => (/^(?:UNTIL)$/i.test(name) ? dateOut(each) : /^[+-]?\d{1,9}$/.test(each) ? Number(each) : each));
    Object.defineProperty(out, name.toLowerCase(), { value: values.length === 1 ? values[0] : values, enumerable: true, configurable: true, writable: true });
  }
  return out;
}

export function recurFromJcal(value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new EngineError("ICS-104");
  return Object.entries(value)
    .map(([name, each]) => {
      const all = [each].flat().map((one) => (/^until$/i.test(name) ? dateIn(one) : valueFromJcal(one, "TEXT")));
      if (!/^[A-Za-z-]+$/.test(name) || !all.every((one) => /^[A-Za-z0-9+-]+$/.test(one))) throw new EngineError("ICS-104");
      return `${name.toUpperCase()}=${all.join(",")}`;
    })
    .join(";");
}
