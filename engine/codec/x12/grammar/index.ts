// Facts of X12, read at first use. They belong to the validator, to lint and to tools, and are not linked into the isolate; it is given
// the facts of a channel's transaction sets, and reads them by source.ts.
import { grammars } from "./transactions.ts";

export { compositeDefinition, elementDefinition, nameOf, segmentDefinition, segmentIds } from "./definitions.ts";
export { type Asked, type Facts, type Grammars, grammarsOf } from "./source.ts";
export type * from "./structure.ts";
export { facts } from "./transactions.ts";

export const { transactionFor, transactions } = grammars;
