import { misfit } from "../deidentify/allowed.ts";
import { certificateFlaw } from "./certificate-flaw.ts";
import { isUnstated } from "./declared.ts";
import { isSink } from "./sinks.ts";
import { otherwise, refusalOf, type WayOut } from "./ways-out.ts";

type Code = "PHI-103" | "PHI-104" | "PHI-109" | "PHI-115" | "PHI-116" | "PHI-122" | undefined;

/** A way out is of one moment, so its rule is found once. */
const known = new WeakMap<WayOut, { readonly code: Code }>();

/**
 * The rule that speaks of a way out which the flow rule refuses, so that one mistake is said once. What no rule of its own explains is L03: nothing that
 * would be refused at run time for its label passes lint.
 */
export function ruleOf(way: WayOut, now: number): Code {
  const found = known.get(way) ?? { code: find(way, now) };
  known.set(way, found);
  return found.code;
}

function find(way: WayOut, now: number): Code {
  const { destination, partner } = way;
  const refusal = refusalOf(way);
  const { deidentify, only, sends } = destination;
  // PHI-101, PHI-117, PHI-124 and PHI-113 say these.
  if (!refusal || isUnstated(way.channel, destination) || isSink(way) || (deidentify && misfit(deidentify)) || certificateFlaw(way)) return undefined;
  if (refusal.rule === "sends") return sends === "none" && !only ? "PHI-104" : "PHI-103";
  if (refusal.rule !== "link") return explained(way, refusal.code, refusal.rule, now);
  const { outbound } = partner.links;
  if (!outbound) return "PHI-103";
  // Without an agreement either, the missing agreement is the mistake.
  const other = otherwise(way, now, { partner: { links: { outbound: { ...outbound, phi: "allowed" } } } });
  return other && other.code !== "PHI-203" ? explained({ ...way, verdict: { refusal: other } }, other.code, other.rule, now) : "PHI-122";
}

function explained(way: WayOut, code: string, rule: string, now: number): Code {
  if (code === "PHI-203") return "PHI-109";
  if (rule === "self-pay") return "PHI-116";
  const links = { outbound: way.partner.links.outbound && { ...way.partner.links.outbound, phi: "allowed" } } as typeof way.partner.links;
  const without = otherwise(way, now, { label: { compartments: [] }, partner: { links } });
  const isOfCompartments = way.label.compartments.length > 0 && (!without || without.code === "PHI-203");
  return isOfCompartments ? "PHI-115" : "PHI-103";
}
