import { type Unknown, unknownElement } from "../fhir/element-names.ts";
import { definitions } from "./tables.ts";

/** Whether a profile, or `us-core`, is shipped: asked by lint, which evaluates nothing. */
export function knownProfile(url: string): boolean {
  return url === "us-core" || definitions().profile(url) !== undefined;
}

/** The first name of an element path that resources of these types (none: any) do not have in FHIR R4. */
export function unknownName(path: string, types: readonly string[]): Unknown | undefined {
  return unknownElement(path, types, definitions());
}
