import { type Disclosure, Pairing } from "./disclosure.ts";
import type { AgreementNote, PartnerNote } from "../store/ledger/notice.ts";
import type { Entry } from "./entries.ts";

/** What left for a partner in one month under one agreement. */
export interface Passage {
  readonly month: string;
  readonly agreement?: string;
  readonly basis?: string;
  readonly purpose?: string;
  readonly level: string;
  readonly compartments: readonly string[];
  readonly count: number;
  readonly assumed: number;
  readonly first: string;
  readonly last: string;
  /** Of disclosures whose intent stands on a day outside of the agreement, by what is known of it. */
  readonly outside: number;
  readonly breakGlass: number;
}

export interface Counted {
  readonly code: string;
  readonly rule?: string;
  readonly count: number;
  readonly first: string;
  readonly last: string;
}

/** An agreement as the ledger knew it, and since when. */
export interface KnownSince extends AgreementNote {
  readonly since: string;
}

/** The evidence about one partner (phi.md 5.4). */
export interface Evidence {
  readonly partner: string;
  readonly legalName?: string;
  readonly address?: string;
  readonly kind?: string;
  readonly from: string;
  readonly to: string;
  readonly passages: readonly Passage[];
  /** Months between the first and the last in which nothing left. */
  readonly gaps: readonly string[];
  readonly agreements: readonly KnownSince[];
  readonly denied: readonly Counted[];
  readonly withheld: readonly Counted[];
  /** Intents of which nobody knows what became of them: lines of the ledger. */
  readonly unknown: readonly number[];
  readonly policies: readonly { readonly policy: string; readonly since: string }[];
  readonly egressMaps: readonly { readonly sha256: string; readonly since: string }[];
  /** Looks at, and exports of, messages that were meant for this partner. */
  readonly accesses: readonly { readonly at: string; readonly as: string; readonly purpose: string; readonly user?: string; readonly account?: number; readonly count: number }[];
  readonly patients: number;
}

/** Lines of unknown ends that are told one by one. */
const mostUnknown = 1000;

/** Reads a ledger once. Times are ISO 8601; `to` is not included. Distinct patients are counted by their hashes. */
export async function evidence(entries: AsyncIterable<Entry>, asked: { readonly partner: string; readonly from: string; readonly to: string }): Promise<Evidence> {
  const { partner, from, to } = asked;
  const pairing = new Pairing();
  const passages = new Map<string, { -readonly [K in keyof Passage]: Passage[K] }>();
  const agreements = new Map<string, KnownSince>();
  const denied = new Counters();
  const withheld = new Counters();
  const policies = new Map<string, string>();
  const maps = new Map<string, string>();
  const accesses = new Map<string, { at: string; as: string; purpose: string; user?: string; account?: number; count: number }>();
  const messages = new Set<number>();
  const patients = new Set<string>();
  let known: PartnerNote | undefined;
  const isIn = (at: string) => at >= from && at < to;
  const passed = (disclosure: Disclosure) => {
    const { intent, reach } = disclosure;
    if (reach === "not" || !isIn(intent.at)) return;
    for (const { ids } of intent.patients ?? []) if (ids[0] !== undefined) patients.add(ids[0]);
    for (const policy of intent.policies ?? []) if (!policies.has(policy)) policies.set(policy, intent.at);
    addTo(passages, disclosure, agreements.get(disclosure.agreement ?? ""));
  };
  for await (const entry of entries) {
    if (entry.kind === "configuration") {
      known = entry.partners?.find(({ name }) => name === partner) ?? known;
      for (const each of known?.agreements ?? []) {
        const before = agreements.get(each.id);
        if (before === undefined || before.expires !== each.expires || before.terminated !== each.terminated) agreements.set(each.id, { ...each, since: entry.at });
      }
      for (const policy of entry.policies ?? []) if (entry.at < to && !policies.has(policy)) policies.set(policy, entry.at);
      if (entry.at < to && entry.egressMap !== undefined && [...maps.keys()].at(-1) !== entry.egressMap) maps.set(entry.egressMap, entry.at);
      continue;
    }
    if (entry.kind === "access" && isIn(entry.at) && messages.has(entry.message ?? -1)) {
      const { at, as = "", purpose = "", user, account } = entry;
      const name = JSON.stringify([at.slice(0, 10), as, purpose, user, account]);
      const same = accesses.get(name);
      if (same) same.count++;
      else accesses.set(name, { at, as, purpose, count: 1, ...(user !== undefined && { user }), ...(account !== undefined && { account }) });
      continue;
    }
    if (entry.kind === "denied" && entry.partner === partner && isIn(entry.at)) denied.add(entry);
    if (entry.kind === "withheld" && entry.partner === partner && isIn(entry.at)) withheld.add(entry);
    if ((entry.kind === "intent" || entry.kind === "answer" || entry.kind === "ask") && entry.partner !== partner) continue;
    if (entry.kind === "intent" && entry.message !== undefined) messages.add(entry.message);
    const disclosure = pairing.take(entry);
    if (disclosure) passed(disclosure);
  }
  const open = pairing.rest();
  for (const each of open) passed(each);
  const all = [...passages.values()].toSorted((a, b) => (a.month === b.month ? (a.first < b.first ? -1 : 1) : a.month < b.month ? -1 : 1));
  return {
    partner, from, to, passages: all, gaps: gapsIn(all.map(({ month }) => month)), agreements: [...agreements.values()], denied: denied.all, withheld: withheld.all,
    unknown: open.filter(({ intent }) => isIn(intent.at)).slice(0, mostUnknown).map(({ intent }) => intent.n),
    policies: [...policies].map(([policy, since]) => ({ policy, since })), egressMaps: [...maps].map(([sha256, since]) => ({ sha256, since })), accesses: [...accesses.values()], patients: patients.size,
    ...(known && { kind: known.kind }), ...(known?.legalName !== undefined && { legalName: known.legalName }), ...(known?.address !== undefined && { address: known.address }),
  };
}

