import type { LintRule } from "../../config/project.ts";
import { capacity, fieldCapacity } from "../capacity.ts";
import { waysOut } from "./ways-out.ts";

/** Bits a message may leave to code, by kind of partner (phi.md 1.8, L06). */
const budgets: Readonly<Record<string, number>> = { payment: 40 };
const usual = 96;

/** L06: a closed list leaves less room to code than an identifier would need. */
export const room: LintRule = {
  code: "PHI-106",
  check: (project, { now }) =>
    waysOut(project, now).flatMap(({ channel, destination, partner }) => {
      const { only, name } = destination;
      if (!only || destination.sends === "phi") return [];
      const bits = capacity(only);
      const budget = budgets[partner.kind] ?? usual;
      // Bounds that are none have their own diagnostic.
      if (!(bits > budget) || !Number.isFinite(bits)) return [];
      const widest = Object.entries(only).toSorted(([, a], [, b]) => fieldCapacity(b) - fieldCapacity(a))[0]?.[0];
      return [
        {
          code: "PHI-106",
          level: "error",
          at: channel.place.atKey("destinations", name, "only"),
          message: `the closed list of destination "${name}" leaves ${bits.toFixed(1)} bits a message to code; ${partner.kind} partners get ${budget}`,
          help: `narrow the widest field, "${widest}", or let the engine set it with const, copy or surrogate`,
        },
      ];
    }),
};
