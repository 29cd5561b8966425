import type { Zone, Zones } from "./zone.ts";
import { dayOf } from "./times.ts";

/**
 * Zones of the IANA database as `Intl` knows it, which the isolate has too. A name may have a prefix that its sender made globally unique
 * (`/example.org/2026/Europe/Berlin`, RFC 5545 3.2.19).
 */
export function ianaZones(): Zones {
  const known = new Map<string, Zone | undefined>();
  return (tzid) => {
    if (!known.has(tzid)) known.set(tzid, zoneNamed(tzid));
    return known.get(tzid);
  };
}

function zoneNamed(tzid: string): Zone | undefined {
  if (!/^\/?[A-Za-z0-9_+./-]{1,128}$/.test(tzid)) return undefined;
  const parts = tzid.split("/").filter((part) => part !== "");
  const names = tzid.startsWith("/") ? [3, 2, 1].filter((n) => n <= parts.length).map((n) => parts.slice(-n).join("/")) : [tzid];
  // An offset such as +01:00 is no name of a zone here, though Intl takes it.
  for (const name of names) {
    const zone = /^[A-Za-z]/.test(name) ? formatted(name) : undefined;
    if (zone) return zone;
  }
  return undefined;
}

function formatted(timeZone: string): Zone | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone, calendar: "gregory", numberingSystem: "latn", hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric", era: "short",
    });
  } catch {
    return undefined;
  }
  return {
    offsetAt(instant) {
      // Beyond what a Date holds the zone is as at its end.
      const at = Math.min(Math.max(instant, -8.64e12), 8.64e12);
      const parts: Record<string, string> = {};
      for (const { type, value } of format.formatToParts(new Date(at * 1000))) parts[type] = value;
      const of = (name: string) => Number(parts[name] ?? 0);
      const year = parts["era"]?.startsWith("B") ? 1 - of("year") : of("year");
      return dayOf(year, of("month"), of("day")) * 86_400 + of("hour") * 3600 + of("minute") * 60 + of("second") - at;
    },
  };
}
