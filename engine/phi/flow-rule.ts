import type { Agreement, DestinationSpec, Partner } from "../config/project.ts";
import { gaps, isOwned, standing, type Gap, type Need } from "./agreements.ts";
import type { Label, Refusal, Verdict } from "./boundary.ts";
import { isAtMost } from "./levels.ts";
import { undischarged } from "./obligations.ts";

interface Asked {
  readonly label: Label;
  readonly destination: DestinationSpec;
  readonly partner: Partner;
  readonly now: number;
  /** An answer over a link that a message came by: no step of the engine is between. */
  readonly isReply?: boolean;
}

interface Answered extends Omit<Asked, "now" | "destination"> {
  readonly minute: number;
  readonly verdict: Verdict;
}

/** What was said last of each destination. A message asks several times, and only dates change the answer: days begin on whole minutes in every zone. */
const last = new WeakMap<DestinationSpec, Answered>();

/** The flow rule (phi.md 1.6, 1-5): forbid wins, and what is not granted is refused. Total and without effects. */
export function permits(asked: Asked): Verdict {
  const { label, destination, partner, isReply } = asked;
  const minute = Math.floor(asked.now / 60_000);
  const known = last.get(destination);
  if (known?.minute === minute && known.partner === partner && known.label === label && known.isReply === isReply) return known.verdict;
  const verdict = judged(asked);
  last.set(destination, { label, partner, minute, verdict, ...(isReply !== undefined && { isReply }) });
  return verdict;
}

function judged({ label, destination, partner, now, isReply }: Asked): Verdict {
  if (destination.partner !== partner.name) return refuse({ code: "PHI-202", rule: "partner" });
  if (!isAtMost(label.level, destination.sends)) return refuse({ code: "PHI-206", rule: "sends" });
  const link = partner.links.outbound;
  if (!isAtMost(label.level, "deidentified") && link?.phi !== "allowed") return refuse({ code: "PHI-206", rule: "link" });
  const [owed] = undischarged(label, destination, partner, isReply === true);
  if (owed !== undefined) return refuse({ code: "PHI-215", rule: "obligation", where: owed });
  // Nothing about a person is in it: no agreement is needed, and the closed list and the guard see to it.
  if (label.level === "none" && label.compartments.length === 0) return { permit: {} };
  // What the patient has paid for stays from the plan whatever was signed (45 CFR 164.522(a)(1)(vi)).
  if (partner.kind === "health-plan" && label.compartments.includes("self-pay")) return refuse({ code: "PHI-202", rule: "self-pay" });
  const need = needOf(label, destination, partner);
  const isInside = partner.agreements.some(({ basis }) => basis === "same-engine");
  if (!isInside && need.purposes !== undefined && !(need.purpose !== undefined && need.purposes.includes(need.purpose))) {
    return refuse({ code: "PHI-218", rule: "purpose" });
  }
  const { covering, missing } = cover(partner, need);
  const [first] = covering;
  if (!first) return refuse({ code: missing === "owner" ? "PHI-214" : "PHI-202", rule: missing });
  const inForce = inForceOf(covering, need, now);
  const [chosen] = inForce;
  if (!chosen) {
    const lapsed = covering.find((agreement) => standing(agreement, now) !== "in-force") ?? first;
    return refuse({ code: "PHI-203", rule: `agreement-${standing(lapsed, now)}`, where: lapsed.id });
  }
  const ids = under(inForce, need).map(({ id }) => id);
  return { permit: { agreement: ids[0] ?? chosen.id, basis: chosen.basis, ...(need.purpose !== undefined && { purpose: need.purpose }), ...(ids.length > 1 && { agreements: ids }) } };
}

function refuse(refusal: Refusal): Verdict {
  return { refusal };
}

/** What data with this label needs of an agreement to leave by this destination. */
export function needOf(label: Label, { purpose }: Pick<DestinationSpec, "purpose">, { name }: Pick<Partner, "name">): Need {
  const { level, compartments, owners, purposes, method } = label;
  return { level, compartments, owners, purpose, recipient: name, ...(purposes && { purposes }), ...(method && { method }) };
}

/**
 * The agreements that cover a need by their terms, dates apart: each covers level, compartments and purpose alone, and together they cover every owner. Else
 * none, and what the nearest of them lacks.
 */
export function cover(partner: Partner, need: Need): { readonly covering: readonly Agreement[]; readonly missing: Gap | "agreement" } {
  const all = partner.agreements.map((agreement) => ({ agreement, lacks: gaps(agreement, need) }));
  const each = all.filter(({ lacks }) => lacks.length === 0).map(({ agreement }) => agreement);
  if (each.length > 0) return { covering: together(each, need), missing: "owner" };
  const nearest = all.toSorted((a, b) => a.lacks.length - b.lacks.length)[0];
  return { covering: [], missing: nearest?.lacks[0] ?? "agreement" };
}

/** Whether data with this label may be at this partner by the terms of its agreements, dates apart. */
export function covers(label: Label, destination: DestinationSpec, partner: Partner): boolean {
  const known = lastCovers.get(destination);
  if (known?.partner === partner && known.label === label) return known.covers;
  const covers = cover(partner, needOf(label, destination, partner)).covering.length > 0;
  lastCovers.set(destination, { label, partner, covers });
  return covers;
}

const lastCovers = new WeakMap<DestinationSpec, Pick<Asked, "label" | "partner"> & { readonly covers: boolean }>();

/** The agreements that cover a need at this moment; none when it is not covered whole. */
export function coverAt(partner: Partner, need: Need, now: number): readonly Agreement[] {
  return inForceOf(cover(partner, need).covering, need, now);
}

function inForceOf(covering: readonly Agreement[], need: Need, now: number): readonly Agreement[] {
  return together(covering.filter((agreement) => standing(agreement, now) === "in-force"), need);
}

/** Those that may be used, when every owner has signed one of them; else none. One that several owners of the data have signed must let their data be brought together. */
function together(agreements: readonly Agreement[], { owners = [], level }: Need): readonly Agreement[] {
  if (!isOwned(level) || owners.length === 0) return agreements;
  const usable = agreements.filter((agreement) => agreement.mayAggregateOwners || owners.filter((owner) => agreement.owners.includes(owner)).length === 1);
  return owners.every((owner) => usable.some((agreement) => agreement.owners.includes(owner))) ? usable : [];
}

/** The agreement that counts for each owner, in the order of the registry. */
function under(agreements: readonly Agreement[], { owners = [], level }: Need): readonly Agreement[] {
  if (!isOwned(level)) return agreements.slice(0, 1);
  const counted = new Set(owners.flatMap((owner) => agreements.find((agreement) => agreement.owners.includes(owner)) ?? []));
  return agreements.filter((agreement) => counted.has(agreement));
}
