// What a transaction set of X12 is made of, as one implementation convention uses it. Facts of schemas/x12/transactions, read by transaction.ts.

/** R: must be there. S: may be there. N: the convention does not use it. */
export type Usage = "R" | "S" | "N";

export interface Transaction {
  /** Our short name: `837P`, `270`, `278Q` (request), `278A` (answer). */
  readonly key: string;
  /** ST01: `837`. */
  readonly id: string;
  /** `005010` or `004010`; chooses the definitions of segments and elements. */
  readonly version: string;
  /** GS08 (and ST03 from 5010 on), the newest first: `005010X222A1`. */
  readonly conventions: readonly string[];
  /** GS01: `HC`. */
  readonly group: string;
  readonly name: string;
  /** BHT02 or BPR… where one convention serves two structures (278): values of that element that choose this one. */
  readonly chosenBy?: Choice & { readonly segment: string };
  /** ST to SE, both included as segments of it. Its id is `ST`. */
  readonly root: Loop;
  /** Every use of each segment in it, its loops begun included, by the segment's id. */
  readonly uses: ReadonlyMap<string, readonly SegmentUse[]>;
}

/**
 * A loop begins with its first child, which is always a segment; a loop that is present has it once. Children come in the order of `position`;
 * children of one position (the uses of one segment next to each other, loops that begin with the same segment) come in any order.
 */
export interface Loop {
  readonly kind: "loop";
  /** As companion guides name it: `2010AA`; `ST` for the whole. */
  readonly id: string;
  readonly name: string;
  readonly usage: Usage;
  /** Times within the one that holds it; Infinity where the convention sets no end. */
  readonly max: number;
  readonly position: number;
  readonly children: readonly (Loop | SegmentUse)[];
}

/** One use of a segment in a loop: the same segment id may have several, told apart by `chosenBy`. */
export interface SegmentUse {
  readonly kind: "segment";
  /** `NM1`. */
  readonly id: string;
  readonly name: string;
  readonly usage: Usage;
  readonly max: number;
  readonly position: number;
  /** All must hold for a segment to be this use; empty: its id alone tells. Another value is another use (or no use at all), not a wrong code. */
  readonly chosenBy: readonly Choice[];
  /** What the convention says beyond the definition of the segment. An element that is not listed stays as the segment's definition has it. */
  readonly elements: readonly ElementUse[];
}

export interface Choice {
  /** From 1: NM101 is 1. */
  readonly element: number;
  /** From 1 in a composite; 0 for the element as a whole. */
  readonly component: number;
  readonly codes: readonly string[];
}

export interface ElementUse {
  readonly element: number;
  readonly component: number;
  readonly usage: Usage;
  /** The convention allows these alone; `undefined` where we state none. Of a chosenBy element: the same codes. */
  readonly codes?: readonly string[];
}

/** A segment as the standard defines it, whatever the convention. */
export interface SegmentDefinition {
  readonly id: string;
  readonly name: string;
  /** By number: [0] is element 01. */
  readonly elements: readonly PartDefinition[];
  readonly notes: readonly RelationalNote[];
}

/** An element of a segment, or a component of a composite. */
export interface PartDefinition {
  /** Data element number (`1035`) or composite id (`C003`). */
  readonly number: string;
  /** M mandatory, O optional, X as the notes say. */
  readonly usage: "M" | "O" | "X";
  /** Most times, divided by the repetition separator; 1 for nearly all. */
  readonly repeat: number;
}

/**
 * P: if one is there, all are. R: at least one is. E: at most one is. C: if the first is there, all others are. L: if the first is there, at
 * least one other is.
 */
export interface RelationalNote {
  readonly kind: "P" | "R" | "E" | "C" | "L";
  readonly elements: readonly number[];
}

export interface CompositeDefinition {
  /** `C003`. */
  readonly id: string;
  readonly name: string;
  readonly components: readonly PartDefinition[];
  readonly notes: readonly RelationalNote[];
}

export interface ElementDefinition {
  /** Data element number: `1035`. */
  readonly number: string;
  /** In our words: `Name last or organization`. */
  readonly name: string;
  /** N0..N9: a number with that many implied decimals. R: a decimal number. */
  readonly type: "AN" | "ID" | "R" | "DT" | "TM" | "B" | `N${number}`;
  /** Characters; of a number the digits, without sign and point. */
  readonly min: number;
  readonly max: number;
  /** Values of the data element, where they are few and the same everywhere (CAS group codes). */
  readonly codes?: readonly string[];
}
