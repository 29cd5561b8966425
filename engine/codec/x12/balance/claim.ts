import type { Place } from "../outline.ts";
import { type Amount, differ, sum } from "./amount.ts";
import type { Ledger } from "./ledger.ts";

/** Where each kind of service line has its charge. */
const charges: readonly (readonly [segment: string, element: number])[] = [["SV1", 2], ["SV2", 3], ["SV3", 2]];

/**
 * The amounts of the claims of one 837: the charge of a claim is that of its lines. What another payer decided (5010, loops 2320 and 2430) adds
 * up too: the charge of a line is what he paid for it and adjusted on it; the charge of the claim less all his adjustments is what he paid.
 */
export function balanceClaims(set: Place, ledger: Ledger): void {
  for (const provider of ledger.inside(set, "2000A")) {
    for (const subscriber of ledger.inside(provider, "2000B")) {
      for (const holder of [subscriber, ...ledger.inside(subscriber, "2000C")]) for (const claim of ledger.inside(holder, "2300")) balanceClaim(set, claim, ledger);
    }
  }
}

interface Line {
  readonly charge: Amount | undefined;
  /** 2430: what each payer decided on it. */
  readonly decided: ByPayer;
}

interface Decision {
  readonly at: number;
  readonly payer: string;
  readonly paid: Amount | undefined;
  readonly adjusted: Amount | undefined;
}

type ByPayer = ReadonlyMap<string, readonly Decision[]>;

function balanceClaim(set: Place, claim: Place, ledger: Ledger): void {
  const lines = ledger.inside(claim, "2400").map((line) => lineOf(line, ledger));
  const charged = ledger.amount(claim.start, 2);
  if (lines.length > 0 && differ(sum(lines.map(({ charge }) => charge)), charged)) ledger.unequal("X12-311", set, claim.start, 2);
  for (const { charge, decided } of lines) {
    for (const own of decided.values()) {
      if (differ(sum(own.flatMap(({ paid, adjusted }) => [paid, adjusted])), charge)) ledger.unequal("X12-312", set, own[0]?.at ?? claim.start, 2);
    }
  }
  const all = byPayer(lines.flatMap(({ decided }) => [...decided.values()].flat()));
  for (const other of ledger.inside(claim, "2320")) otherPayer(set, other, charged, all, ledger);
}

/** AMT*D of 2320 against the adjustments of the same payer; where he gave none at all, there is nothing to add up. */
function otherPayer(set: Place, other: Place, charged: Amount | undefined, decided: ByPayer, ledger: Ledger): void {
  const [payer] = ledger.inside(other, "2330B").flatMap((name) => ledger.own(name, "NM1")).map((at) => ledger.text(at, 9));
  const paid = ledger.own(other, "AMT").find((at) => ledger.text(at, 1) === "D");
  if (paid === undefined) return;
  const own = payer === undefined ? [] : (decided.get(payer) ?? []);
  if (own.length === 0 && ledger.own(other, "CAS").length === 0) return;
  const adjusted = sum([ledger.adjustments([other]), ...own.map((each) => each.adjusted)]);
  if (charged === undefined || adjusted === undefined) return;
  if (differ(charged - adjusted, ledger.amount(paid, 2))) ledger.unequal("X12-313", set, paid, 2);
}

function lineOf(line: Place, ledger: Ledger): Line {
  const [charge] = charges.flatMap(([id, element]) => ledger.own(line, id).map((at) => ledger.amount(at, element)));
  const decided = ledger.inside(line, "2430").map((each) => ({
    at: each.start,
    payer: ledger.text(each.start, 1),
    paid: ledger.amount(each.start, 2),
    adjusted: ledger.adjustments([each]),
  }));
  return { charge, decided: byPayer(decided) };
}

/** In order of the text. */
function byPayer(decisions: readonly Decision[]): ByPayer {
  const all = new Map<string, Decision[]>();
  for (const each of decisions) {
    const own = all.get(each.payer);
    if (own === undefined) all.set(each.payer, [each]);
    else own.push(each);
  }
  return all;
}
