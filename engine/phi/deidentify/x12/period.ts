import type { DeidentifyContext } from "../context.ts";
import { date, type DateRole, year } from "../dates.ts";

/** Form (data element 1250) and value (1251) of a date or a run of dates. */
export type Period = readonly [form: string, value: string];

/** What `context.spec` lets stand of a date or period: a day or a run of days as `D8` and `RD8`, a year as `CY`. Times of day go with the day they are of. */
export function period(form: string, value: string, context: DeidentifyContext, role: DateRole): Period | undefined {
  switch (form) {
    case "D8":
    case "DT":
      return one(value, context, role, form === "DT" && /^\d{12}$/.test(value));
    case "RD8":
      return run(value, context, role);
    case "CY": {
      const told = /^\d{4}$/.test(value) ? year(value, context, role) : undefined;
      return told === undefined ? undefined : ["CY", told];
    }
    default:
      return undefined;
  }
}

function one(value: string, context: DeidentifyContext, role: DateRole, hasTime: boolean): Period | undefined {
  if (!hasTime && !/^\d{8}$/.test(value)) return undefined;
  const told = date(value, context, role);
  if (told === undefined) return undefined;
  return [told.length === 4 ? "CY" : told.length === 12 ? "DT" : "D8", told];
}

/** Of a run over two years neither stays when years alone may: both say where in them it lay. */
function run(value: string, context: DeidentifyContext, role: DateRole): Period | undefined {
  const [from = "", to = "", more] = value.split("-");
  if (more !== undefined) return undefined;
  const [first, last] = [one(from, context, role, false), one(to, context, role, false)];
  if (first === undefined || last === undefined || first[0] !== last[0]) return undefined;
  if (first[0] === "CY") return first[1] === last[1] ? first : undefined;
  return ["RD8", `${first[1]}-${last[1]}`];
}
