export * from "./alerts.ts";
export * from "./cases.ts";
export { caseFileName, readCaseFile } from "./case-file.ts";
export { type CaseFacts, caseFacts } from "./facts.ts";
export { type CasesOptions, openCases } from "./sqlite-cases.ts";
export { trialAlerts, trialCases } from "./trial-cases.ts";
export { WorkBook } from "./work-book.ts";
