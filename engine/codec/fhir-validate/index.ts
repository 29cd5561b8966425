import { type Options, validateNode } from "../fhir/index.ts";
import { JsonTree, parseJson } from "../json/tree.ts";
import type { Problem } from "../problem.ts";
import { holdsBy } from "./expressions.ts";
import { definitions } from "./tables.ts";

/** How to validate: see `Options`. `profile`: the URL of a profile to hold the resource to, besides those of `meta.profile`. */
export interface FhirValidation {
  readonly profile?: string;
  readonly extensions?: Options["extensions"];
}

/**
 * Holds a FHIR R4 resource to its type, to the profiles of `meta.profile` that are shipped (US Core 6.1.0, vital signs) and to `profile`. Findings have a FHIRPath
 * (`Patient.name[0].family`), a line, and in `standard` the code that OperationOutcome.issue has for them; what is no error has no `severity`.
 * Throws `JSN-0nn` for a text that is not JSON.
 */
export function validateFhir(source: JsonTree | string, { profile, extensions = "accept" }: FhirValidation = {}): readonly Problem[] {
  const tree = source instanceof JsonTree ? source : parseJson(source, "fhir");
  return validateNode(tree.root, tree.toString(), definitions(), holdsBy(), { profiles: profile === undefined ? [] : [profile], extensions });
}
