import { createHash } from "node:crypto";
import type { Agreement, Partner } from "../config/project.ts";

/** Types of message that are no sender's own words: HL7 v2 codes (table 0076, 0003, 0354) and names of FHIR resources. */
const hl7Type = /^[A-Z][A-Z0-9]{2}(\^[A-Z][A-Z0-9]{2})?$/;
export const resourceTypes: ReadonlySet<string> = new Set(
  `Account ActivityDefinition AdverseEvent AllergyIntolerance Appointment AppointmentResponse AuditEvent Basic Binary BodyStructure Bundle CarePlan CareTeam ChargeItem Claim ClaimResponse
  ClinicalImpression Communication CommunicationRequest Composition Condition Consent Contract Coverage CoverageEligibilityRequest CoverageEligibilityResponse DetectedIssue Device DeviceRequest
  DeviceUseStatement DiagnosticReport DocumentManifest DocumentReference Encounter Endpoint EnrollmentRequest EnrollmentResponse EpisodeOfCare ExplanationOfBenefit FamilyMemberHistory Flag Goal
  Group GuidanceResponse HealthcareService ImagingStudy Immunization ImmunizationEvaluation ImmunizationRecommendation InsurancePlan Invoice List Location Measure MeasureReport Media Medication
  MedicationAdministration MedicationDispense MedicationRequest MedicationStatement MessageHeader MolecularSequence NutritionOrder Observation OperationOutcome Organization Parameters Patient
  PaymentNotice PaymentReconciliation Person Practitioner PractitionerRole Procedure Provenance Questionnaire QuestionnaireResponse RelatedPerson RequestGroup ResearchStudy ResearchSubject
  RiskAssessment Schedule ServiceRequest Slot Specimen Subscription Substance SupplyDelivery SupplyRequest Task VerificationResult VisionPrescription`.split(/\s+/),
);

/** A brief description that holds nothing of the message but its kind; empty for what is none. */
export function briefType(type: string): string {
  return hl7Type.test(type) || resourceTypes.has(type) ? type : "";
}

const hashes = new WeakMap<Partner, string>();

/** What a partner's entry said: agreements, links, endpoints and address; 32 hex digits. */
export function partnerHash(partner: Partner): string {
  let hash = hashes.get(partner);
  if (hash === undefined) {
    const { place: _, ...said } = partner;
    hash = createHash("sha256").update(JSON.stringify(said)).digest("hex").slice(0, 32);
    hashes.set(partner, hash);
  }
  return hash;
}

/** An agreement as the ledger tells of it. */
export function agreementNote({ id, basis, levels, compartments, purposes, owners, effective, expires, terminated, timezone, document }: Agreement) {
  return {
    id, basis, levels, compartments, purposes, owners, effective, timezone,
    ...(expires !== undefined && { expires }), ...(terminated !== undefined && { terminated }), ...(document && { document: document.sha256 }),
  };
}
