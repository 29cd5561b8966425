import type { Problem } from "../problem.ts";

/** Most issues that an answer names. */
const most = 50;

/**
 * An OperationOutcome (FHIR R4) for a resource that is not what its profile says: code, place, rule and the engine's own code of each problem, and no words of
 * the resource.
 */
export function buildOutcome(error: string, problems: readonly Problem[]): string {
  const coding = (code: string) => ({ coding: [{ system: "urn:sluice:code", code }] });
  const issue = problems.slice(0, most).map(({ code, path, standard, rule }) => ({
    severity: "error",
    code: standard ?? "invalid",
    details: coding(code),
    ...(rule === undefined ? {} : { diagnostics: rule }),
    ...(path === "" ? {} : { expression: [path] }),
  }));
  return JSON.stringify({ resourceType: "OperationOutcome", issue: issue.length > 0 ? issue : [{ severity: "error", code: "invalid", details: coding(error) }] });
}
