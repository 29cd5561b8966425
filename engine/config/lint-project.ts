import type { Diagnostic } from "../sdk/index.ts";
import { byPlace } from "./diagnostics/order.ts";
import type { LintContext, LintRule, Project } from "./project.ts";
import { hasErrorIn, soundPart } from "./read/soundness.ts";

/**
 * Runs rules over a project, all mistakes at once. Rules of config see all that was read; others (the proof of the
 * boundary) see what was read without mistakes, since they would judge values that nobody wrote.
 */
export function lintProject(project: Project, rules: readonly LintRule[], context: LintContext): Diagnostic[] {
  const sound = soundPart(project);
  const found = rules.flatMap((rule) => rule.check(rule.code.startsWith("CFG-") ? project : sound, context));
  return byPlace(found.filter(({ at }) => !hasErrorIn(project, { ...at, endLine: at.line, endColumn: at.column + 1 })));
}
