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

/** Where in the project: `lab-results`, `lab-results/ehr`, `ehr-updates asks`, `answer of prescriptions/network`. */
export function placeOf({ kind, channel, destination }: MapLink): string {
  const place = destination === undefined ? channel : `${channel}/${destination}`;
  return kind === "ask" ? `${place} asks` : kind === "answer" ? `answer of ${place}` : place;
}

/** Parties by what they are, in the order in which the map shows them: the systems of a telemedicine platform first. */
const kinds: readonly (readonly [kind: string, words: string])[] = [
  ["internal", "Our own applications"],
  ["provider", "Providers of care"],
  ["pharmacy-network", "Pharmacies"],
  ["lab", "Laboratories"],
  ["clearinghouse", "Billing: clearinghouses"],
  ["health-plan", "Billing: health plans"],
  ["payment", "Payments"],
  ["analytics", "Analytics and research"],
  ["hie", "Health information exchanges"],
  ["public-health", "Public health"],
  ["individual", "Patients themselves"],
  ["email", "Mail"],
  ["sms", "Text messages"],
  ["marketing", "Marketing"],
  ["error-tracker", "Error trackers"],
  ["log-sink", "Log collectors"],
  ["other", "Others"],
];

export function kindWords(kind: string): string {
  return kinds.find(([name]) => name === kind)?.[1] ?? "Others";
}

/** Place of a kind among the others; those nobody knows are last. */
export function kindRank(kind: string): number {
  const at = kinds.findIndex(([name]) => name === kind);
  return at < 0 ? kinds.length : at;
}
