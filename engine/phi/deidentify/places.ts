import table from "../../../schemas/deidentify/places.json" with { type: "json" };
import { checkedPolicy } from "./policy.ts";

export const places = checkedPolicy(table, "places");

const states = new Map(table.states.flatMap(([letters = "", name = ""]) => [[letters, letters], [name.toUpperCase(), letters]]));
const countries = new Map(Object.entries(table.countries).flatMap(([two, others]) => others.split("|").map((other) => [other, two] as const)));
const regions = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
const streets: ReadonlySet<string> = new Set(table.streets.split(" "));
const longestTown = 40;

/** A state, the District of Columbia or a territory by its two letters, from those or its name: the smallest place that Safe Harbor knows. */
export function stateIn(value: string): string | undefined {
  return states.get(value.trim().toUpperCase());
}

/** A country as ISO 3166-1 writes it with two letters. */
export function countryIn(value: string): string | undefined {
  const text = value.trim().toUpperCase();
  return countries.get(text) ?? (isCountry(text) ? text : undefined);
}

/** ISO 3166-1, two letters. */
export function isCountry(code: string): boolean {
  return /^[A-Z]{2}$/.test(code) && regions.of(code) !== undefined;
}

/**
 * The name of a town as a limited data set keeps it (45 CFR 164.514(e)(2)(ii)): letters, and nothing of a street, a house or of whom a letter goes to; nor
 * what is made of the names of the message's persons alone.
 */
export function town(value: string, names: ReadonlySet<string> = noNames): string | undefined {
  const text = value.trim();
  if (text.length > longestTown || !/^\p{L}[\p{L}\p{M} .'’-]*$/u.test(text)) return undefined;
  const words = wordsOf(text);
  // Saint Louis begins with what ends a street, and Colorado's letters are those of "care of".
  const isStreet = words.some((word, at) => streets.has(word) || (word === "st" && at > 0 && at === words.length - 1)) || (words[0] === "co" && words.length > 1);
  // Mount Vernon is a town, whoever is called Vernon; Vernon Q Rivera is none.
  const named = words.filter((word) => names.has(word)).length;
  const isPerson = named > 1 || (named === 1 && words.every((word) => word.length === 1 || names.has(word)));
  return isStreet || isPerson ? undefined : text;
}

const noNames: ReadonlySet<string> = new Set();

/** Words of a name of a person or a town, in small letters. */
export function wordsOf(name: string): readonly string[] {
  return name.toLowerCase().split(/[\s.,-]+/).filter((word) => word !== "");
}
