import type { Code } from "../../../sdk/error.ts";

/** What is wrong, by the part of an interchange that its acknowledgement speaks of. Codes and positions alone. */
export type X12Fault = InterchangeFault | GroupFault | SetFault | SegmentFault | ElementFault;

interface Common {
  readonly code: Code;
  /** Index of the segment in the text; of one that is missing, the segment where its absence shows. */
  readonly at: number;
  /** An oddity that does no harm; it stands in no acknowledgement. */
  readonly harmless?: true;
}

/** For TA1. */
export interface InterchangeFault extends Common {
  readonly level: "interchange";
  /** TA105: `001`. */
  readonly note: string;
  readonly element?: number;
}

/** For AK9. */
export interface GroupFault extends Common {
  readonly level: "group";
  /** AK905: `5`. */
  readonly note: string;
  readonly element?: number;
}

/** For IK5, or AK5 of a 997. */
export interface SetFault extends Common {
  readonly level: "set";
  /** IK502: `4`. */
  readonly note: string;
  readonly element?: number;
}

/** What asks for something that is not there, for CTX of a 999. */
export interface Trigger {
  readonly segment: string;
  /** From ST, which is 1. */
  readonly position: number;
  readonly loop: string;
  readonly element: number;
  /** 0: the element as a whole. */
  readonly component: number;
}

/** For IK3 and AK3. */
export interface SegmentFault extends Common {
  readonly level: "segment";
  /** IK304 of a 999; `old`: AK304 of a 997 where it differs. */
  readonly note: string;
  readonly old?: string;
  /** The segment's id; of one that is missing, its own. */
  readonly segment: string;
  /** From ST, which is 1. */
  readonly position: number;
  /** The loop in which it stands or should: `2010AA`; `ST` outside all. */
  readonly loop: string;
  /** It is not there. */
  readonly missing?: true;
  readonly trigger?: Trigger;
}

/** For IK4 and AK4, below an IK3 or AK3 with code 8. */
export interface ElementFault extends Common {
  readonly level: "element";
  /** IK403 of a 999; `old`: AK403 of a 997 where it differs. */
  readonly note: string;
  readonly old?: string;
  readonly segment: string;
  readonly position: number;
  readonly loop: string;
  readonly element: number;
  /** 0: the element as a whole. */
  readonly component: number;
  /** 0: the element does not repeat. */
  readonly repetition: number;
  /** Data element number: `1035`; empty where it has none of its own. */
  readonly number: string;
  readonly trigger?: Trigger;
}
