import type { IcalMessage } from "../message.ts";

/** A period in UTC, as DATE-TIME. */
export interface Busy {
  readonly type: "FREE" | "BUSY" | "BUSY-UNAVAILABLE" | "BUSY-TENTATIVE";
  readonly start: string;
  readonly end: string;
}

interface Head {
  readonly uid: string;
  readonly stamp: string;
  /** Periods that touch or overlap become one, so that nobody counts what is behind them. */
  readonly isMerged: boolean;
  readonly owner?: { readonly address: string; readonly name: string | undefined } | undefined;
}

const types = ["BUSY", "BUSY-UNAVAILABLE", "BUSY-TENTATIVE", "FREE"] as const;

/** A VFREEBUSY with its periods by type and time (RFC 5545 3.6.4). */
export function addFreeBusy(calendar: IcalMessage, periods: readonly Busy[], { uid, stamp, isMerged, owner }: Head): void {
  const component = calendar.all("VCALENDAR")[0]?.addComponent("VFREEBUSY");
  if (component === undefined) return;
  component.add("UID", uid).add("DTSTAMP", stamp);
  // Written alike, so order of text is order of time.
  const sorted = periods.toSorted((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  const [first] = sorted;
  const last = sorted.map(({ end }) => end).sort().at(-1);
  if (first !== undefined && last !== undefined) component.add("DTSTART", first.start).add("DTEND", last);
  if (owner) component.add("ORGANIZER", owner.address, owner.name === undefined ? {} : { CN: owner.name });
  for (const type of types) {
    const own = sorted.filter((each) => each.type === type);
    const kept = isMerged ? merged(own) : own;
    if (kept.length > 0) component.add("FREEBUSY", kept.map(({ start, end }) => `${start}/${end}`), { FBTYPE: type });
  }
}

function merged(sorted: readonly Busy[]): Busy[] {
  const out: Busy[] = [];
  for (const each of sorted) {
    const before = out.at(-1);
    if (before !== undefined && each.start <= before.end) out[out.length - 1] = { ...before, end: each.end > before.end ? each.end : before.end };
    else out.push(each);
  }
  return out;
}
