import { newCalendar } from "../../engine/codec/index.ts";
import { buildScript } from "../../engine/codec/script/index.ts";
import type { Corpora } from "./corpora.ts";
import type { Draws } from "./draws.ts";
import type { Household, Person } from "./persons.ts";

export const formats = ["hl7v2", "fhir", "json", "csv", "xml", "script", "x12", "ical"] as const;
export type MessageFormat = (typeof formats)[number];

/** A message of a format that holds everything of a household, among what real senders write. */
export function messageOf(format: MessageFormat, home: Household, draws: Draws, from: Corpora): string {
  switch (format) {
    case "hl7v2":
      return hl7(home, draws, from);
    case "fhir":
      return fhir(home, draws, from);
    case "json":
      return JSON.stringify(plain(home));
    case "csv":
      return csv(plain(home));
    case "xml":
      return xml(plain(home));
    case "script":
      return script(home, draws);
    case "x12":
      return x12(home, draws);
    case "ical":
      return ical(home, draws);
  }
}

const type = ["ADT^A01", "ADT^A04", "ADT^A08", "ORU^R01", "SIU^S12", "DFT^P03"];

function hl7(home: Household, draws: Draws, from: Corpora): string {
  const { patient: p, relative: r, guarantor: g, insured: i } = home;
  const address = (who: Person) => `${who.street}^^${who.city}^${who.state}^${who.zip}`;
  const body = draws.one(from.bodies);
  return [
    `MSH|^~\\&|REG|NORTHSIDE|SLUICE|HUB|20260301120000||${draws.one(type)}|K${draws.digits(9)}|P|2.5.1|||||||UNICODE UTF-8`,
    `PID|1||${home.mrn}^^^NS^MR||${p.family}^${p.given}^${p.middle}||${p.birth}|F|||${address(p)}||${p.phone}^PRN^PH~^NET^Internet^${p.email}|||||${home.account}|${home.ssn}||||||||||${home.died}`,
    `NK1|1|${r.family}^${r.given}^${r.middle}|SPO|${address(r)}|${r.phone}`,
    `PV1|1|I|WARD^4^A||||||||||||||||${home.visit}|||||||||||||||||||||||||${home.admitted}1030`,
    `GT1|1||${g.family}^${g.given}^${g.middle}||${g.street}^^${g.city}^${g.state}|${g.phone}||${g.birth}||||${home.guarantorSsn}`,
    `IN1|1|PPO|77|Blue Plan||||||${home.employer}|${home.employer}|||||${i.family}^${i.given}^${i.middle}|SEL|${i.birth}|${i.street}^^${i.city}^${i.state}|||||||||||||||||${home.member}`,
    ...body,
    "",
  ].join("\r");
}

