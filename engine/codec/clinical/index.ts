export { type ClinicalResult, clinicalResults } from "./results.ts";
export type { ClinicalDifference } from "./compare.ts";
export { clinicalDifferences, isResultMessage } from "./differences.ts";
export { type CriticalOptions, type CriticalWhy, whyCritical } from "./critical.ts";
