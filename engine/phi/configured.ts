import type { DestinationSpec } from "../config/project.ts";
import { stringsAt } from "./strings-at.ts";

const known = new WeakMap<DestinationSpec, ReadonlySet<string>>();
const words = new WeakMap<DestinationSpec, ReadonlySet<string>>();

/** Values every partner may see, whoever the patient is. */
const plain = [
  "application/json", "application/fhir+json", "application/x-www-form-urlencoded", "application/json; charset=utf-8",
  "application/fhir+json; charset=utf-8", "text/plain; charset=utf-8", "application/hl7-v2; charset=utf-8", "x-application/hl7-v2+er7", "return=minimal",
];

/** Strings of a destination's options: configuration, written before any message was seen. */
export function configuredIn(destination: DestinationSpec): ReadonlySet<string> {
  let strings = known.get(destination);
  if (!strings) {
    strings = new Set([...plain, ...ownOf(destination)]);
    known.set(destination, strings);
  }
  return strings;
}


/** Words of a destination's options, in small letters. What every destination says, as `text/plain`, is configured whole and not word by word: there are a Ms. Text and a Mr. Plain. */
export function wordsConfiguredIn(destination: DestinationSpec): ReadonlySet<string> {
  let own = words.get(destination);
  if (!own) words.set(destination, (own = new Set(ownOf(destination).flatMap((text) => text.toLowerCase().split(/[^a-z]+/)))));
  return own;
}

function ownOf(destination: DestinationSpec): string[] {
  return Array.from(stringsAt(destination.options), ([, text]) => text);
}
