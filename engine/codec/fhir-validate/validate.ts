import { isFhirXml, type Options, readFhirXml, Report, validateNode } from "../fhir/index.ts";
import { type JsonTree, parseJson } from "../json/tree.ts";
import type { Problem } from "../problem.ts";
import { holdsBy } from "./expressions.ts";
import { definitions } from "./tables.ts";
import { usCoreFor } from "./us-core.ts";

export interface FhirValidation {
  /** The URL of a profile to hold the resource to, besides those of `meta.profile`; `us-core` for the profiles of US Core 6.1.0 that fit the resource. */
  readonly profile?: string | undefined;
  /** `refuse`: an extension that no shipped definition knows is an error. */
  readonly extensions?: Options["extensions"];
}

/**
 * Holds a FHIR R4 resource, JSON or XML, to its type, to the profiles of `meta.profile` that are shipped (US Core 6.1.0, vital signs) and to `profile`. Findings have a
 * FHIRPath (`Patient.name[0].family`), a line, and in `standard` the code that OperationOutcome.issue has for them; what is no error has no `severity`.
 * Throws `JSN-0nn`, `XML-0nn` or `FHR-001` for a text that is neither.
 */
export function validateFhir(source: JsonTree | string, { profile, extensions = "accept" }: FhirValidation = {}): readonly Problem[] {
  const text = String(source);
  const report = new Report(text);
  const all = definitions();
  const root = typeof source === "string" && isFhirXml(text) ? readFhirXml(text, all, report) : (typeof source === "string" ? parseJson(source, "fhir") : source).root;
  validateNode(root, all, report, holdsBy(), { profiles: profile === undefined ? [] : profile === "us-core" ? usCoreFor(root, all) : [profile], extensions });
  return report.problems();
}

/** Resources one to a line (NDJSON): each is validated alone, and lines count through the whole text. */
export function validateFhirLines(text: string, how: FhirValidation = {}): readonly Problem[] {
  return text.split("\n").flatMap((line, i) => (line.trim() === "" ? [] : validateFhir(line, how).map((problem) => ({ ...problem, line: problem.line + i }))));
}
