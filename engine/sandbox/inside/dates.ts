const hl7 = /^(\d{4})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(\.\d{1,4})?)?)?)?)?)?([+-]\d{4})?$/;
const iso = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/;

/** `20260309` → `2026-03-09`, `20260309143000+0100` → `2026-03-09T14:30:00+01:00`. As precise as what it was given. */
export function fromHl7(value: string): string {
  const match = hl7.exec(value);
  if (!match) throw new RangeError("not an HL7 v2 date");
  const [, year, month, day, hour, minute = "00", second = "00", fraction = "", zone] = match;
  const date = [year, month, day].filter((part) => part !== undefined).join("-");
  if (hour === undefined) return date;
  return `${date}T${hour}:${minute}:${second}${fraction}${zone ? `${zone.slice(0, 3)}:${zone.slice(3)}` : ""}`;
}

/** The way back. `Z` becomes `+0000`. */
export function toHl7(value: string): string {
  const match = iso.exec(value);
  if (!match) throw new RangeError("not an ISO date");
  const [, year = "", month = "", day = "", hour = "", minute = "", second = "", fraction = "", zone = ""] = match;
  const offset = zone === "Z" ? "+0000" : zone.replace(":", "");
  return year + month + day + hour + minute + second + (second === "" ? "" : fraction.slice(0, 5)) + offset;
}
