export { fhirFromXml, fhirToXml } from "./convert.ts";
export { knownProfile } from "./shipped.ts";
export { type FhirValidation, validateFhir, validateFhirLines } from "./validate.ts";
