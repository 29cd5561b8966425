export { type ClinicalResult, clinicalResults } from "./results.ts";
export { type CriticalOptions, type CriticalWhy, whyCritical } from "./critical.ts";
