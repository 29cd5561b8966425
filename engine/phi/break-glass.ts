import type { DestinationSpec, Partner } from "../config/project.ts";
import { gaps, standing } from "./agreements.ts";
import type { Label, Refusal } from "./boundary.ts";
import { needOf } from "./flow-rule.ts";

/**
 * What an emergency may lift, and nothing else (phi.md 1.14). `hold`: a guess of the guard, never an identifier it is sure of. `part2`: records of a
 * part 2 program in a medical emergency (42 CFR 2.51), toward who treats.
 */
export const liftable = ["agreement", "purpose", "hold", "part2"] as const;
export type Liftable = (typeof liftable)[number];

/** What two people granted: one destination, one label, for hours, for so many messages. */
export interface Grant {
  readonly id: string;
  readonly lane: string;
  readonly partner: string;
  readonly lifts: readonly Liftable[];
  readonly compartments: readonly string[];
  /** Wall clock, ms. */
  readonly from: number;
  readonly until: number;
  readonly messages: number;
}

/** Longest grant, ms. */
export const longestGrant = 4 * 3_600_000;

/** Kinds of party that no emergency reaches. */
export const neverReached: readonly string[] = ["payment", "analytics", "marketing", "error-tracker", "log-sink"];

/** Compartments that no emergency opens; notes of psychotherapy need the patient's authorization (164.508(a)(2)). */
const neverOpened: readonly string[] = ["pan", "secret", "psychotherapy-notes", "sud-counseling-notes"];

interface Asked {
  readonly label: Label;
  readonly destination: DestinationSpec;
  readonly partner: Partner;
  readonly now: number;
}

/** Whether a grant may be used for this data at all. Forbid wins: what it may never reach, no signature opens. */
export function reaches(grant: Grant, { label, destination, partner, now }: Asked): boolean {
  if (!partner.breakGlass || neverReached.includes(partner.kind) || grant.partner !== partner.name || destination.partner !== partner.name) return false;
  if (partner.links.outbound?.phi !== "allowed") return false;
  if (now < grant.from || now >= grant.until || grant.until - grant.from > longestGrant) return false;
  return label.compartments.every((each) => grant.compartments.includes(each) && !neverOpened.includes(each));
}

/** Whether a grant that reaches the data lifts this very refusal: what it names must be all that is missing. */
export function lifts(grant: Grant, { code, rule }: Refusal, asked: Asked): boolean {
  const may = (what: Liftable) => grant.lifts.includes(what);
  if (code === "PHI-203") return may("agreement") && (rule === "agreement-expired" || rule === "agreement-terminated");
  if (code === "PHI-202" && rule === "purpose") return may("purpose") && lacksOnly("purpose", grant, asked);
  if (code === "PHI-202" && rule === "compartments") return may("part2") && treats(asked.partner) && lacksOnly("part2", grant, asked);
  return code === "PHI-201" && may("hold") && (rule === "weak" || rule === "medium");
}

/** An agreement that stands, or whose end is lifted too, and lacks nothing else. */
function lacksOnly(what: "purpose" | "part2", grant: Grant, { label, destination, partner, now }: Asked): boolean {
  const need = needOf(label, destination, partner);
  const narrowed = what === "part2" ? { ...need, compartments: need.compartments.filter((each) => each !== "part2") } : need;
  return partner.agreements.some((agreement) => {
    const lacking = gaps(agreement, narrowed).filter((gap) => gap !== what);
    const stands = standing(agreement, now);
    return lacking.length === 0 && (stands === "in-force" || (grant.lifts.includes("agreement") && (stands === "expired" || stands === "terminated")));
  });
}

function treats({ kind }: Partner): boolean {
  return kind === "provider" || kind === "lab" || kind === "pharmacy-network";
}
