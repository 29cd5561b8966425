import type { Place } from "../outline.ts";
import { differ, sum } from "./amount.ts";
import type { Ledger } from "./ledger.ts";

/**
 * The amounts of one 835: of each service line, of each claim, of the payment. What is charged less what is adjusted is what is paid; what is
 * paid to the claims less the adjustments of the provider is the payment. Exact, to the last place given.
 */
export function balancePayment(set: Place, ledger: Ledger): void {
  const claims = ledger.inside(set, "2000").flatMap((header) => ledger.inside(header, "2100"));
  for (const claim of claims) balanceClaim(set, claim, ledger);
  const [payment] = ledger.own(set, "BPR");
  if (payment === undefined) return;
  const paid = sum(claims.map((claim) => ledger.amount(claim.start, 4)));
  const withheld = sum(ledger.own(set, "PLB").flatMap((at) => [4, 6, 8, 10, 12, 14].map((element) => ledger.amount(at, element))));
  if (paid === undefined || withheld === undefined) return;
  // BPR03 D: money comes back from the provider.
  const due = ledger.text(payment, 3) === "D" ? withheld - paid : paid - withheld;
  if (differ(ledger.amount(payment, 2), due)) ledger.unequal("X12-301", set, payment, 2);
}

function balanceClaim(set: Place, claim: Place, ledger: Ledger): void {
  const lines = ledger.inside(claim, "2110");
  for (const line of lines) {
    const adjusted = ledger.adjustments([line]);
    if (differ(sum([ledger.amount(line.start, 2), negative(adjusted)]), ledger.amount(line.start, 3))) ledger.unequal("X12-303", set, line.start, 3);
  }
  const charged = ledger.amount(claim.start, 3);
  if (differ(sum([charged, negative(ledger.adjustments([claim, ...lines]))]), ledger.amount(claim.start, 4))) ledger.unequal("X12-302", set, claim.start, 4);
  if (lines.length > 0 && differ(sum(lines.map((line) => ledger.amount(line.start, 2))), charged)) ledger.unequal("X12-304", set, claim.start, 3);
}

function negative(amount: bigint | undefined): bigint | undefined {
  return amount === undefined ? undefined : -amount;
}
