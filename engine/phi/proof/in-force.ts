import type { Diagnostic } from "../../sdk/index.ts";
import type { Agreement, LintRule } from "../../config/project.ts";
import { type Standing, standing } from "../agreements.ts";
import { endingOf, when } from "../ending.ts";
import { needOf } from "../flow-rule.ts";
import { ruleOf } from "./rule-of.ts";
import { called, refusalOf, type WayOut, waysOut } from "./ways-out.ts";

const renew = "renew it in partners.yaml; what waits in the lane then goes out in order";

/** L09: the agreement a destination rests on is in force, and will be for a while. A missing one is L03. */
export const inForce: LintRule = {
  code: "PHI-109",
  check: (project, { now }) => waysOut(project, now).flatMap((way) => dated(way, now) ?? []),
};

function dated(way: WayOut, now: number): Diagnostic | undefined {
  const { channel, destination, partner, label } = way;
  const need = needOf(label, destination, partner);
  const at = channel.place.at("destinations", destination.name, "partner");
  const rests = `with ${called(partner)}, on which destination "${destination.name}" rests,`;
  if (ruleOf(way, now) === "PHI-109") {
    const lapsed = partner.agreements.find(({ id }) => id === refusalOf(way)?.where);
    if (!lapsed) return undefined;
    return { code: "PHI-109", level: "error", at, message: `the agreement ${lapsed.id} ${rests} ${why(lapsed, standing(lapsed, now))}`, help: renew };
  }
  const ending = endingOf(partner, need, now);
  return ending && { code: "PHI-109", level: "warning", at, message: `the agreement ${ending.agreement} ${rests} ends on ${ending.lastDay}, ${when(ending)}`, help: renew };
}

export function why(agreement: Agreement, how: Standing): string {
  switch (how) {
    case "not-yet":
      return `begins on ${agreement.effective}`;
    case "expired":
      return `expired on ${agreement.expires}`;
    case "terminated":
      return `was terminated on ${agreement.terminated}`;
    default:
      return `has dates or a time zone that cannot be read (${agreement.timezone})`;
  }
}
