import type { Asked } from "./grammar/source.ts";
import type { Transaction } from "./grammar/structure.ts";

export type { Loop, SegmentUse, Transaction } from "./grammar/structure.ts";

/** Where a message finds the grammar of its transaction sets. The tables are large, so that a message can be read without them: by segments alone. */
export type GrammarSource = (asked: Asked) => Transaction | undefined;
