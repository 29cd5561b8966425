import type { Found } from "../boundary.ts";
import { compartmentOfDiagnosis, type Meaning, meaningOfCode } from "./tables.ts";

/** What a labeller has seen so far of one message, or of one resource of it. It only grows: nothing that is seen lowers what was seen before. */
export class Seen {
  readonly compartments = new Set<string>();
  readonly obligations = new Set<string>();
  purposes: readonly string[] | undefined;
  /** Somebody restricts it, and a compartment has to say why. */
  restricted = false;
  /** Something restricts it in a way that nobody here knows or can keep. */
  unknown = false;

  word(code: string): void {
    const meaning = meaningOfCode(code);
    if (meaning) this.#add(meaning);
    else this.unknown = true;
  }

  /** A field that holds other things as well: what is no known word says nothing. */
  hint(code: string): void {
    const meaning = meaningOfCode(code);
    if (meaning) this.#add(meaning);
  }

  diagnosis(code: string): void {
    const compartment = compartmentOfDiagnosis(code);
    if (compartment !== undefined) this.compartments.add(compartment);
  }

  purpose(codes: readonly string[]): void {
    const known = this.purposes;
    this.purposes = known ? known.filter((each) => codes.includes(each)) : codes;
  }

  /** A part, judged by itself: a compartment elsewhere does not say why this one is restricted. */
  include(part: Seen): void {
    for (const each of part.compartments) this.compartments.add(each);
    for (const each of part.obligations) this.obligations.add(each);
    if (part.purposes) this.purpose(part.purposes);
    this.unknown ||= part.found().unknown;
  }

  found(): Found {
    return {
      compartments: [...this.compartments], obligations: [...this.obligations], unknown: this.unknown || (this.restricted && this.compartments.size === 0),
      ...(this.purposes && { purposes: this.purposes }),
    };
  }

  #add({ compartments, obligations, restricted, closed }: Meaning): void {
    for (const each of compartments) this.compartments.add(each);
    for (const each of obligations) this.obligations.add(each);
    this.restricted ||= restricted;
    this.unknown ||= closed;
  }
}
