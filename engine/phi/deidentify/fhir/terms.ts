import codes from "../../../../schemas/fhir/r4-codes.json" with { type: "json" };
import table from "../../../../schemas/deidentify/fhir-terms.json" with { type: "json" };
import { codeSystem, isOfDrugs } from "../code-systems.ts";
import { isCountry } from "../places.ts";
import { checkedPolicy } from "../policy.ts";

export const terms = checkedPolicy(table, "fhir");

const systems: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  [...Object.entries(codes.systems), ...Object.entries(table.systems)].map(([url, all]) => [url, new Set(all.split(" "))]),
);
const forms = new Map(Object.entries(table.forms).map(([url, form]) => [url, new RegExp(`^(?:${form})$`)]));
const languages = new Intl.DisplayNames("en", { type: "language", fallback: "none" });

/** Whether a code may stand: its system is public and on a list, and the code is one of it, or has the form of its codes where no list of them is free. */
export function isPublicCode(system: string, code: string): boolean {
  const known = systems.get(system);
  if (known) return known.has(code);
  switch (system) {
    case "urn:ietf:bcp:47":
      return isLanguage(code);
    case "urn:iso:std:iso:3166":
      return isCountry(code);
    default:
      return forms.get(system)?.test(code) ?? (system.includes(":") && codeSystem(code, system) !== undefined);
  }
}

const drugResources: ReadonlySet<string> = new Set(table.drugs.split(" "));

/** The same in a resource of a type: codes of drugs stand where a drug does. */
export function isPublicCodeIn(type: string, system: string, code: string): boolean {
  return isPublicCode(system, code) && (drugResources.has(type) || !isOfDrugs(system));
}

/** Whether a list of the system's codes has it, so that it is no number of somebody's in the form of one. */
export function isListedCode(system: string, code: string): boolean {
  return systems.get(system)?.has(code) ?? false;
}

/** A language that has a name, and its region; nothing longer, which could be words (BCP 47). */
export function isLanguage(code: string): boolean {
  const [, language, region] = /^([a-z]{2,3})(?:-([A-Z]{2}))?$/.exec(code) ?? [];
  return language !== undefined && languages.of(language) !== undefined && (region === undefined || isCountry(region));
}

const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf("currency"));

/** ISO 4217. */
export function isCurrency(code: string): boolean {
  return currencies.has(code);
}

const profiles: ReadonlySet<string> = new Set(table.profiles.flatMap((line) => {
  const [first = "", ...others] = line.split(" ");
  const base = first.slice(0, first.lastIndexOf("/") + 1);
  return [first, ...others.map((name) => `${base}${name}`)];
}));

/** A profile of FHIR R4 or US Core, without the version that a server writes behind it. */
export function profileIn(canonical: string): string | undefined {
  const [url = ""] = canonical.split("|");
  return profiles.has(url) ? url : undefined;
}
