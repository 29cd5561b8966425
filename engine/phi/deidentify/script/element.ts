import { placedElements, textOf, type Placed } from "../../../codec/script/walk.ts";
import type { Content } from "../../../codec/script/build.ts";
import { structures } from "../../../codec/script/structures.ts";
import { type Element, localName } from "../../../codec/xml/node.ts";
import { codeSystem, isOfDrugs } from "../code-systems.ts";
import type { DeidentifyContext } from "../context.ts";
import { date } from "../dates.ts";
import { fresh, id, idKinds } from "../ids.ts";
import { countryIn, stateIn, town } from "../places.ts";
import { number } from "../plain-values.ts";
import { zip3, zip5 } from "../zip3.ts";
import { qualifiers, ruleFor, sets } from "./table.ts";

/** What is left of the elements inside one of a type; nothing when nothing may stand. Only names of the tables are written, and no attribute. */
export function insideOf(element: Element, type: string, context: DeidentifyContext): { readonly [name: string]: Content | readonly Content[] } | undefined {
  const structure = structures.get(type);
  const left = new Map<string, Content[]>();
  const stated = element.children.find(({ name }) => localName(name) === "CountryCode");
  const country = stated === undefined ? "" : textOf(stated);
  for (const child of element.children) {
    const name = localName(child.name);
    const place = structure?.places.get(name);
    const become = place && became(child, type, name, place.type, context, country);
    if (become === undefined) continue;
    const all = left.get(name) ?? [];
    all.push(become);
    left.set(name, all);
  }
  return left.size === 0 ? undefined : Object.fromEntries(left);
}

function became(element: Element, owner: string, name: string, type: string, context: DeidentifyContext, country: string): Content | undefined {
  const { action, detail } = ruleFor(context.spec.method, owner, name);
  if (action === "in") return insideOf(element, type, context);
  if (action === "coded" || action === "drug") return codedOf(element, action === "drug");
  // What should hold text and holds elements is not what the row is about.
  if (element.children.length > 0) return undefined;
  const value = textOf(element);
  switch (action) {
    case "new":
      return fresh(context);
    case "number":
      return number(value);
    case "code":
      return sets.get(detail)?.has(value) ? value : undefined;
    case "date":
    case "birth":
      return date(value, context, action === "birth" ? "birth" : "event");
    case "town":
      return town(value, context.names);
    case "state":
      return stateIn(value);
    case "country":
      return countryIn(value);
    case "zip":
      return context.spec.method === "limited-data-set" ? zip5(value, country) : zip3(value, country);
    case "id": {
      const kind = idKinds.find((each) => each === detail);
      return kind && id(value, kind, context);
    }
    default:
      return undefined;
  }
}

/** A code with its qualifier, where that names a public system and the code has its form. SCRIPT writes ICD-10 without its dot. */
function codedOf(element: Element, isDrug: boolean): Content | undefined {
  const of = (wanted: string) => element.children.filter(({ name }) => localName(name) === wanted);
  const [[code, ...more], [qualifier, ...others]] = [of("Code"), of("Qualifier")];
  if (more.length + others.length + (code?.children.length ?? 0) > 0) return undefined;
  // Some write the code as text and its qualifier as an attribute.
  const attribute = element.attributes.find(({ name }) => name === "Qualifier")?.value ?? "";
  const [written, named] = element.children.length === 0 ? [textOf(element), attribute] : [code ? textOf(code) : "", qualifier ? textOf(qualifier) : ""];
  const system = qualifiers.get(named);
  const dotted = system === "I10" && !written.includes(".") && written.length > 3 ? `${written.slice(0, 3)}.${written.slice(3)}` : written;
  if (system === undefined || (isOfDrugs(system) && !isDrug) || codeSystem(dotted, system) === undefined) return undefined;
  return { Code: written, Qualifier: named };
}

/** Where the tables place each element that has a value. */
export function valuesOf(root: Element, wanted: (placed: Placed) => boolean): string[] {
  return [...placedElements(root)].filter((placed) => wanted(placed)).map(({ element }) => textOf(element)).filter((value) => value !== "");
}
