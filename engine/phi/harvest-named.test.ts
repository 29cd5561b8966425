import { describe, expect, test } from "vitest";
import type { Format } from "../sdk/index.ts";
import { createBoundary } from "./index.ts";
import { rowOfName } from "./named.ts";
import { destination, envelope, only, partner, tree } from "./testing/given.ts";

const boundary = createBoundary();

function refuses(raw: string, format: Format, note: string): boolean {
  const harvest = boundary.harvest(tree(raw, format), format);
  const input = { envelope: envelope(JSON.stringify({ note })), harvest, label: { level: "none", compartments: [] } as const };
  return boundary.guard({ ...input, destination: destination({ only }), partner: partner() })?.code === "PHI-201";
}

test.each([
  ["mrn", "id"], ["PatientID", "id"], ["patient_last_name", "family"], ["FirstName", "given"], ["GivenName", "given"], ["patient", "person"], ["Name", "person"], ["DOB", "date"],
  ["birthDate", "date"], ["SSN", "id"], ["homePhone", "contact"], ["e-mail", "contact"], ["Address1", "id"], ["zip", "zip"], ["hl7:telecom", "contact"], ["status", "unknown"], ["amount", "unknown"], ["XMLName", "person"],
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
