import { codes } from "../codes.ts";
import type { Problem } from "../problem.ts";

/** A FHIR R4 OperationOutcome, as far as it is made here. */
export interface OperationOutcome {
  readonly resourceType: "OperationOutcome";
  readonly issue: readonly {
    readonly severity: "error" | "warning" | "information";
    readonly code: string;
    readonly details: { readonly coding?: readonly { readonly code: string }[]; readonly text: string };
    readonly expression?: readonly string[];
  }[];
}

const titles: Readonly<Record<string, { readonly title: string }>> = codes;

/** What was found, as the resource that FHIR answers with: paths, codes and sentences of the engine, and nothing of the message. One issue at least, as FHIR asks. */
export function outcomeOf(problems: readonly Problem[]): OperationOutcome {
  const issue = problems.map(({ code, path, severity, standard = "processing", rule }) => ({
    severity: severity ?? ("warning" as const),
    code: standard,
    details: { coding: [{ code }], text: `${titles[code]?.title ?? code}${rule === undefined ? "" : ` (${rule})`}` },
    ...(path !== "" && { expression: [path] }),
  }));
  const nothing = { severity: "information" as const, code: "informational", details: { text: "nothing was found" } };
  return { resourceType: "OperationOutcome", issue: issue.length > 0 ? issue : [nothing] };
}
