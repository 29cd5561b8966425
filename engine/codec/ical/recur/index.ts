export { momentIn } from "./moment.ts";
export { refuseOtherZone } from "./other-zone.ts";
export { ianaZones } from "./iana.ts";
export type { Moment } from "./moment.ts";
export { type Occurrence, occurrences, type Window } from "./series.ts";
export { writeWhen } from "./times.ts";
export type { Zone, Zones } from "./zone.ts";
