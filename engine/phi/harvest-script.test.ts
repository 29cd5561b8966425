import { expect, test } from "vitest";
import { buildScript, Written } from "../codec/script/index.ts";
import { createBoundary } from "./index.ts";
import { labelOf } from "./label/index.ts";
import { patientsOf } from "./patients.ts";
import { destination, envelope, label, only, partner, tree } from "./testing/given.ts";

const boundary = createBoundary();
const text = (more: object = {}) => buildScript({
  version: "2017071",
  header: { To: "0999999", From: "D-1", MessageID: "RX-99120047", PrescriberOrderNumber: "ORD7700123" },
  body: { NewRx: {
    BenefitsCoordination: { CardholderID: "MB4471902", GroupName: "Quarry Hill Foundry", ResponsibleParty: { LastName: "Peregrine", FirstName: "Olaf" } },
    Patient: { HumanPatient: {
      Identification: { MedicalRecordIdentificationNumberEHR: "90017734", SocialSecurity: "219099999" },
      Name: { LastName: "Lindqvist", FirstName: "Jane", MiddleName: "Ada" },
      AlternateContact: { Name: { LastName: "Thorsdottir", FirstName: "Bjork" }, CommunicationNumbers: { PrimaryTelephone: { Number: "6175550143" } } },
      Gender: "F", DateOfBirth: { Date: "1980-01-02" },
      Address: { AddressLine1: "4 Old Mill Lane", City: "Millbrook", StateProvince: "MA", PostalCode: "02139" },
      CommunicationNumbers: { ElectronicMail: "jane.l@example.net" },
    } },
    Prescriber: { NonVeterinarian: { Identification: { NPI: "1999999984" }, Name: { LastName: "Quartzman", FirstName: "Uma" } } },
    MedicationPrescribed: { DrugDescription: "Amoxicillin 500 MG Oral Capsule", WrittenDate: { Date: "2026-03-09" }, Sig: { SigText: "call 617-555-0199" }, ...more },
  } },
});

function refused(note: string, raw = text()): boolean {
  const harvest = boundary.harvest(tree(raw, "script"), "script");
  return boundary.guard({ envelope: envelope(JSON.stringify({ note })), harvest, label: label("none"), destination: destination({ only }), partner: partner() })?.code === "PHI-201";
}

test.each([
  "RX-99120047", "ORD7700123", "MB4471902", "Quarry Hill Foundry", "Olaf Peregrine", "90017734", "219-09-9999", "Jane Lindqvist", "LINDQVIST, JANE", "Bjork Thorsdottir", "(617) 555-0143", "January 2, 1980", "19800102",
  "4 Old Mill Lane", "jane.l@example.net", "09.03.2026", "6175550199",
])("%s of the message does not leave", (note) => {
  expect(refused(note)).toBe(true);
});

test.each(["Amoxicillin 500 MG Oral Capsule", "MA", "F", "NewRx", "2017071"])("%s is nobody's", (note) => {
  expect(refused(note)).toBe(false);
});

test("what the tables do not know counts: an element, text in its place, an attribute, a comment", () => {
  const odd = text({ Unheard: { Of: "Zz77120043" }, WrittenDate: "1999-12-24", Note: new Written({ by: "Qr55120043" }, "x") }).replace("</Body>", "<!-- for Kx33120043 --></Body>");
  for (const note of ["Zz77120043", "1999-12-24", "Qr55120043", "Kx33120043"]) expect(refused(note, odd), note).toBe(true);
  const prefixed = text().replace(/<(\/?)(?=[A-Z])/g, "<$1s:").replace("<s:Message", '<s:Message xmlns:s="http://www.ncpdp.org/schema/SCRIPT"');
  expect(refused("Jane Lindqvist", prefixed)).toBe(true);
});

test("a patient is who Identification says, with what kind of number it is", () => {
  const [patient] = patientsOf(tree(text(), "script"), "script", "north").patients;
  expect(patient?.ids).toEqual(["90017734", "90017734^^^MedicalRecordIdentificationNumberEHR", "219099999", "219099999^^^SocialSecurity"]);
});

test("diagnoses name their compartment, with or without a qualifier; another code system does not", () => {
  const of = (Qualifier: string | undefined, Code = "F1120") => labelOf(tree(text({ Diagnosis: { Primary: { Code, ...(Qualifier && { Qualifier }) } } }), "script")).compartments;
  const [sud] = [labelOf(tree("MSH|^~\\&|A|B|C|D|2026||ADT^A01|1|P|2.5\rDG1|1||F11.20^^I10", "hl7v2")).compartments];
  expect(sud).not.toEqual([]);
  expect([of("ABF"), of("ABK"), of(undefined), of("ZZ"), of("LD"), of("ABF", "E119")]).toEqual([sud, sud, sud, sud, [], []]);
});