function fhir(home: Household, draws: Draws, from: Corpora): string {
  const iso = (day: string) => `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
  const name = (who: Person) => [{ use: "official", family: who.family, given: [who.given, who.middle] }];
  const address = (who: Person, zip = true) => [{ line: [who.street], city: who.city, state: who.state, ...(zip ? { postalCode: who.zip } : {}) }];
  const phone = (who: Person) => ({ system: "phone", value: who.phone });
  const { patient: p, relative: r, guarantor: g, insured: i } = home;
  const resources: Record<string, unknown>[] = [
    {
      resourceType: "Patient", id: "p1",
      identifier: [{ system: "urn:oid:1.2.36.146.595", value: home.mrn }, { system: "http://hl7.org/fhir/sid/us-ssn", value: home.ssn }],
      name: name(p), telecom: [phone(p), { system: "email", value: p.email }], birthDate: iso(p.birth), address: address(p), deceasedDateTime: iso(home.died),
      contact: [{ relationship: [{ text: "guarantor" }], name: { family: g.family, given: [g.given, g.middle] }, telecom: [phone(g)], address: address(g, false)[0], extension: [{ url: "urn:birth", valueDate: iso(g.birth) }, { url: "urn:ssn", valueString: home.guarantorSsn }] }],
    },
    { resourceType: "RelatedPerson", patient: { reference: "Patient/p1" }, name: name(r), telecom: [phone(r)], address: address(r) },
    { resourceType: "RelatedPerson", patient: { reference: "Patient/p1" }, name: name(i), birthDate: iso(i.birth), address: address(i, false) },
    { resourceType: "Coverage", status: "active", subscriberId: home.member, beneficiary: { reference: "Patient/p1" }, class: [{ type: { text: "group" }, value: "GRP00881", name: home.employer }], payor: [{ display: "Blue Plan" }] },
    { resourceType: "Encounter", status: "finished", class: { code: "IMP" }, identifier: [{ value: home.visit }], period: { start: iso(home.admitted) }, account: [{ identifier: { value: home.account } }] },
    draws.one(from.resources),
  ];
  return JSON.stringify({ resourceType: "Bundle", type: "collection", entry: resources.map((resource) => ({ resource })) });
}

function plain(home: Household): Record<string, string> {
  const flat: Record<string, string> = {
    mrn: home.mrn, account_number: home.account, visit_number: home.visit, member_id: home.member, ssn: home.ssn, guarantor_ssn: home.guarantorSsn,
    admit_date: home.admitted, death_date: home.died, employer_name: home.employer,
  };
  for (const [role, who] of [["patient", home.patient], ["relative", home.relative], ["guarantor", home.guarantor], ["insured", home.insured]] as const) {
    flat[`${role}_last_name`] = who.family;
    flat[`${role}_first_name`] = who.given;
    flat[`${role}_middle_name`] = who.middle;
    if (role !== "relative") flat[`${role}_dob`] = who.birth;
    if (role !== "insured") flat[`${role}_phone`] = who.phone;
    flat[`${role}_address`] = who.street;
    if (role === "patient" || role === "relative") flat[`${role}_zip`] = who.zip;
  }
  flat["patient_email"] = home.patient.email;
  return flat;
}

function csv(flat: Readonly<Record<string, string>>): string {
  const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return `${Object.keys(flat).map(quoted).join(",")}\r\n${Object.values(flat).map(quoted).join(",")}\r\n`;
}

function xml(flat: Readonly<Record<string, string>>): string {
  const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<?xml version="1.0"?><record>${Object.entries(flat).map(([key, value]) => `<${key}>${escaped(value)}</${key}>`).join("")}</record>`;
}

