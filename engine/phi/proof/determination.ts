import type { LintRule } from "../../config/project.ts";
import { certificateFlaw } from "./certificate-flaw.ts";
import { waysOut } from "./ways-out.ts";

/** L13: what an expert determined holds for the recipients and the very configuration that were examined. */
export const determination: LintRule = {
  code: "PHI-113",
  check: (project, { now }) =>
    waysOut(project, now).flatMap((way) => {
      const flaw = certificateFlaw(way);
      if (!flaw) return [];
      const key = flaw.key === "partner" ? ["partner"] : ["deidentify", "certificate"];
      return [{ code: "PHI-113", level: "error", at: way.channel.place.at("destinations", way.destination.name, ...key), message: flaw.message, help: flaw.help }];
    }),
};
