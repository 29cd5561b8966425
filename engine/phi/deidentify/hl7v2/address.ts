import type { DeidentifyContext } from "../context.ts";
import { countryIn, stateIn, town } from "../places.ts";
import { zip3, zip5 } from "../zip3.ts";
import { part, pieceOf, type Repetition } from "./piece.ts";

/** AD and XAD. Safe Harbor: state, three digits of the ZIP code, country; a limited data set: town, state, ZIP code, country (164.514(e)(2)(ii)). */
export function addressOf(repetition: Repetition, { spec, names }: DeidentifyContext): Repetition | undefined {
  const country = part(repetition, 6);
  const written = part(repetition, 4).trim();
  const state = isOurs(country) ? stateIn(written) : undefined;
  // A state that is none of ours, and its codes are no ZIP codes.
  const hasZip = isOurs(country) && (state !== undefined || written === "");
  const limited = spec.method === "limited-data-set";
  const zip = hasZip ? (limited ? zip5 : zip3)(part(repetition, 5)) : undefined;
  return pieceOf(undefined, undefined, limited ? town(part(repetition, 3), names) : undefined, state, zip, countryOf(country));
}

/** HL7 table 0399: the two letters of ISO 3166, or the three where they came. */
function countryOf(value: string): string | undefined {
  const text = value.trim().toUpperCase();
  const known = countryIn(text);
  return known !== undefined && text.length === 3 ? text : known;
}

function isOurs(country: string): boolean {
  return country.trim() === "" || countryIn(country) === "US";
}
