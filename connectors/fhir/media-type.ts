export const mediaType = "application/fhir+json";

/** Media types that stand for FHIR in JSON (R4 3.1.0.1.11). */
export function isFhirJson(contentType: string | undefined): boolean {
  const type = contentType?.split(";", 1)[0]?.trim().toLowerCase();
  return type === mediaType || type === "application/json" || type === "text/json" || type === "application/json+fhir";
}
