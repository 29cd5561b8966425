export { Definitions } from "./definitions.ts";
export type { Focus, Options } from "./run.ts";
export type { BaseTable, ProfileTable } from "./tables.ts";
export { validateNode } from "./validate.ts";
