export { Mapper, type Mapped } from "./mapper.ts";
export { mapTables, type Parts } from "./merge.ts";
export type { MapOptions, MapTables } from "./tables.ts";
