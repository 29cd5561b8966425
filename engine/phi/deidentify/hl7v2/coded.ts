import { codeSystem, isOfDrugs } from "../code-systems.ts";
import type { SystemCode } from "../observations.ts";
import { part, pieceOf, type Repetition } from "./piece.ts";
import { sets } from "./table.ts";

/**
 * CE, CNE, CWE and the plain types of codes: the code and the name of its system where the system is a public one, and a value of the field's own set.
 * Codes of drugs stand in fields of drugs (`isDrug`) alone. Texts, versions and what the sender wrote (components 2, 5, 7 to 9) never stay.
 */
export function codeOf(repetition: Repetition, set: string, isDrug = false): Repetition | undefined {
  const [first, second] = [known(repetition, 1, isDrug), known(repetition, 4, isDrug)];
  const [own, system] = first ?? [];
  const plain = own ?? (sets.get(set)?.has(part(repetition, 1)) ? part(repetition, 1) : undefined);
  return pieceOf(plain, undefined, system, second?.[0], undefined, second?.[1]);
}

/** Codes of public systems in a coded value. */
export function publicCodes(repetition: Repetition): readonly SystemCode[] {
  return [known(repetition, 1), known(repetition, 4)].flatMap((each) => (each ? [each] : []));
}

/** Code and system of a triplet that begins at a component. */
function known(repetition: Repetition, at: 1 | 4, isDrug = false): SystemCode | undefined {
  const code = part(repetition, at);
  const system = codeSystem(code, part(repetition, at + 2));
  return system === undefined || (isOfDrugs(system) && !isDrug) ? undefined : [code, system];
}
