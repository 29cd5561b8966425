/** A time zone, as far as it is asked: seconds east of UTC at an instant (seconds since 1970). */
export interface Zone {
  offsetAt(instant: number): number;
}

/** Zones by TZID; undefined for a name that nobody defines. */
export type Zones = (tzid: string) => Zone | undefined;

export const utc: Zone = Object.freeze({ offsetAt: () => 0 });

const day = 86_400;

/**
 * The instant of a local time by RFC 5545 3.3.5: one that does not occur is read with the offset before the gap; of one that occurs twice the first is
 * meant.
 */
export function instantOf(wall: number, zone: Zone): number {
  const before = zone.offsetAt(wall - day);
  const after = zone.offsetAt(wall + day);
  if (before === after && zone.offsetAt(wall - before) === before) return wall - before;
  const fitting = [before, after, zone.offsetAt(wall - before), zone.offsetAt(wall - after)].filter((offset) => zone.offsetAt(wall - offset) === offset);
  return fitting.length === 0 ? wall - before : wall - Math.max(...fitting);
}

export function wallOf(instant: number, zone: Zone): number {
  return instant + zone.offsetAt(instant);
}
