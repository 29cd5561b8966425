import { EngineError } from "../../../sdk/error.ts";
import type { IcalComponent } from "../message.ts";
import { readWhen, type When } from "./times.ts";
import { instantOf, utc, type Zone, type Zones, wallOf } from "./zone.ts";

/** A DATE or DATE-TIME with the zone that it is read in. */
export interface Moment extends When {
  /** TZID as it is written; `UTC`; undefined for a date or a floating time. */
  readonly tzid: string | undefined;
  readonly zone: Zone;
  /** Seconds since 1970; of a date its first. */
  readonly instant: number;
}

/** Zones by name, and the zone of times and dates that name none. */
export interface Clocks {
  readonly zones: Zones;
  readonly floating: Zone;
}

export function momentAt(when: When, tzid: string | undefined, zone: Zone): Moment {
  return { ...when, tzid, zone, instant: instantOf(when.wall, zone) };
}

/** The zone of a time. `ICS-302` for a TZID that nobody defines. */
export function zoneFor(when: When, tzid: string | undefined, { zones, floating }: Clocks): { readonly tzid: string | undefined; readonly zone: Zone } {
  if (when.isUtc) return { tzid: "UTC", zone: utc };
  if (when.isDate || tzid === undefined) return { tzid: undefined, zone: floating };
  const zone = zones(tzid);
  if (zone === undefined) throw new EngineError("ICS-302");
  return { tzid, zone };
}

export function momentOf(text: string, tzid: string | undefined, clocks: Clocks): Moment | undefined {
  const when = readWhen(text);
  if (when === undefined) return undefined;
  const found = zoneFor(when, tzid, clocks);
  return momentAt(when, found.tzid, found.zone);
}

/** A property of one time; undefined when there is none, or none that can be read. */
export function momentIn(component: IcalComponent, name: string, clocks: Clocks): Moment | undefined {
  return momentOf(component.get(name), component.get(`${name};TZID`) || undefined, clocks);
}

/** The same instant on the clock of another moment. */
export function onClockOf(moment: Moment, other: Moment): number {
  return moment.isDate || moment.zone === other.zone ? moment.wall : wallOf(moment.instant, other.zone);
}
