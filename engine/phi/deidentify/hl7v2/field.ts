import { date, type DateRole, year } from "../dates.ts";
import type { DeidentifyContext } from "../context.ts";
import { hl7Assigner, id, type IdKind, idKinds } from "../ids.ts";
import { index, number, ordinal, range, units } from "../plain-values.ts";
import { addressOf } from "./address.ts";
import { codeOf } from "./coded.ts";
import { part, pieceOf, type Repetition } from "./piece.ts";
import type { FieldRule } from "./table.ts";

/** What is left of one repetition of a field; nothing when nothing may stand. `record` and `value` need more than their own field and are others' work. */
export function repetitionOf(repetition: Repetition, { action, detail }: FieldRule, context: DeidentifyContext): Repetition | undefined {
  const first = part(repetition, 1);
  switch (action) {
    case "set":
      return pieceOf(ordinal(first));
    case "index":
      return pieceOf(index(first));
    case "number":
      return pieceOf(number(first));
    case "quantity":
      return quantityOf(repetition);
    case "units":
      return unitsOf(repetition);
    case "range":
      return pieceOf(range(first));
    case "code":
      return codeOf(repetition, detail);
    case "drug":
      return codeOf(repetition, "", true);
    case "event":
      return pieceOf(/^[A-Z]\d\d$/.test(first) ? first : undefined);
    case "date":
    case "birth":
      return datesOf(repetition, context, action === "birth" ? "birth" : "event");
    case "year":
      return pieceOf(year(first, context));
    case "timing":
      return pieceOf(undefined, undefined, undefined, date(part(repetition, 4), context), date(part(repetition, 5), context));
    case "address":
      return addressOf(repetition, context);
    case "id": {
      const kind = idKinds.find((each) => each === detail);
      return kind && identifierOf(repetition, kind, context);
    }
    default:
      return undefined;
  }
}

/** CX has the assigning authority in its fourth component, EI in the components that follow the id. */
export function identifierOf(repetition: Repetition, kind: IdKind, context: DeidentifyContext): Repetition | undefined {
  const isEntity = entities.has(kind);
  const [namespace, universal, type] = [1, 2, 3].map((at) => (isEntity ? part(repetition, at + 1) : part(repetition, 4, at))) as [string, string, string];
  return pieceOf(id(part(repetition, 1), kind, context, hl7Assigner(namespace, universal, type)));
}

const entities: ReadonlySet<IdKind> = new Set(["order", "appointment", "specimen", "document"]);

/** TS, DT and DTM; DR has a second date. */
function datesOf(repetition: Repetition, context: DeidentifyContext, role: DateRole): Repetition | undefined {
  return pieceOf(date(part(repetition, 1), context, role), date(part(repetition, 2), context, role));
}

function quantityOf(repetition: Repetition): Repetition | undefined {
  const amount = number(part(repetition, 1));
  return amount === undefined ? undefined : pieceOf(amount, units(part(repetition, 2)));
}

/** A coded unit, or one that stands as it is written. */
export function unitsOf(repetition: Repetition): Repetition | undefined {
  const unit = units(part(repetition, 1)) ?? units(part(repetition, 4));
  return pieceOf(unit);
}
