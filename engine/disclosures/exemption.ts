import type { Disclosure } from "./disclosure.ts";

/**
 * Purposes that are treatment, payment or health care operations (45 CFR 164.501): codes of HL7 v3 ActReason. Of those below TREAT and HOPERAT some are
 * missing here, for HIPAA has rules of their own for them, and an accounting holds them: trials, organ donation, government programs, decedents, courts,
 * military command.
 */
const careAndOperations: ReadonlySet<string> = new Set([
  "TREAT", "ETREAT", "ERTREAT", "COC", "CAREMGT", "POPHLTH", "BTG",
  "HPAYMT", "CLMATTCH", "COVAUTH", "COVERAGE", "ELIGDTRM", "ELIGVER", "ENROLLM", "REMITADV",
  "HOPERAT", "FRAUD", "HACCRED", "HCOMPL", "HOUTCOMS", "HPRGRP", "HQUALIMP", "HSYSADMIN", "HTEST",
  "LABELING", "MEMADMIN", "METAMGT", "PATADMIN", "PATSFTY", "PERFMSR", "RECORDMGT", "SYSDEV", "TRAIN",
]);

/** Disclosures under 164.512, which an accounting holds whatever purpose is stated. */
const always: ReadonlySet<string> = new Set(["public-health", "required-by-law"]);

/**
 * Why an accounting leaves a disclosure out (45 CFR 164.528(a)(1)); `undefined`: it belongs in. A business associate may be sent data for any purpose, so
 * it is the purpose that decides and not the agreement.
 */
export function exemptionOf({ intent: { level }, purpose, basis }: Disclosure): string | undefined {
  if (level === "none" || level === "deidentified") return "holds nothing that identifies the patient";
  if (basis === "individual") return "to the individual";
  if (basis === "authorization") return "by the individual's authorization";
  if (basis === "dua" && level === "limited") return "a limited data set";
  if (basis !== undefined && always.has(basis)) return undefined;
  return purpose !== undefined && careAndOperations.has(purpose) ? "treatment, payment or operations" : undefined;
}
