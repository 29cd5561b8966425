import { dateIn } from "./dates.ts";
import { qualified } from "./ids.ts";

/** The patient of a message: what it is known by, the same in every format, and the birth date as `YYYY[MM[DD]]`. */
export interface Patient {
  readonly patient?: string;
  readonly birth?: string;
}

/** What formats found of a patient. The id is compared as it stands, without the white space around it, and beside it who gave it. */
export function patientFrom(id: string | undefined, assigner: string, birthDate: string | undefined): Patient {
  const patient = id === undefined ? undefined : qualified(id, assigner);
  const birth = birthDate === undefined ? undefined : birthDigits(birthDate);
  return { ...(patient && { patient }), ...(birth !== undefined && { birth }) };
}

/** `19800102`, `198001` or `1980`. */
function birthDigits(value: string): string | undefined {
  const date = dateIn(value);
  if (!date) return undefined;
  const two = (part: number | undefined) => (part === undefined ? "" : String(part).padStart(2, "0"));
  return `${date.year}${two(date.month)}${two(date.day)}`;
}
