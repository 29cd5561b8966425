import { ExactNumber, textKept } from "../json/index.ts";

/** A primitive as text: numbers digit for digit as they were written, `Y` and `N` for booleans. `holder` and `name`: where it stands. */
export function primitiveText(value: unknown, holder?: object, name = ""): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "Y" : "N";
  if (typeof value === "number" && holder !== undefined) return numberText(textKept(holder, name, value) ?? String(value));
  if (typeof value === "number" || value instanceof ExactNumber) return numberText(String(value));
  return "";
}

/** NM has no exponent: `1.5e-7` is written out, with the same digits. */
export function numberText(text: string): string {
  const [, sign = "", whole = "", fraction = "", power] = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d{1,4})$/.exec(text) ?? [];
  if (power === undefined) return text;
  const digits = whole + fraction;
  const point = whole.length + Number(power);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits.padEnd(point, "0").replace(/^0+(?=\d)/, "");
  return `${sign}${digits.slice(0, point).replace(/^0+(?=\d)/, "")}.${digits.slice(point)}`;
}

const moment = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/;

/** `2026-03-09T14:30:00+01:00` → `20260309143000+0100`, as precise as it was but for more than four decimals of a second, which HL7 v2 lacks. Nothing for what is no date. */
export function hl7Time(text: string): string | undefined {
  const match = moment.exec(text);
  if (!match) return undefined;
  const [, year = "", month = "", day = "", hour = "", minute = "", second = "", fraction = "", zone = ""] = match;
  return `${year}${month}${day}${hour}${minute}${second}${fraction === "" ? "" : `.${fraction.slice(0, 4)}`}${zone === "Z" ? "+0000" : zone.replace(":", "")}`;
}

export function isFiner(text: string): boolean {
  return /\.\d{4}\d*[1-9]/.test(text);
}

/** `14:30:00` → `143000`. */
export function hl7TimeOfDay(text: string): string | undefined {
  const [, hour, minute = "", second = "", fraction = ""] = /^(\d{2}):(\d{2})(?::(\d{2})(\.\d{1,4})?\d*)?$/.exec(text) ?? [];
  return hour === undefined ? undefined : `${hour}${minute}${second}${fraction}`;
}
