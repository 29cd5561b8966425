import type { Diagnostic } from "../../sdk/index.ts";
import type { LintContext, LintRule } from "../../config/project.ts";
import { policies } from "../policies/manifest.ts";
import { type Policy, sha256 } from "../policies/policy.ts";

/** L21: the engine decides by the policy data it was released with, and somebody has looked at it within the time it names. */
export const policyData: LintRule = {
  code: "PHI-121",
  check: (project, context) => policyFindings(policies, context).map((found) => ({ code: "PHI-121", at: project.settings.place.at("name"), ...found })),
};

export function policyFindings(listed: readonly Policy[], { now, policyFile }: Pick<LintContext, "now" | "policyFile">): readonly Pick<Diagnostic, "level" | "message" | "help">[] {
  const today = new Date(now).toISOString().slice(0, 10);
  return listed.flatMap((policy): Pick<Diagnostic, "level" | "message" | "help">[] => {
    const { id, version, file, reviewBy } = policy;
    const name = `the engine's policy ${id}, version ${version}`;
    const differs = policyFile && hashOf(policyFile, file) !== policy.sha256;
    if (differs) {
      return [{ level: "error", message: `${name}, is not the one it was released with: schemas/${file} was changed or is missing`, help: "install this version of the engine again;\nwho changes a policy on purpose reviews it, raises its version and runs \"npm run policies\"" }];
    }
    if (today <= reviewBy) return [];
    return [{ level: "warning", message: `${name}, was to be reviewed by ${reviewBy}`, help: "install a version of the engine whose policies were reviewed since" }];
  });
}

function hashOf(policyFile: NonNullable<LintContext["policyFile"]>, file: string): string | undefined {
  const bytes = policyFile(file);
  return bytes && sha256(bytes);
}
