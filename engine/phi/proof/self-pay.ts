import type { LintRule } from "../../config/project.ts";
import { called, waysOut } from "./ways-out.ts";

/** L16: what a patient paid for in full never reaches the health plan, whatever is signed. */
export const selfPay: LintRule = {
  code: "PHI-116",
  check: (project) =>
    waysOut(project)
      .filter(({ partner, need }) => partner.kind === "health-plan" && need.compartments.includes("self-pay"))
      .map(({ channel, destination, partner }) => ({
        code: "PHI-116" as const,
        level: "error" as const,
        at: channel.place.at("destinations", destination.name, "partner"),
        message: `services that patients paid for themselves would reach ${called(partner)}, a health plan, through destination "${destination.name}"`,
        help: "send the plan from a channel whose classification does not carry self-pay",
      })),
};
