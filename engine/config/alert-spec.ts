import type { WorkOwner } from "./case-spec.ts";

/** What makes a destination an alert: it takes critical results alone, notifies at once, and is delivered when a person has acknowledged. */
export interface AlertSpec extends WorkOwner {
  /** How long a person has, before the next of `escalate` is told. */
  readonly withinMs: number;
  /** Endpoints of the same partner, told one after the other and then from the beginning, without end. */
  readonly escalate: readonly string[];
  /** Path in the partner's answer whose value names who has acknowledged. */
  readonly answer?: string;
  /** Flags that are critical at this site beside those that always are. */
  readonly flags: readonly string[];
  /** Rows of the lookup table of critical limits. */
  readonly ranges: Readonly<Record<string, string>>;
  readonly rangesTable?: string;
}

/** A channel whose messages say that an alert was seen: paths of the alert's id and of who saw it. */
export interface AcknowledgesSpec {
  readonly alert: string;
  readonly by: string;
}
