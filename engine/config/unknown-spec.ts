import type { WorkOwner } from "./case-spec.ts";

/** What becomes of a message that may have arrived: its bytes left, and no answer came. YAML: `unknown: { do: inquire, owner: pharmacy-desk }`. */
export interface UnknownSpec extends WorkOwner {
  /** `hold`: it waits for a person. `inquire`: the partner is asked with the inquiry of the format's standard, and a person if that says nothing. */
  readonly do: "hold" | "inquire";
  /** Inquiries before a person is asked. */
  readonly attempts: number;
  /** Before the first; it doubles each time. */
  readonly initialMs: number;
  readonly maxMs: number;
  /** What follows when the partner says that it has nothing of the message. `ask`: that proves nothing here, and it is asked again. `resend`: it is sent again. */
  readonly absent: "ask" | "resend";
  /** Endpoint of the same partner that inquiries go to; absent: the destination's own. */
  readonly endpoint?: string;
}
