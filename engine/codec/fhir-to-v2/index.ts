export { backTables, type BackParts } from "./merge.ts";
export { BackMapper, type MappedBack } from "./mapper.ts";
export type { BackOptions, BackTables } from "./tables.ts";
