// Facts of X12, read at first use. They belong to the validator, to lint and to tools, and are not linked into the isolate.
export { compositeDefinition, elementDefinition, nameOf, segmentDefinition, segmentIds } from "./definitions.ts";
export type * from "./structure.ts";
export { type Asked, transactionFor, transactions } from "./transactions.ts";
