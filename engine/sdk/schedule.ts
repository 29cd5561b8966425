/** When something is due. Exactly one of `cron` and `everyMs`. */
export interface SchedulePlan {
  /** Five fields, or six with seconds first. */
  readonly cron?: string;
  /** Multiples of this since 1970-01-01T00:00Z. */
  readonly everyMs?: number;
  /** IANA zone in which `cron`, `window` and `except` are meant. */
  readonly timezone: string;
  /** Only within these hours of these days; `to` before `from` crosses midnight, and the day is that of `from`. */
  readonly window?: { readonly days: readonly Weekday[]; readonly from: string; readonly to: string };
  /** Days on which nothing is due, `YYYY-MM-DD`. */
  readonly except?: readonly string[];
}

export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof weekdays)[number];

/** A plan that can be asked. Total and without a clock of its own. */
export interface Schedule {
  /** The first moment after this one at which it is due, ms since epoch; `undefined`: never again (within ten years). */
  next(after: number): number | undefined;
}
