// What may become of a value. Each is pure over the value and the context of its message (`context.ts`), and gives nothing where nothing may stand.
// The other actions of the tables need no code: `rm` and `text` (free text, phi.md 2.9) drop, `new` is a value of the engine's own.
export { age } from "./ages.ts";
export { codeSystem } from "./code-systems.ts";
export { date, type DateRole, latestOf, year } from "./dates.ts";
export { fresh, id, type IdKind } from "./ids.ts";
export { type ObservationRole, observationRole } from "./observations.ts";
export { number, range, units } from "./plain-values.ts";
export { countryIn, stateIn, town } from "./places.ts";
export { zip3, zip5 } from "./zip3.ts";
