import type { LintRule } from "../../config/project.ts";

/** The static proof of the boundary: run by `sluice lint` beside the rules of `config/lint`. */
export const proofRules: readonly LintRule[] = [];
