export { type FromFhirOptions, fhirToIcal } from "./from-fhir.ts";
export { icalToFhir, type ToFhirOptions } from "./to-fhir.ts";
