import { EngineError } from "../../../sdk/error.ts";
import type { Moment } from "./moment.ts";
import type { Zones } from "./zone.ts";

/** A zone under a name of the IANA database that is defined otherwise there: at this moment the two differ, and nobody can say which one the sender's clock shows. Throws `ICS-305`. */
export function refuseOtherZone({ tzid, zone, instant }: Pick<Moment, "tzid" | "zone" | "instant">, iana: Zones): void {
  if (tzid === undefined || tzid === "UTC") return;
  const known = iana(tzid);
  if (known !== undefined && known.offsetAt(instant) !== zone.offsetAt(instant)) throw new EngineError("ICS-305");
}
