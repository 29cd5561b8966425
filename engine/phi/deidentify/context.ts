import type { DeidentifySpec } from "../../config/project.ts";
import type { Mint } from "../boundary.ts";

/** What an action needs to know beside the value. Plain data of one message and one destination. */
export interface DeidentifyContext {
  readonly spec: Pick<DeidentifySpec, "method" | "dates" | "ids">;
  /** Covered entities whose patients these are: the vault and its keys are apart for each. */
  readonly owner: string;
  /** Who would get it: surrogates, pseudonyms and shifts are another for each. */
  readonly partner: string;
  /** What the message knows the patient by; absent: nothing that a shift could follow. */
  readonly patient?: string;
  /** The patient's birth date as far as known, `YYYY[MM[DD]]`. */
  readonly birth?: string;
  /** The latest date of the record, `YYYYMMDD`: ages count from it or from now, whichever is later. */
  readonly latest?: string;
  /** Words of the names of the message's persons, in small letters: where a town may stand, none of them does by itself. */
  readonly names?: ReadonlySet<string>;
  /** Wall clock in ms. */
  readonly now: number;
  readonly mint: Mint;
}

/** Of a message about several patients: what follows is about this one. */
export function about(context: DeidentifyContext, patient: string | undefined, birth: string | undefined): DeidentifyContext {
  const { patient: _, birth: __, ...rest } = context;
  return { ...rest, ...(patient !== undefined && { patient }), ...(birth !== undefined && { birth }) };
}