/** A new prescription. The visit, the account and the days of the stay stand where senders put them: in ids of their own, dates and notes. */
function script(home: Household, draws: Draws): string {
  const { patient: p, relative: r, guarantor: g, insured: i } = home;
  const iso = (day: string) => `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
  const name = (who: Person) => ({ LastName: who.family, FirstName: who.given, MiddleName: who.middle });
  const address = (who: Person, zip = true) => ({ AddressLine1: who.street, City: who.city, StateProvince: who.state, ...(zip && { PostalCode: who.zip }) });
  const phone = (who: Person) => ({ PrimaryTelephone: { Number: who.phone } });
  return buildScript({
    version: "20170715",
    header: { To: "0999999", From: "7777777777001", MessageID: `K${draws.digits(9)}`, SentTime: "2026-03-01T12:00:00Z" },
    body: { NewRx: {
      BenefitsCoordination: { CardholderID: home.member, CardHolderName: name(i), GroupName: home.employer, Address: address(i, false), ResponsibleParty: { Name: name(g) }, CommunicationNumbers: phone(g) },
      Patient: { HumanPatient: {
        Identification: { SocialSecurity: home.ssn, MedicalRecordIdentificationNumberEHR: home.mrn, PatientAccountNumber: home.account, MutuallyDefined: home.visit, IndividualTaxpayerID: home.guarantorSsn },
        Name: name(p), AlternateContact: [{ Name: name(r), Address: address(r), CommunicationNumbers: phone(r) }, { Name: name(g), Address: address(g, false), CommunicationNumbers: phone(g) }],
        Gender: "F", DateOfBirth: { Date: iso(p.birth) }, Address: address(p), CommunicationNumbers: { ...phone(p), ElectronicMail: p.email },
      } },
      Prescriber: { NonVeterinarian: { Identification: { NPI: "1999999984" }, Name: { LastName: "Sample", FirstName: "Uma" } } },
      MedicationPrescribed: {
        DrugDescription: "Example 5 MG Tablet", WrittenDate: { Date: iso(home.admitted) }, ExpirationDate: { Date: iso(home.died) },
        Note: `Guarantor born ${iso(g.birth)}, insured born ${iso(i.birth)}`, Sig: { SigText: "Take one tablet" },
      },
    } },
  });
}

/** A professional claim for a dependent; who else there is stands as the responsible party, another subscriber and a relative. */
function x12(home: Household, draws: Draws): string {
  const { patient: p, relative: r, guarantor: g, insured: i } = home;
  const free = (text: string) => text.replace(/[*~^:]/g, " ");
  const person = (entity: string, who: Person, id: readonly [string, string] = ["", ""]) => `NM1*${entity}*1*${free(who.family)}*${free(who.given)}*${free(who.middle)}***${id[0]}*${free(id[1])}`;
  const address = (who: Person, zip = true) => [`N3*${free(who.street)}`, `N4*${free(who.city)}*${who.state}*${zip ? who.zip : ""}`];
  const phone = (who: Person, mail = "") => `PER*IC**TE*${free(who.phone)}${mail === "" ? "" : `*EM*${free(mail)}`}`;
  const body = [
    `ST*837*0001*005010X222A1`, `BHT*0019*00*K${draws.digits(9)}*20260301*1200*CH`, "NM1*41*2*BILLING SERVICE*****46*S7", "PER*IC*DESK*TE*8005550100", "NM1*40*2*PAYERCO*****46*P7", "HL*1**20*1", "NM1*85*2*NORTHSIDE CLINIC*****XX*1234567893", "N3*1 CLINIC PLAZA", "N4*SALEM*OR*973010000", "REF*EI*931234567",
    "HL*2*1*22*1", `SBR*P**${home.member}X*${free(home.employer)}*****CI`, person("IL", i, ["MI", home.member]), ...address(i, false), `DMG*D8*${i.birth}*M`, "NM1*PR*2*PAYERCO*****PI*P7",
    person("QD", g), ...address(g, false), phone(g), `DMG*D8*${g.birth}*F`, `REF*SY*${home.guarantorSsn}`,
    "HL*3*2*23*0", `PAT*19****D8*${home.died}`, person("QC", p), ...address(p), `DMG*D8*${p.birth}*F`, `REF*SY*${home.ssn}`, phone(p, p.email),
    `CLM*${free(home.account)}*145.5***11:B:1*Y*A*Y*Y`, `DTP*435*D8*${home.admitted}`, `REF*EA*${free(home.mrn)}`, `REF*G1*${free(home.visit)}`, "HI*ABK:J209",
    person("S3", r), ...address(r), phone(r), "LX*1", "SV1*HC:99213*145.5*UN*1***1", `DTP*472*D8*${home.admitted}`,
  ];
  const isa = ["ISA*00*          *00*          *ZZ*NORTHSIDE      *ZZ*SLUICE         *260301*1200*^*00501*000000001*0*P*:", "GS*HC*NORTHSIDE*SLUICE*20260301*1200*1*X*005010X222A1"];
  return [...isa, ...body, `SE*${body.length + 1}*0001`, "GE*1*1", "IEA*1*000000001"].map((line) => `${line}~\n`).join("");
}

/** A visit as a clinic's calendar writes it: people as attendees, the rest in properties of its own and in the notes. */
function ical(home: Household, draws: Draws): string {
  const { patient: p, relative: r, guarantor: g, insured: i } = home;
  const message = newCalendar({ METHOD: "REQUEST" });
  const event = message.all("VCALENDAR")[0]?.addComponent("VEVENT");
  if (event === undefined) throw new Error("no calendar");
  const name = (who: Person) => [who.given, who.middle, who.family].filter((each) => each !== "").join(" ");
  event.add("UID", `K${draws.digits(12)}@northside.example`).add("DTSTAMP", "20260301T080000Z").add("DTSTART", home.admitted, { VALUE: "DATE" }).add("SUMMARY", `Visit: ${p.given} ${p.family}`);
  event.add("ATTENDEE", `mailto:${p.email}`, { CN: name(p) });
  for (const who of [r, g, i]) event.add("ATTENDEE", `urn:x-clinic:${draws.digits(6)}`, { CN: name(who), ROLE: "NON-PARTICIPANT" });
  for (const who of [p, r, g, i]) event.add("LOCATION", [who.street, who.city, who.state, ...(who === p || who === r ? [who.zip] : [])].join(", "));
  for (const who of [p, r, g]) event.add("CONTACT", `${name(who)}, ${who.phone}`);
  for (const [key, value] of Object.entries({ "X-PATIENT-MRN": home.mrn, "X-ACCOUNT-NUMBER": home.account, "X-VISIT-NUMBER": home.visit, "X-MEMBER-ID": home.member, "X-EMPLOYER-NAME": home.employer })) event.add(key, value);
  event.add("DESCRIPTION", [`born ${p.birth}`, `died ${home.died}`, `guarantor born ${g.birth}`, `insured born ${i.birth}`, `SSN ${home.ssn}`, `SSN ${home.guarantorSsn}`].join("\n"));
  return message.toString();
}
