import { describe, expect, test } from "vitest";
import type { Format } from "../sdk/index.ts";
import { createBoundary } from "./index.ts";
import { rowOfName } from "./named.ts";
import { destination, envelope, only, partner, tree, label } from "./testing/given.ts";

const boundary = createBoundary();

function refuses(raw: string, format: Format, note: string): boolean {
  const harvest = boundary.harvest(tree(raw, format), format);
  const input = { envelope: envelope(JSON.stringify({ note })), harvest, label: label("none") };
  return boundary.guard({ ...input, destination: destination({ only }), partner: partner() })?.code === "PHI-201";
}

test.each([
  ["mrn", "id"], ["PatientID", "id"], ["patient_last_name", "family"], ["FirstName", "given"], ["GivenName", "given"], ["patient", "person"], ["Name", "person"], ["DOB", "date"],
  ["birthDate", "date"], ["SSN", "id"], ["homePhone", "contact"], ["e-mail", "contact"], ["Address1", "id"], ["zip", "zip"], ["hl7:telecom", "contact"], ["status", "unknown"], ["amount", "unknown"], ["XMLName", "person"],
  ["last", "family"], ["pt_last", "family"], ["lname", "family"], ["first", "given"], ["fname", "given"], ["middle", "given"], ["nok", "person"], ["last_updated", "unknown"], ["first_seen", "unknown"],
])("a column called %s is read as %s", (name, reading) => {
  expect(rowOfName(name).reading).toBe(reading);
});

const csv = 'mrn,last_name,first name,dob,phone,city,status,Q\r\n48213,"Riv\u00e8ra",Jane,01/02/1980,(617) 555-0142,Millbrook,booked,Mulberry 7\r\n77,Lee,Bo,,,,,\r\n';
const xml = '<?xml version="1.0"?><!-- Inga Lindqvist --><order><patient id="48213"><name><family>Rivera</family><given>Jane</given></name><birthTime value="19800102"/></patient><note>call <b>Tomas Okafor</b></note><x>R2D2-4711</x></order>';

describe.each([["csv", csv], ["xml", xml]] as const)("identifiers of %s", (format, raw) => {
  test.each(["48213", "RIVERA", "jane rivera", "Rivera, Jane", "1980-01-02"])("%s does not leave", (note) => {
    expect(refuses(raw, format, note)).toBe(true);
  });
  test("words of its structure do", () => {
    expect(refuses(raw, format, "order status last_name birthTime amount 12")).toBe(false);
  });
});

test.each(["617.555.0142", "Mulberry 7", "Bo Lee"])("of delimited text also in other records and columns: %s", (note) => {
  expect(refuses(csv, "csv", note)).toBe(true);
});

test.each(["Inga Lindqvist", "Tomas Okafor", "R2D2-4711"])("of XML also in comments, mixed text and names nobody knows: %s", (note) => {
  expect(refuses(xml, "xml", note)).toBe(true);
});

test("data where a header was expected is data", () => {
  expect(refuses("48213,Jane Rivera\n48214,Bo Lee\n", "csv", "Jane Rivera")).toBe(true);
  expect(refuses("48213,Jane Rivera\n48214,Bo Lee\n", "csv", "48213")).toBe(true);
});

const short = { csv: "mrn,last,first,nok\n717,Li,Bo,Roe\n", json: JSON.stringify({ people: [{ mrn: "717", last: "Li", first: "Bo", nok: "Roe" }] }), xml: "<r><p mrn='717'><last>Li</last><first>Bo</first><nok>Roe</nok></p></r>" } as const;
describe.each(["csv", "json", "xml"] as const)("short values under a name that says whose they are: %s", (format) => {
  test.each(["717", "Bo Li", "Li, Bo", "of Roe"])("%s does not leave", (note) => {
    expect(refuses(short[format], format, note)).toBe(true);
  });
  test("as a word by itself only", () => {
    expect(refuses(short[format], format, "17170 roebuck lion")).toBe(false);
  });
});

test.each(["Jane Exemplar", "Exemplar", "883341", "Jim Roe", "Roe, Jim", "Jane"])("the first record of a text without the header that was declared is data: %s", (note) => {
  expect(refuses("Jane,Exemplar,19580304,883341\nJim,Roe,19600101,77\n", "csv", note)).toBe(true);
});

test("names of columns are none", () => {
  expect(refuses("Ward,Status,icd10,Amount\nA,B,C,1\n", "csv", "Ward 7, status icd10")).toBe(false);
});

test.each<[Format, string, string]>([
  ["json", '{"patients":{"MRN778812":{"score":1}}}', "MRN778812"],
  ["json", '{"patients":{"MRN778812":{"score":1}}}', "778812"],
  ["xml", "<r><Zebra77123/></r>", "Zebra77123"],
  ["xml", '<r k7714="x"/>', "k7714"],
])("a name with a number in it is a value, in %s: %s", (format, raw, note) => {
  expect(refuses(raw, format, note)).toBe(true);
});

test.each<[Format, string]>([["json", '{"line2":"x","sha256":"x","icd10_code":"x"}'], ["xml", "<r><line2/><sha256/><icd10_code/></r>"]])("but not what programs call so: %s", (format, raw) => {
  expect(refuses(raw, format, "line2 sha256 icd10_code")).toBe(false);
});