function addTo(passages: Map<string, { -readonly [K in keyof Passage]: Passage[K] }>, disclosure: Disclosure, agreement: AgreementNote | undefined): void {
  const { intent, reach, basis, purpose } = disclosure;
  const at = disclosure.outcome?.at ?? intent.at;
  const compartments = intent.compartments ?? [];
  const month = at.slice(0, 7);
  const name = JSON.stringify([month, disclosure.agreement, purpose, intent.level, compartments]);
  let passage = passages.get(name);
  if (!passage) {
    passage = {
      month, level: intent.level ?? "", compartments, count: 0, assumed: 0, first: at, last: at, outside: 0, breakGlass: 0,
      ...(disclosure.agreement !== undefined && { agreement: disclosure.agreement }), ...(basis !== undefined && { basis }), ...(purpose !== undefined && { purpose }),
    };
    passages.set(name, passage);
  }
  passage.count++;
  if (reach === "assumed") passage.assumed++;
  if (disclosure.breakGlass !== undefined) passage.breakGlass++;
  if (agreement && isOutside(agreement, at)) passage.outside++;
  if (at < passage.first) passage.first = at;
  if (at > passage.last) passage.last = at;
}

/** By calendar days in the agreement's own zone, both ends included. */
function isOutside({ effective, expires, terminated, timezone }: AgreementNote, at: string): boolean {
  const day = dayOf(at, timezone);
  const end = terminated ?? expires;
  return day < effective || (end !== undefined && day > end);
}

const formats = new Map<string, Intl.DateTimeFormat>();
const days = new Map<string, string>();

function dayOf(at: string, zone: string): string {
  const name = `${zone} ${at.slice(0, 13)}`;
  let day = days.get(name);
  if (day === undefined) {
    let format = formats.get(zone);
    if (!format) formats.set(zone, (format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone })));
    if (days.size > 10_000) days.clear();
    days.set(name, (day = format.format(new Date(at))));
  }
  return day;
}

class Counters {
  readonly #by = new Map<string, { code: string; rule?: string; count: number; first: string; last: string }>();

  add({ code = "", rule, at }: Entry): void {
    const name = `${code} ${rule ?? ""}`;
    const same = this.#by.get(name);
    if (!same) this.#by.set(name, { code, count: 1, first: at, last: at, ...(rule !== undefined && { rule }) });
    else {
      same.count++;
      same.last = at;
    }
  }

  get all(): readonly Counted[] {
    return [...this.#by.values()].toSorted((a, b) => b.count - a.count);
  }
}

function gapsIn(months: readonly string[]): readonly string[] {
  const [first, last] = [months[0], months.at(-1)];
  const gaps: string[] = [];
  for (let month = first; month !== undefined && last !== undefined && month < last; month = nextMonth(month)) if (!months.includes(month)) gaps.push(month);
  return gaps;
}

function nextMonth(month: string): string {
  const [year = 0, number = 0] = month.split("-").map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, "0")}`;
}
