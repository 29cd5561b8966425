import type { Diagnostic } from "../../sdk/index.ts";
import type { Agreement, LintRule } from "../../config/project.ts";
import { type Standing, standing } from "../agreements.ts";
import { called, waysOut } from "./ways-out.ts";

const soon = 30 * 86_400_000;

/** L09: the agreement a destination rests on is in force, and will be for a while. A missing one is L03. */
export const inForce: LintRule = {
  code: "PHI-109",
  check: (project, { now }) =>
    waysOut(project).flatMap(({ channel, destination, partner, need, covering }): readonly Diagnostic[] => {
      if (need.level === "none" || covering.length === 0) return [];
      const at = channel.place.at("destinations", destination.name, "partner");
      const inForceAt = (moment: number) => covering.some((a) => standing(a, moment) === "in-force");
      const renew = "renew it in partners.yaml; what waits in the lane then goes out in order";
      const [first] = covering;
      if (!first) return [];
      if (!inForceAt(now)) {
        const message = `the agreement ${first.id} with ${called(partner)}, on which destination "${destination.name}" rests, ${why(first, standing(first, now))}`;
        return [{ code: "PHI-109", level: "error", at, message, help: renew }];
      }
      if (inForceAt(now + soon)) return [];
      const ending = covering.find((a) => standing(a, now) === "in-force") ?? first;
      const message = `the agreement ${ending.id} with ${called(partner)}, on which destination "${destination.name}" rests, ends on ${lastDay(ending)}`;
      return [{ code: "PHI-109", level: "warning", at, message, help: renew }];
    }),
};

function why(agreement: Agreement, how: Standing): string {
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

function lastDay({ expires, terminated }: Agreement): string {
  return [expires, terminated].filter((d) => d !== undefined).sort()[0] ?? "a day it does not name";
}
