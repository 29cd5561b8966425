import type { Json } from "../../../codec/json/index.ts";
import { listAt, textAt } from "./json.ts";
import { type ObservationRole, observationRole } from "../observations.ts";
import { isPublicCodeIn } from "./terms.ts";

/** What the value of an observation is by its code (phi.md 3.1a): an identifier, date or age itself, something measured, or, without a public code, unknown. */
export function observed(observation: Json): ObservationRole | "measure" | "unknown" {
  const codings = listAt((observation as { readonly code?: Json }).code, "coding");
  const role = observationRole(codings.map((each) => [textAt(each, "code"), textAt(each, "system")]));
  if (role) return role;
  return codings.some((each) => isPublicCodeIn("Observation", textAt(each, "system"), textAt(each, "code"))) ? "measure" : "unknown";
}
