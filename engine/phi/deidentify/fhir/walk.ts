import type { Json } from "../../../codec/json/index.ts";
import { ageIn, agesIn, tellsOldAge } from "./ages.ts";
import { type Element, primitives } from "./elements.ts";
import { extensionsOf } from "./extensions.ts";
import { isList, isObject, type JsonObject } from "./json.ts";
import { observed } from "./observed.ts";
import type { Action } from "./rows.ts";
import type { Scope } from "./scope.ts";
import { placeOf, shapeOf } from "./shapes.ts";
import { loweredValue } from "./values.ts";

/**
 * What becomes of an object whose elements stand at `place` (`Patient`, `HumanName`, `Patient.contact`). Nothing when nothing is left, or when it lost what
 * makes it valid. A name that the table does not know, a value of another form than its type's, and what stands beside a primitive (`_birthDate`) are removed.
 */
export function objectAt(place: string, value: Json, scope: Scope): JsonObject | undefined {
  if (!isObject(value)) return undefined;
  const shape = shapeOf(place);
  const out: Record<string, Json> = {};
  const lost = new Set<string>();
  for (const [name, each] of Object.entries(value)) {
    const element = shape.get(name);
    if (!element) continue;
    const action = scope.actions.get(element.path) ?? "rm";
    if (action === "whole") return undefined;
    const become = name === "extension" ? extensionAt(place, action, each) : elementOf(element, action, each, value, scope);
    if (become !== undefined) out[name] = become;
    else if (isMasked(element, action)) out[name] = element.repeated ? [masked] : masked;
    else if (element.required) lost.add(element.choice);
  }
  return lost.size > 0 || Object.keys(out).length === 0 ? undefined : out;
}

/** FHIR's own word for a value that is there and not shown. */
const masked: JsonObject = { extension: [{ url: "http://hl7.org/fhir/StructureDefinition/data-absent-reason", valueCode: "masked" }] };

/** A link that must be there and named nothing but a person or a place, as of a claim to its insurer: the rest is not lost with it. */
function isMasked({ required, type }: Element, action: Action): boolean {
  return required && type === "Reference" && action === "walk";
}

function extensionAt(place: string, action: Action, value: Json): Json | undefined {
  return place === "Patient" && action === "extension" ? extensionsOf(value) : undefined;
}

function elementOf(element: Element, action: Action, value: Json, beside: JsonObject, scope: Scope): Json | undefined {
  if (action === "rm") return undefined;
  if (!element.repeated) return isList(value) ? undefined : one(element, action, value, beside, scope);
  if (!isList(value)) return undefined;
  const kept = value.map((each) => one(element, action, each, beside, scope)).filter((each) => each !== undefined);
  return kept.length === 0 ? undefined : kept;
}

function one(element: Element, action: Action, value: Json, beside: JsonObject, scope: Scope): Json | undefined {
  switch (action) {
    case "resource":
      return scope.resource(value);
    case "value":
      return observedValue(element, value, beside, scope);
    case "walk":
      // Whoever counts more than 89 years in it: somebody is that old.
      if (scope.context.spec.method !== "limited-data-set" && tellsOldAge(value)) return element.type === "Range" ? agesIn(value, scope.context) : ageIn(value, scope.context);
      return part(element, action, value, scope);
    case "age":
      return element.type === "Range" ? agesIn(value, scope.context) : ageIn(value, scope.context);
    case "security":
      return undefined;
    default:
      return primitives.has(element.type) ? loweredValue(value, action, element, beside, scope) : part(element, action, value, scope);
  }
}

function part(element: Element, action: Action, value: Json, scope: Scope): JsonObject | undefined {
  if (action !== "walk" && action !== "term") return undefined;
  const become = objectAt(placeOf(element), value, scope);
  // A coding without its code says only what stands beside it.
  return action === "term" && become?.["code"] === undefined ? undefined : become;
}

/** By the code that stands beside it. */
function observedValue(element: Element, value: Json, beside: JsonObject, scope: Scope): Json | undefined {
  const { dates, method } = scope.context.spec;
  const said = observed(beside);
  switch (said) {
    case "identifier":
    case "unknown":
      return undefined;
    case "age":
      if (method !== "limited-data-set") return element.type === "Quantity" ? ageIn(value, scope.context) : undefined;
      break;
    case "birth":
    case "date":
      // A day that somebody wrote as a number is none.
      if (dates === "year" || !["dateTime", "Period"].includes(element.type)) return undefined;
      if (said === "birth") return element.type === "dateTime" ? one(element, "birth", value, beside, scope) : undefined;
      break;
    case "measure":
      break;
  }
  const action = byType(element.type);
  return one(element, action, value, beside, scope);
}

function byType(type: string): Action {
  if (type === "dateTime") return "date";
  return primitives.has(type) ? "keep" : "walk";
}
