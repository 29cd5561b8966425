import { unknownName } from "../../codec/fhir-validate/shipped.ts";
import type { Diagnostic } from "../../sdk/index.ts";
import { nearest } from "../check/suggest.ts";
import { warning } from "./rule.ts";
import type { WrittenPath } from "./written-paths.ts";

/** A name that FHIR R4 does not have in the resources that the channel takes. A sender of another version may have it, so it is no error. */
export function judgeFhir({ path, at, types = [] }: WrittenPath): Diagnostic[] {
  if (path.startsWith("/")) return [];
  const unknown = unknownName(path, types);
  if (unknown === undefined) return [];
  const { name, within, known } = unknown;
  const near = nearest(name, known);
  return [warning("CFG-167", at, `${within} has no element ${name} in FHIR R4`, near === undefined ? "names are those of the standard, joined by dots; of an extension write extension(name)" : `did you mean ${path.split(".").map((step) => (step === name ? near : step)).join(".")}?`)];
}
