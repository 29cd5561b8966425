import type { Basis, Level } from "../config/project.ts";

/** What an agreement of one basis can reach at most, whatever its text says (phi.md 1.5). */
export interface Reach {
  readonly level: Level;
  /** Purposes the basis knows; `undefined`: those the agreement lists. */
  readonly purposes?: readonly string[];
  /** Compartments the basis never reaches, even when listed. */
  readonly never: readonly string[];
  /** Nothing leaves the engine, so no purpose is asked. */
  readonly isInside?: boolean;
}

const notes = ["psychotherapy-notes", "sud-counseling-notes"];
const noCompartment = { never: ["*"] } as const;

export const reaches: Readonly<Record<Basis, Reach>> = {
  none: { level: "none", ...noCompartment },
  deidentified: { level: "deidentified", ...noCompartment },
  "expert-determination": { level: "deidentified", ...noCompartment },
  dua: { level: "limited", purposes: ["HRESCH", "PUBHLTH", "HOPERAT"], never: notes },
  baa: { level: "phi", never: notes },
  // Part 2 records need the patient's consent between providers, and consents are not known here yet.
  treatment: { level: "phi", purposes: ["TREAT"], never: [...notes, "part2"] },
  payment: { level: "phi", purposes: ["HPAYMT"], never: [...notes, "self-pay", "part2"] },
  "public-health": { level: "phi", purposes: ["PUBHLTH"], never: [...notes, "part2"] },
  "required-by-law": { level: "phi", never: [...notes, "part2"] },
  authorization: { level: "phi", never: [] },
  "same-engine": { level: "phi", never: [], isInside: true },
  individual: { level: "phi", purposes: ["PATRQT"], never: [] },
};

/** No agreement of any basis reaches these compartments. */
export const ungrantable: readonly string[] = ["pan", "secret"];
