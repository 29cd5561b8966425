// Written by schemas/fhir/make-search.ts from hl7.fhir.us.core#6.1.0 (CC0-1.0); do not edit.

/** Search parameters of US Core 6.1.0 by resource type, each with its type. */
export const usCoreSearch: Readonly<Record<string, string>> = {
  AllergyIntolerance: "clinical-status:token patient:reference",
  CarePlan: "category:token date:date patient:reference status:token",
  CareTeam: "patient:reference role:token status:token",
  Condition: "abatement-date:date asserted-date:date category:token clinical-status:token code:token encounter:reference onset-date:date patient:reference recorded-date:date",
  Coverage: "patient:reference",
  Device: "patient:reference status:token type:token",
  DiagnosticReport: "category:token code:token date:date patient:reference status:token",
  DocumentReference: "category:token date:date patient:reference period:date status:token type:token",
  Encounter: "class:token date:date discharge-disposition:token identifier:token location:reference patient:reference status:token type:token",
  Goal: "description:token lifecycle-status:token patient:reference target-date:date",
  Immunization: "date:date patient:reference status:token",
  Location: "address-city:string address-postalcode:string address-state:string address:string name:string",
  MedicationDispense: "patient:reference status:token type:token",
  MedicationRequest: "authoredon:date encounter:reference intent:token patient:reference status:token",
  Observation: "category:token code:token date:date patient:reference status:token",
  Organization: "address:string name:string",
  Patient: "birthdate:date death-date:date ethnicity:token family:string gender-identity:token gender:token given:string identifier:token name:string race:token",
  Practitioner: "identifier:token name:string",
  PractitionerRole: "practitioner:reference specialty:token",
  Procedure: "code:token date:date patient:reference status:token",
  QuestionnaireResponse: "authored:date patient:reference questionnaire:reference status:token",
  RelatedPerson: "name:string patient:reference",
  ServiceRequest: "authored:date category:token code:token patient:reference status:token",
  Specimen: "patient:reference",
};
