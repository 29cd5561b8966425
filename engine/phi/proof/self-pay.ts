import type { LintRule } from "../../config/project.ts";
import { ruleOf } from "./rule-of.ts";
import { called, waysOut } from "./ways-out.ts";

/** L16: what a patient paid for in full never reaches the health plan, whatever is signed (45 CFR 164.522(a)(1)(vi)). */
export const selfPay: LintRule = {
  code: "PHI-116",
  check: (project, { now }) =>
    waysOut(project, now)
      .filter((way) => ruleOf(way, now) === "PHI-116")
      .map(({ channel, destination, partner }) => ({
        code: "PHI-116" as const,
        level: "error" as const,
        at: channel.place.at("destinations", destination.name, "partner"),
        message: `services that patients paid for themselves would reach ${called(partner)}, a health plan, through destination "${destination.name}"`,
        help: "send the plan from a channel whose classification does not carry self-pay",
      })),
};
