import type { Crossing, MapLink } from "./boundary-map.ts";

/** What stands beside each style of line: nobody has to know the style, nor see its colour. */
export const crossingWords: Readonly<Record<Crossing, string>> = {
  phi: "PHI under an agreement",
  limited: "limited data set",
  deidentified: "de-identified",
  none: "no PHI",
  refused: "nothing may cross",
};

/** The words of one link: class, compartments, right, purpose. */
export function wordsOf({ crossing, compartments, by, purpose, direction }: MapLink): readonly string[] {
  const what = crossing === "phi" && direction === "in" ? "PHI" : crossingWords[crossing];
  const named = compartments.length === 0 || crossing === "none" || crossing === "deidentified" ? what : `${what} with ${compartments.join(", ")}`;
  return [named, by, ...(purpose === undefined ? [] : [`purpose ${purpose}`])];
}

/** `lab-results to ehr`, `lab-results`. */
export function placeOf({ channel, destination }: MapLink): string {
  return destination === undefined ? channel : `${channel}/${destination}`;
}
