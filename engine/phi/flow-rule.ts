import type { Agreement, DestinationSpec, Partner } from "../config/project.ts";
import { gaps, standing, type Gap, type Need } from "./agreements.ts";
import type { Label, Refusal } from "./boundary.ts";
import { isAtMost } from "./levels.ts";

interface Asked {
  readonly label: Label;
  readonly destination: DestinationSpec;
  readonly partner: Partner;
  readonly now: number;
}

/** The flow rule (phi.md 1.6, 1-4): forbid wins, and what is not granted is refused. Total and without effects. */
export function permits({ label, destination, partner, now }: Asked): Refusal | undefined {
  if (destination.partner !== partner.name) return { code: "PHI-202", rule: "partner" };
  if (!isAtMost(label.level, destination.sends)) return { code: "PHI-206", rule: "sends" };
  const link = partner.links.outbound;
  if (!isAtMost(label.level, "deidentified") && link?.phi !== "allowed") return { code: "PHI-206", rule: "link" };
  // Nothing about a person is in it: no agreement is needed, and the closed list and the guard see to it.
  if (label.level === "none" && label.compartments.length === 0) return undefined;
  const need: Need = { level: label.level, compartments: label.compartments, purpose: destination.purpose };
  const { covering, missing } = cover(partner, need);
  if (covering.length === 0) return { code: "PHI-202", rule: missing };
  const standings = covering.map((agreement) => standing(agreement, now));
  if (standings.includes("in-force")) return undefined;
  return { code: "PHI-203", rule: `agreement-${standings[0]}`, where: covering[0]?.id ?? partner.name };
}

/** The agreements that cover a need by their terms, and else what the nearest of them lacks. */
export function cover(partner: Partner, need: Need): { readonly covering: readonly Agreement[]; readonly missing: Gap | "agreement" } {
  const all = partner.agreements.map((agreement) => ({ agreement, lacks: gaps(agreement, need) }));
  const covering = all.filter(({ lacks }) => lacks.length === 0).map(({ agreement }) => agreement);
  const nearest = all.toSorted((a, b) => a.lacks.length - b.lacks.length)[0];
  return { covering, missing: nearest?.lacks[0] ?? "agreement" };
}
