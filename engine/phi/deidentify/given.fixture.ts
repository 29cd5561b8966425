import { parseHl7 } from "../../codec/index.ts";
import { mint } from "../testing/given.ts";
import type { DeidentifyContext } from "./context.ts";
import { hl7v2 } from "./hl7v2/index.ts";

export type Given = Partial<DeidentifyContext>;

/** The day of all these tests. */
export const now = Date.UTC(2026, 10, 22, 12);

export function context(over: Given = {}): DeidentifyContext {
  return { spec: { method: "safe-harbor", dates: "year", ids: "surrogate" }, owner: "northside", partner: "acme", now, mint, ...over };
}

/** A message of HL7 v2, de-identified as it came. */
export function lowered(text: string, over: Given = {}): string {
  return hl7v2.deidentify(text, context({ ...hl7v2.patientOf(parseHl7(text)), ...over }));
}
