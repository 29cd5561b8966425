import type { LintRule } from "../../config/project.ts";
import { neverReached } from "../break-glass.ts";
import { called } from "./ways-out.ts";

/** L19: emergency access never reaches these, whatever is written. */
export const breakGlassKinds: LintRule = {
  code: "PHI-119",
  check: (project) =>
    [...project.partners.values()]
      .filter(({ breakGlass, kind }) => breakGlass && neverReached.includes(kind))
      .map((partner) => ({
        code: "PHI-119" as const,
        level: "error" as const,
        at: partner.place.at("breakGlass"),
        message: `emergency access can never reach ${called(partner)}, which is of kind ${partner.kind}`,
        help: 'remove "breakGlass", or give the party the kind that it is',
      })),
};
