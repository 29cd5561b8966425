import type { Code } from "../sdk/error.ts";

/**
 * What is odd or wrong in a message that can still be read. Codes and positions only, never content: a problem may stand in a log, an answer to
 * the sender and an error page.
 */
export interface Problem {
  readonly code: Code;
  /** In the path notation of the format; empty for the message as a whole. */
  readonly path: string;
  /** Of the text, counted from 1. */
  readonly line: number;
  /** `error`: the message is not what its standard or its profile says; absent: an oddity that does no harm. */
  readonly severity?: "error";
  /** The standard's own code for it where it has one, as its acknowledgement carries it: HL7 table 0357, 999 IK3/IK4, OperationOutcome.issue.code. */
  readonly standard?: string;
  /** The name of the rule or profile that is not kept, where its definition names it: `per-1`, a value set's URL. Never from a message. */
  readonly rule?: string;
}
