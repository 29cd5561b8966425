import { purposeOf, purposes, type Purpose } from "../console/purposes.ts";
import type { Call } from "./command.ts";

export const unmaskFlags = { unmask: { type: "boolean" }, purpose: { type: "string" } } as const;

const plain = "TREAT (treatment), HPAYMT (payment), HOPERAT (operations), PUBHLTH (public-health), PATRQT (patient), HSYSADMIN (system)";

/** The purpose for which contents are wanted in the clear; `undefined`: masked. A text says what is wrong with the flags. */
export async function wantedPurpose({ flags, terminal }: Call): Promise<{ readonly purpose?: Purpose } | string> {
  if (flags["purpose"] !== undefined) {
    const purpose = purposeOf(flags["purpose"]);
    return purpose === undefined ? `a purpose is one of ${plain}` : { purpose };
  }
  if (flags["unmask"] !== true) return {};
  if (!terminal.ask) return `--unmask needs a --purpose, one of ${plain}; the access is recorded`;
  const said = await terminal.ask(`For which purpose? The access is recorded. ${purposes.join(", ")}`, "none");
  const purpose = purposeOf(said);
  return purpose === undefined ? `a purpose is one of ${plain}` : { purpose };
}
