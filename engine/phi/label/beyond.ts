import type { Classification } from "../../config/project.ts";
import type { Found } from "../boundary.ts";

/** What of a message is more than its channel may carry. */
export interface Beyond {
  readonly compartments: readonly string[];
  readonly obligations: readonly string[];
  /** The message is for these alone, and its channel for more. */
  readonly purposes?: readonly string[];
  readonly unknown: boolean;
}

/** Compares what a message says of itself with the ceiling of its channel; `undefined`: it is within. */
export function beyond({ compartments, obligations, purposes, unknown }: Found, ceiling: Classification): Beyond | undefined {
  const more = compartments.filter((each) => !ceiling.compartments.includes(each));
  const owed = obligations.filter((each) => !isOwed(each, ceiling));
  const narrower = purposes && !(ceiling.purposes?.every((each) => purposes.includes(each)) ?? false);
  if (more.length === 0 && owed.length === 0 && !narrower && !unknown) return undefined;
  return { compartments: more, obligations: owed, unknown, ...(narrower && { purposes }) };
}

/** The notice of 42 CFR 2.32 forbids further disclosure as well. */
function isOwed(obligation: string, { obligations }: Classification): boolean {
  return obligations.includes(obligation) || (obligation === "no-redisclosure" && obligations.includes("part2-notice"));
}
