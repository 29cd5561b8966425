const profile = (name: string) => ({ profile: [`http://hl7.org/fhir/us/core/StructureDefinition/us-core-${name}`] });
const coded = (system: string, code: string) => ({ coding: [{ system, code }] });
const terms = "http://terminology.hl7.org/CodeSystem/";
const narrative = (words: string) => ({ status: "generated", div: `<div xmlns="http://www.w3.org/1999/xhtml"><p>${words}</p></div>` });
const subject = { reference: "Patient/p1" };
const pressure = (code: string, value: number) => ({ code: coded("http://loinc.org", code), valueQuantity: { value, unit: "mmHg", system: "http://unitsofmeasure.org", code: "mm[Hg]" } });

/** Resources as a day brings them, written for the bench. */
export const resources: readonly object[] = [
  {
    resourceType: "Patient", id: "p1", meta: profile("patient"), text: narrative("Ada Exemplar"),
    extension: [{ url: "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex", valueCode: "F" }],
    identifier: [{ use: "usual", type: coded(`${terms}v2-0203`, "MR"), system: "http://north.example/mrn", value: "900123" }],
    active: true, name: [{ use: "official", family: "Exemplar", given: ["Ada", "Q"] }], telecom: [{ system: "phone", value: "555-0100", use: "home" }],
    gender: "female", birthDate: "1947-08-23", address: [{ line: ["1 North Road"], city: "Northtown", state: "MA", postalCode: "01999", country: "US" }],
  },
  {
    resourceType: "Observation", id: "o1", meta: profile("blood-pressure"), status: "final", category: [coded(`${terms}observation-category`, "vital-signs")],
    code: coded("http://loinc.org", "85354-9"), subject, encounter: { reference: "Encounter/e1" }, effectiveDateTime: "2026-03-01T12:00:00Z", component: [pressure("8480-6", 121), pressure("8462-4", 79)],
  },
  {
    resourceType: "Observation", id: "o2", meta: profile("observation-lab"), status: "final", category: [coded(`${terms}observation-category`, "laboratory")],
    code: coded("http://loinc.org", "2345-7"), subject, effectiveDateTime: "2026-03-01T12:00:00Z", issued: "2026-03-01T13:00:00Z",
    valueQuantity: { value: 95, unit: "mg/dL", system: "http://unitsofmeasure.org", code: "mg/dL" }, interpretation: [coded(`${terms}v3-ObservationInterpretation`, "N")],
    referenceRange: [{ low: { value: 70, unit: "mg/dL" }, high: { value: 99, unit: "mg/dL" } }],
  },
  {
    resourceType: "Encounter", id: "e1", meta: profile("encounter"), status: "finished", class: { system: `${terms}v3-ActCode`, code: "AMB" }, type: [coded("http://snomed.info/sct", "185349003")],
    subject, participant: [{ type: [coded(`${terms}v3-ParticipationType`, "PPRF")], individual: { reference: "Practitioner/d1" } }], period: { start: "2026-03-01T11:30:00Z", end: "2026-03-01T12:15:00Z" },
  },
  {
    resourceType: "Condition", id: "c1", meta: profile("condition-problems-health-concerns"), clinicalStatus: coded(`${terms}condition-clinical`, "active"),
    verificationStatus: coded(`${terms}condition-ver-status`, "confirmed"), category: [coded(`${terms}condition-category`, "problem-list-item")], code: coded("http://snomed.info/sct", "38341003"),
    subject, onsetDateTime: "2020", recordedDate: "2020-05-06",
  },
];
