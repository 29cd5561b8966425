import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { readTree } from "../../codec/index.ts";
import type { DeidentifySpec } from "../../config/project.ts";
import type { Mint } from "../boundary.ts";
import { createBoundary } from "../index.ts";
import { agreement, channel, destination, envelope, partner } from "../testing/given.ts";
import { now } from "./given.fixture.ts";
import { configurationHash } from "./index.ts";

/** The same answers as the store gives: by what is asked, and by nothing else. */
const days: Readonly<Record<string, number>> = { "acme 90017734^^^NS": 33, "other 90017734^^^NS": -61, "acme 90017735^^^NS": 90, "acme 90017734^^^SOUTH": 120 };
const mint: Mint = {
  surrogate: (to, kind, value) => `token ${to} ${kind} ${value?.length}`.replaceAll(" ", "-"),
  pseudonym: (owner, to, kind, value) => `ps-${createHash("sha256").update([owner, to, kind, value].join(" of ")).digest("hex").slice(0, 32)}`,
  shiftDays: (_, to, patient) => days[`${to} ${patient}`] ?? 200,
};
const spec: DeidentifySpec = { method: "expert", dates: "shift", ids: "pseudonym", certificate: "ED-1" };

/** `from`: the raw message, of HL7 v2, where a transform made the text of it. */
function lowered(format: "hl7v2" | "fhir", text: string, to = "acme", deidentify = spec, from?: string): string {
  const at = destination({ sends: "deidentified", partner: to, format, deidentify });
  const determination = { expert: "A. Expert", configHash: configurationHash(at) ?? "", recipients: [to] };
  const party = partner({ name: to, agreements: [agreement({ id: "ED-1", basis: "expert-determination", determination })] });
  const came = from === undefined ? format : "hl7v2";
  const source = { ...channel().source, format: came };
  const boundary = createBoundary();
  const raw = readTree(came, from ?? text);
  const out = boundary.deidentify({ text, format, channel: channel({ source }), destination: at, partner: party, raw, now, mint });
  if ("refusal" in out) throw new Error(JSON.stringify(out.refusal));
  const label = { level: "deidentified", method: deidentify.method === "expert" ? "expert:ED-1" : "safe-harbor", compartments: [], owners: ["northside"], obligations: [] } as const;
  expect(boundary.guard({ envelope: envelope(out.text), harvest: boundary.harvest(raw, came), label, destination: at, partner: party, exempt: [] })).toBeUndefined();
  return out.text;
}

const hl7 = (mrn = "90017734") => `MSH|^~\\&|LIS|NS|||20260410||ORU^R01|C77|P|2.5.1\rPID|1||${mrn}^^^NS^MR||Rivera^Jane||19800102|F\rDG1|1||E11.9^^I10||20260301`;
const fhir = JSON.stringify({
  resourceType: "Patient", id: "p1", identifier: [{ type: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v2-0203", code: "MR" }] }, system: "urn:oid:1.2.3", value: "90017734" }],
  name: [{ family: "Rivera", given: ["Jane"] }], birthDate: "1980-01-02", gender: "female", address: [{ line: ["12 Elm Street"], city: "Millbrook", state: "MA", postalCode: "02139" }],
});

it("what a message of HL7 v2 becomes moves by the same days in HL7 v2 and in FHIR, and toward another partner by others", () => {
  expect(lowered("hl7v2", hl7())).toContain("|19800204|");
  expect(lowered("fhir", fhir, "acme", spec, hl7())).toContain('"1980-02-04"');
  expect(lowered("hl7v2", hl7(), "other")).toContain("|19791102|");
  expect(lowered("fhir", fhir, "other", spec, hl7())).toContain('"1979-11-02"');
});

it("in FHIR alone a patient is who the logical id says, in every resource", () => {
  const observation = JSON.stringify({ resourceType: "Observation", id: "o1", status: "final", code: { coding: [{ system: "http://loinc.org", code: "2345-7" }] }, subject: { reference: "Patient/p1" }, effectiveDateTime: "2026-03-01" });
  expect(lowered("fhir", fhir)).toContain('"1980-07-20"');
  expect(lowered("fhir", observation)).toContain('"2026-09-17"');
});

it("each message of a patient moves alike, so that intervals stay; another patient's moves by others", () => {
  const later = hl7().replace("20260301", "20260331");
  expect([lowered("hl7v2", hl7()), lowered("hl7v2", later)].map((text) => /I10\|\|(\d+)/.exec(text)?.[1])).toEqual(["20260403", "20260503"]);
  expect(lowered("hl7v2", hl7("90017735"))).toContain("|19800401|");
});

const nameIn = (text: string) => /ps-[0-9a-f]{32}/.exec(text.replace(/"id":"[^"]*"/, ""))?.[0];

it("a patient of one message has one name in both formats, whatever system a transform wrote", () => {
  const name = nameIn(lowered("hl7v2", hl7()));
  expect(name).toBeDefined();
  expect(nameIn(lowered("fhir", fhir, "acme", spec, hl7()))).toBe(name);
  const nobodys = hl7().replace("^^^NS^MR", "");
  expect(nameIn(lowered("fhir", fhir, "acme", spec, nobodys))).toBe(nameIn(lowered("hl7v2", nobodys)));
});

it("a number of two authorities is two patients, by their names and by their days", () => {
  const north = hl7();
  const south = north.replace("^^^NS^", "^^^SOUTH^");
  expect(nameIn(lowered("hl7v2", south))).not.toBe(nameIn(lowered("hl7v2", north)));
  expect(lowered("hl7v2", south)).toContain("|19800501|");
  const other = fhir.replace("urn:oid:1.2.3", "urn:oid:1.2.4");
  expect(nameIn(lowered("fhir", other))).not.toBe(nameIn(lowered("fhir", fhir)));
});

it("an authority with a universal id is the system that FHIR writes for it", () => {
  for (const authority of ["NS&1.2.3&ISO", "&1.2.3&", "OTHER&1.2.3&iso"]) {
    expect(nameIn(lowered("hl7v2", hl7().replace("^^^NS^", `^^^${authority}^`)))).toBe(nameIn(lowered("fhir", fhir)));
  }
});

it("Safe Harbor of both keeps the year, the state and three digits of the ZIP code", () => {
  const safeHarbor: DeidentifySpec = { method: "safe-harbor", dates: "year", ids: "surrogate" };
  expect(lowered("hl7v2", hl7(), "acme", safeHarbor)).toContain("||||1980|F");
  expect(lowered("fhir", fhir, "acme", safeHarbor)).toMatch(/"postalCode":"021".*"birthDate":"1980"/);
});
