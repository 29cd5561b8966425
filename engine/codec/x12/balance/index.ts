import type { ElementFault } from "../check/fault.ts";
import type { X12Message } from "../message.ts";
import { balanceClaims } from "./claim.ts";
import { Ledger } from "./ledger.ts";
import { balancePayment } from "./payment.ts";

/**
 * What does not add up (SNIP level 4): payments of the 835, totals and coordination of benefits of the 837. Only where the loops of a transaction
 * set are known, and only what all its parts can be read of.
 */
export function balanceFaults(message: X12Message): readonly ElementFault[] {
  const sets = message.envelopes("ST");
  if (sets.length === 0) return [];
  const ledger = new Ledger(message);
  for (const set of sets) {
    const id = ledger.text(set.start, 1);
    if (id === "835") balancePayment(set, ledger);
    else if (id === "837") balanceClaims(set, ledger);
  }
  return ledger.faults;
}
