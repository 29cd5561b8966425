/** Why somebody looks at contents (HL7 PurposeOfUse). A closed list, so that the record of it cannot hold patient data. */
export const purposes = ["TREAT", "HPAYMT", "HOPERAT", "PUBHLTH", "PATRQT", "HSYSADMIN"] as const;
/** What people call them. */
const names: Readonly<Record<string, Purpose>> = { TREATMENT: "TREAT", PAYMENT: "HPAYMT", OPERATIONS: "HOPERAT", "PUBLIC-HEALTH": "PUBHLTH", PATIENT: "PATRQT", SYSTEM: "HSYSADMIN" };

/** A purpose by its code or by its plain name. */
export function purposeOf(text: unknown): Purpose | undefined {
  if (typeof text !== "string") return undefined;
  return isPurpose(text) ? text : names[text.toUpperCase()];
}

export type Purpose = (typeof purposes)[number];

export function isPurpose(text: unknown): text is Purpose {
  return purposes.includes(text as Purpose);
}
