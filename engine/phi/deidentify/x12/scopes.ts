import { X12Message } from "../../../codec/index.ts";
import type { Tree } from "../../../codec/tree.ts";
import { type Patient, patientFrom } from "../patient.ts";
import { type Parts, partsOf, textAt } from "./parts.ts";

/** Segments about one person: from the level, member or claim that names him to the next. */
export interface Scope {
  readonly segments: readonly Parts[];
  readonly patient: Patient;
}

/** NM101 of whom the segments are about; a patient or dependent goes before the subscriber. */
const people = ["QC", "03", "IL", "74"];
export const isPatient: ReadonlySet<string> = new Set(people);

/**
 * The segments of one transaction set by whom they are about: levels of subscriber, dependent and patient (HL), members (INS of the 834), claims of a
 * remittance (CLP). What comes before the first is about nobody.
 */
export function scopesOf(segments: readonly Parts[]): readonly Scope[] {
  const parts: Parts[][] = [[]];
  const ofMembers = segments.some(({ id }) => id === "BGN");
  for (const each of segments) {
    const begins = each.id === "HL" || each.id === "CLP" || (ofMembers && each.id === "INS") || each.id === "PLB";
    if (begins) parts.push([]);
    parts.at(-1)?.push(each);
  }
  return parts.map((own) => ({ segments: own, patient: patientIn(own) }));
}

/** The one patient of a message; several have none in common. */
export function patientOf(raw: Tree): Patient {
  if (!(raw instanceof X12Message)) return {};
  const named = scopesOf(raw.body.lines.map(partsOf)).flatMap(({ patient }) => (patient.patient === undefined && patient.birth === undefined ? [] : [patient]));
  const [first] = named;
  return first !== undefined && named.every(({ patient }) => patient === first.patient) ? first : {};
}

/** NM109 of the patient, and the birth date of the DMG behind the name. */
function patientIn(segments: readonly Parts[]): Patient {
  const at = people.map((code) => segments.findIndex((each) => each.id === "NM1" && textAt(each, 1) === code)).find((found) => found >= 0);
  if (at === undefined) return {};
  const rest = segments.slice(at + 1);
  const end = rest.findIndex(({ id }) => id === "NM1");
  const birth = rest.slice(0, end < 0 ? undefined : end).find(({ id }) => id === "DMG");
  const id = textAt(segments[at] as Parts, 9);
  return patientFrom(id === "" ? undefined : id, "", birth === undefined ? undefined : textAt(birth, 2));
}
