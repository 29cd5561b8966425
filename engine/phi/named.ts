import type { Row } from "./policy.ts";
import { unknownRow } from "./policy.ts";

/**
 * What a column of delimited text or an element of XML holds, by the words of its name: `patient_last_name`, `PatientDOB`, `homePhone`. Only
 * adds to what every value counts for anyway, so that a name nobody thought of hides nothing.
 */
export function rowOfName(name: string): Row {
  const words = name
    .replace(/^.*:/, "")
    .replace(/([a-z\d])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, "$1$3 $2")
    .toLowerCase()
    .replace(/[^a-z\d]+/g, " ")
    .trim();
  return rows.find(([pattern]) => pattern.test(` ${words} `))?.[1] ?? unknownRow;
}

/** Whose name it is, by what stands before the word for the part: `guarantor_last_name` and `guarantor_first_name` are one person's. */
export function roleOf(name: string): string {
  return name.toLowerCase().replace(/[_.\s-]*(?:l|f|m)?(?:last|family|sur|maiden|first|given|middle|fore|nick|nach|vor|initial).*$/, "");
}

const row = (kind: string, reading: Row["reading"], strength: Row["strength"]): Row => ({ kind, reading, strength });

/** The first that fits. Words stand between spaces. */
const rows: readonly (readonly [RegExp, Row])[] = [
  [/ (?:ssn|social|sin|nhs|nino) /, row("social security number", "id", "strong")],
  [/ (?:e ?mail|mail) /, row("e-mail", "contact", "strong")],
  [/ (?:phone|tel|telephone|telecom|mobile|cell|fax)\w* | \w*phone /, row("phone", "contact", "strong")],
  [/ (?:dob|birth\w*|born|geboren) /, row("birth date", "date", "strong")],
  [/ (?:last|family|sur|maiden) ?name | (?:surname|lastname|family|lname|nachname|maiden) | (?:l name|last) $/, row("name", "family", "strong")],
  [/ (?:first|given|middle|fore|nick) ?name | (?:firstname|given|forename|middlename|fname|mname|vorname|initials?) | (?:[fm] name|first|middle) $/, row("name", "given", "strong")],
  [/ (?:zip\w*|postal|postcode) /, row("zip", "zip", "medium")],
  [/ (?:city|town|county|village) /, row("city", "whole", "weak")],
  [/ (?:addr|address|street|line)\w* /, row("address", "id", "strong")],
  [/ (?:mrn|mpi|id|ids|identifier|extension|account|acct|member|policy|subscriber|chart|encounter|visit|case|accession|passport|licen[cs]e|vin|device|serial|record|number|no|nr) /, row("identifier", "id", "strong")],
  [/ (?:\w*name|patient|person|guarantor|insured|contact|spouse|mother|father|kin|nok|wife|husband|relative|guardian) /, row("name", "person", "strong")],
  [/ (?:date|time|day|admitted|discharged|died|death)\w* /, row("date", "date", "medium")],
];
