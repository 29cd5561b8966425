import type { DeidentifyContext } from "../context.ts";
import { date } from "../dates.ts";
import { fresh, id, idKinds } from "../ids.ts";
import { number, ordinal } from "../plain-values.ts";
import { countryIn, stateIn, town } from "../places.ts";
import { zip3, zip5 } from "../zip3.ts";
import { codeOf } from "./coded.ts";
import { joined, type Parts, textAt } from "./parts.ts";
import { period } from "./period.ts";
import { isPatient } from "./scopes.ts";
import { hasForm, isKnown, isOfSet, neededOf, ruleFor } from "./table.ts";

/** The engine's own delimiters. */
export const marks = { element: "*", repetition: "^", component: ":", segment: "~" } as const;

/** What of a transaction set its segments share. */
export interface Shared {
  /** NM101 or N101 of the last name; empty before the first. */
  readonly entity: string;
  /** Whether that name is of the patient's side. */
  readonly isPerson: boolean;
  /** New numbers of levels by the ones that came. */
  readonly levels: Map<string, string>;
  /** How many numbers of lines were given. */
  readonly lines: { count: number };
}

/** What may stand of a segment, as text; nothing when nothing that it needs is left. */
export function segmentOf(parts: Parts, shared: Shared, context: DeidentifyContext): string | undefined {
  if (!isKnown(parts.id)) return undefined;
  const kept = parts.elements.map((repetitions, at) => {
    const all = repetitions.map((components, repetition) => elementOf(parts, at + 1, repetition, components.length, shared, context));
    // What is a list stays one; a gap in it is none.
    return all.filter((each) => each !== "").join(marks.repetition);
  });
  const needed = neededOf(parts.id);
  const stands = needed.length > 0 ? needed.some((n) => isTold(parts.id, kept[n - 1] ?? "")) : kept.some((each) => each !== "");
  if (!stands || (parts.id === "NM1" && kept[0] === "")) return undefined;
  return joined([parts.id, ...kept], marks.element);
}

/** A qualifier of a composite by itself says nothing. */
function isTold(segment: string, text: string): boolean {
  return segment === "HI" ? text.includes(marks.component) : text !== "";
}

function elementOf(parts: Parts, element: number, repetition: number, components: number, shared: Shared, context: DeidentifyContext): string {
  const out: string[] = [];
  const read = (component: number) => parts.elements[element - 1]?.[repetition]?.[component - 1] ?? "";
  for (let component = 1; component <= components; component++) {
    const rule = ruleFor(context.spec.method, parts.id, element, component);
    const value = read(component);
    if (value === "") {
      out.push("");
      continue;
    }
    switch (rule.action) {
      case "format":
        out.push(periodAt(parts, element, component, repetition, context)?.[0] ?? "");
        break;
      case "period":
      case "birth":
        out.push(periodAt(parts, component > 1 ? element : element - 1, component > 1 ? component - 1 : 1, repetition, context)?.[1] ?? "");
        break;
      case "code":
        out.push(codeOf(value, component > 1 ? read(component - 1) : textAt(parts, element - 1)) ?? "");
        break;
      default:
        out.push(plain(value, rule.action, rule.detail, parts, shared, context) ?? "");
    }
  }
  // A procedure or diagnosis whose code is gone is gone, qualifier included.
  if (components > 1 && ruleFor(context.spec.method, parts.id, element, 2).action === "code" && out[1] === "") return "";
  return joined(out, marks.component);
}

/** The date or period whose form stands at a place, and its value at the next. */
function periodAt(parts: Parts, element: number, component: number, repetition: number, context: DeidentifyContext) {
  const own = parts.elements[element - 1]?.[repetition] ?? [];
  const inside = component > 1 || own.length > 1;
  const form = own[component - 1] ?? "";
  const value = inside ? (own[component] ?? "") : textAt(parts, element + 1);
  const isBirth = ruleFor(context.spec.method, parts.id, inside ? element : element + 1, inside ? component + 1 : 1).action === "birth";
  return period(form, value, context, isBirth ? "birth" : "event");
}

function plain(value: string, action: string, detail: string, parts: Parts, shared: Shared, context: DeidentifyContext): string | undefined {
  switch (action) {
    case "new":
      return fresh(context);
    case "set":
      return isOfSet(detail, value) ? value : undefined;
    case "form":
      return hasForm(detail, value) ? value : undefined;
    case "number":
      return number(value);
    case "ordinal":
      return ordinal(value);
    case "count":
      return String(++shared.lines.count);
    case "level":
      return levelOf(value, shared);
    case "parent":
      return shared.levels.get(value);
    case "date": {
      const told = date(value, context);
      return told?.length === 8 ? told : undefined;
    }
    case "id": {
      const kind = idKinds.find((each) => each === detail);
      return kind === undefined || (kind === "patient" && !isPatient.has(textAt(parts, 1))) ? undefined : id(value, kind, context);
    }
    default:
      return shared.isPerson && isPatient.has(shared.entity) ? placeOf(value, action, parts, context) : undefined;
  }
}

/** N4 of the patient's side, and the state of an accident. */
function placeOf(value: string, action: string, parts: Parts, context: DeidentifyContext): string | undefined {
  const country = parts.id === "N4" ? textAt(parts, 4) : "";
  const isOurs = country.trim() === "" || countryIn(country) === "US";
  switch (action) {
    case "state":
      return isOurs ? stateIn(value) : undefined;
    case "zip": {
      const state = textAt(parts, 2).trim();
      if (!isOurs || (state !== "" && stateIn(state) === undefined)) return undefined;
      return context.spec.method === "limited-data-set" ? zip5(value) : zip3(value);
    }
    case "town":
      return town(value, context.names);
    case "country":
      return countryIn(value);
    default:
      return undefined;
  }
}

/** Levels are numbered anew: their numbers are free text. */
function levelOf(value: string, { levels }: Shared): string {
  const number = levels.get(value) ?? String(levels.size + 1);
  levels.set(value, number);
  return number;
}
