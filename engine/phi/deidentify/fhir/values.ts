import { ExactNumber, type Json } from "../../../codec/json/index.ts";
import { date, isUntold } from "../dates.ts";
import { id, type IdKind } from "../ids.ts";
import { countryIn, stateIn, town } from "../places.ts";
import { index, number } from "../plain-values.ts";
import { zip3, zip5 } from "../zip3.ts";
import type { Element } from "./elements.ts";
import { type JsonObject, textAt } from "./json.ts";
import type { Action } from "./rows.ts";
import type { Scope } from "./scope.ts";
import { isCurrency, isPublicCode, isPublicCodeIn, profileIn, terms } from "./terms.ts";
import { isUnit } from "./units.ts";

/** Of what an identifier is by the resource it stands in: the same kinds as in HL7 v2. */
const identified: Readonly<Record<string, IdKind>> = { Patient: "patient", Encounter: "visit" };
const ucum = "http://unitsofmeasure.org";

/** What a value becomes that has no parts. `beside`: the object it stands in, where one value explains another. */
export function loweredValue(value: Json, action: Action, element: Element, beside: JsonObject, scope: Scope): Json | undefined {
  if (action === "keep") return kept(value, element);
  if (typeof value !== "string") return undefined;
  const { context, ids } = scope;
  switch (action) {
    case "code":
      return isKeptCode(value, element) ? value : undefined;
    case "term":
      return isPublicCodeIn(scope.type, textAt(beside, "system"), textAt(beside, "code")) ? value : undefined;
    case "unit":
      return isKeptUnit(beside) ? value : undefined;
    case "date":
    case "birth":
      return dateOf(value, action, element, scope);
    case "id":
      return ids.token(`${textAt(beside, "resourceType")}/${value}`);
    case "ref":
      return value.startsWith("#") ? scope.contained.get(value) : ids.reference(value);
    case "uid":
      return uid(value, scope);
    case "surrogate":
      return identifier(value, textAt(beside, "system"), scope);
    case "system":
      return textAt(beside, "value") !== "" && context.spec.ids !== "remove" ? terms.identifierSystem : undefined;
    case "zip3":
      return isAbroad(beside) ? undefined : zip3(value);
    case "zip5":
      return isAbroad(beside) ? undefined : zip5(value);
    case "state":
      return isAbroad(beside) ? undefined : stateIn(value);
    case "country":
      return countryIn(value);
    case "city":
      return town(value, context.names);
    case "lot":
      return /^(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9-]{3,16}$/.test(value) ? value : undefined;
    case "question":
      return isQuestion(value) ? value : undefined;
    case "profile":
      return profileIn(value);
    case "new":
      return element.path === "Composition.title" ? "Composition" : "resource";
    default:
      return undefined;
  }
}

/** Numbers and flags in the JSON type of their data type; numbers as HL7 v2 has them. */
function kept(value: Json, { type }: Element): Json | undefined {
  if (type === "boolean") return typeof value === "boolean" ? value : undefined;
  if (type === "time") return typeof value === "string" && /^\d\d:\d\d:\d\d$/.test(value) ? value : undefined;
  if (typeof value !== "number" && !(value instanceof ExactNumber)) return undefined;
  const plain = number(String(value));
  if (plain === undefined) return undefined;
  return type === "decimal" || Number.isInteger(Number(plain)) ? Number(plain) : undefined;
}

/** Whether a code is of the list that the standard binds its element to. */
export function isKeptCode(value: string, { codes, set }: Element): boolean {
  return codes ? codes.has(value) : set === "currencies" && isCurrency(value);
}

/** Of a system that is no public one, neither the system nor the code. */
export function isKeptUnit(beside: JsonObject): boolean {
  const [system, code] = [textAt(beside, "system"), textAt(beside, "code")];
  return system === ucum ? isUnit(code) : isPublicCode(system, code);
}

/** As the type writes it: an instant has no year alone, and one that was moved has no time of day. */
function dateOf(value: string, action: "date" | "birth", { type, path }: Element, { context }: Scope): string | undefined {
  if (isUntold(path, context) || !/^\d{4}(?:-\d\d(?:-\d\d(?:T\S{1,40})?)?)?$/.test(value)) return undefined;
  const become = date(value, context, action === "birth" ? "birth" : "event");
  if (type !== "instant" || become === undefined || become.includes("T")) return become;
  return /^\d{4}-\d\d-\d\d$/.test(become) ? `${become}T00:00:00Z` : undefined;
}

/** A number by which HL7 v2 knew the one patient is the same one in FHIR, whatever system a transform wrote beside it. */
function identifier(value: string, system: string, { type, context }: Scope): string | undefined {
  const kind = identified[type] ?? "resource";
  const { patient } = context;
  const isThePatient = kind === "patient" && (patient === value.trim() || patient?.startsWith(`${value.trim()}^^^`) === true);
  return isThePatient ? id(patient, kind, context) : id(value, kind, context, system);
}

/** A unique identifier of DICOM made of a UUID (PS3.5 annex B.2). */
function uid(value: string, { context }: Scope): string | undefined {
  const [token] = /^[0-9a-f]{32}/.exec(id(value.replace(/^urn:oid:/, ""), "document", context) ?? "") ?? [];
  return token === undefined ? undefined : `2.25.${BigInt(`0x${token}`)}`;
}

/** A country that is not the United States, or a state that is none of theirs: its codes are no ZIP codes. */
function isAbroad(address: JsonObject): boolean {
  const [country, state] = [textAt(address, "country"), textAt(address, "state")];
  return (country !== "" && countryIn(country) !== "US") || (state !== "" && stateIn(state) === undefined);
}

/** A question of LOINC, or its number in the form. */
export function isQuestion(value: string): boolean {
  return index(value) !== undefined || isPublicCode("http://loinc.org", value.replace(/^\//, ""));
}
