import { type Disclosure, Pairing } from "./disclosure.ts";
import type { PartnerNote } from "../store/ledger/notice.ts";
import type { Entry } from "./entries.ts";
import { exemptionOf } from "./exemption.ts";

/** Repeated disclosures to one recipient for one purpose, as 164.528(b)(3) lets them be summarised. */
export interface Accounted {
  readonly recipient: string;
  readonly legalName?: string;
  readonly address?: string;
  readonly purpose?: string;
  readonly basis?: string;
  /** Brief description: types of message, or fields of a closed list. */
  readonly what: readonly string[];
  readonly first: string;
  readonly last: string;
  readonly count: number;
  /** Of which nobody knows whether they arrived. */
  readonly assumed: number;
  /** Why an accounting leaves it out; absent: it belongs in. */
  readonly exempt?: string;
}

export interface Accounting {
  readonly from: string;
  readonly to: string;
  readonly disclosures: readonly Accounted[];
  /** Disclosures that the law leaves out, and that `disclosures` does not hold. */
  readonly leftOut: number;
  /** Others in this time that named more patients than the ledger holds one by one: they may be about this one too. */
  readonly notAllNamed: number;
  /** Others in this time of which the ledger does not know whom they are about. */
  readonly noneNamed: number;
}

/**
 * The accounting of disclosures of one patient (45 CFR 164.528): six years unless another period is given, what is exempt left out unless `all`.
 * What may be about the patient without naming them is counted.
 * `patient`: the id's keyed hash. Times are ISO 8601; `to` is not included.
 */
export async function accounting(entries: AsyncIterable<Entry>, asked: { readonly patient: string; readonly from: string; readonly to: string; readonly all: boolean }): Promise<Accounting> {
  const pairing = new Pairing();
  const partners = new Map<string, PartnerNote>();
  const groups = new Map<string, Disclosure[]>();
  let notAllNamed = 0;
  let noneNamed = 0;
  const isAbout = ({ patients }: Entry) => patients?.some(({ ids }) => ids.includes(asked.patient)) === true;
  const take = (each: Disclosure) => {
    const { intent, reach, purpose, basis } = each;
    if (reach === "not" || intent.inside === true || intent.at < asked.from || intent.at >= asked.to) return;
    const why = exemptionOf(each);
    if (isAbout(intent)) {
      const name = JSON.stringify([intent.partner, purpose, basis, why]);
      const group = groups.get(name);
      if (group) group.push(each);
      else groups.set(name, [each]);
    } else if (asked.all || why === undefined) {
      if (namesSome(intent)) notAllNamed++;
      else noneNamed++;
    }
  };
  for await (const entry of entries) {
    for (const partner of entry.partners ?? []) partners.set(partner.name, partner);
    // Of those about others alone neither intent nor outcome is kept.
    if ((entry.kind === "intent" || entry.kind === "answer" || entry.kind === "ask") && !isAbout(entry) && !isOpen(entry)) continue;
    const disclosure = pairing.take(entry);
    if (disclosure) take(disclosure);
  }
  for (const open of pairing.rest()) take(open);
  const all = [...groups.values()].map((group) => summary(group, partners)).toSorted((a, b) => (a.first < b.first ? -1 : 1));
  const shown = asked.all ? all : all.filter(({ exempt: why }) => why === undefined);
  return { from: asked.from, to: asked.to, disclosures: shown, leftOut: all.filter((each) => !shown.includes(each)).reduce((sum, { count }) => sum + count, 0), notAllNamed, noneNamed };
}

function namesSome({ patients, morePatients }: Entry): boolean {
  return (patients ?? []).length > 0 || (morePatients ?? 0) > 0;
}

/** Whether it may be about somebody whom it does not name. */
function isOpen(entry: Entry): boolean {
  return (entry.morePatients ?? 0) > 0 || !namesSome(entry);
}

function summary(group: readonly Disclosure[], partners: ReadonlyMap<string, PartnerNote>): Accounted {
  const [first] = group as readonly [Disclosure, ...Disclosure[]];
  const times = group.map(({ intent, outcome }) => outcome?.at ?? intent.at).toSorted();
  const { intent, purpose, basis } = first;
  const partner = partners.get(intent.partner ?? "");
  const why = exemptionOf(first);
  return {
    recipient: intent.partner ?? "", what: [...new Set(group.map(descriptionOf))].toSorted(), first: times[0] ?? "", last: times.at(-1) ?? "", count: group.length,
    assumed: group.filter(({ reach }) => reach === "assumed").length,
    ...(partner?.legalName !== undefined && { legalName: partner.legalName }), ...(partner?.address !== undefined && { address: partner.address }),
    ...(purpose !== undefined && { purpose }), ...(basis !== undefined && { basis }), ...(why !== undefined && { exempt: why }),
  };
}

function descriptionOf({ intent: { type, fields, kind } }: Disclosure): string {
  const what = fields ? `fields ${fields.join(", ")}` : (type ?? "a message without a type");
  return kind === "answer" || kind === "ask" ? `${kind}: ${what}` : what;
}
