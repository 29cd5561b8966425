export { fhirFromXml, fhirToXml } from "./convert.ts";
export { type OperationOutcome, outcomeOf } from "./outcome.ts";
export { type FhirValidation, knownProfile, validateFhir, validateFhirLines } from "./validate.ts";
