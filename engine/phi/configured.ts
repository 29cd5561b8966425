import type { DestinationSpec } from "../config/project.ts";
import { stringsAt } from "./strings-at.ts";

const known = new WeakMap<DestinationSpec, ReadonlySet<string>>();

/** Values every partner may see, whoever the patient is. */
const plain = [
  "application/json", "application/fhir+json", "application/x-www-form-urlencoded", "application/json; charset=utf-8",
  "application/fhir+json; charset=utf-8", "text/plain; charset=utf-8", "application/hl7-v2; charset=utf-8", "x-application/hl7-v2+er7", "return=minimal",
];

/** Strings of a destination's options: configuration, written before any message was seen. */
export function configuredIn(destination: DestinationSpec): ReadonlySet<string> {
  let strings = known.get(destination);
  if (!strings) {
    strings = new Set([...plain, ...Array.from(stringsAt(destination.options), ([, text]) => text)]);
    known.set(destination, strings);
  }
  return strings;
}

