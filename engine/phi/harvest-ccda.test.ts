import { existsSync, globSync, readFileSync } from "node:fs";
import { expect, it, test } from "vitest";
import stop from "../../schemas/identifiers/stop.json" with { type: "json" };
import { decode } from "../codec/bytes/index.ts";
import { parseXml, type XmlMessage } from "../codec/index.ts";
import { type Element, localName } from "../codec/xml/node.ts";
import { createBoundary } from "./index.ts";
import { channel, destination, envelope, label, mint, only, partner } from "./testing/given.ts";

const boundary = createBoundary();
const corpus = "../shared/corpora/ccda";
const here = existsSync(corpus);
if (!here && !process.env["CI"]) process.stdout.write(`skipped: C-CDA documents are not at ${corpus}\n`);

function refusing(message: XmlMessage): (note: string) => boolean {
  const harvest = boundary.harvest(message, "xml");
  const input = { harvest, label: label("none"), destination: destination({ only }), partner: partner() };
  return (note) => boundary.guard({ ...input, envelope: envelope(JSON.stringify({ note })) })?.code === "PHI-201";
}

/** What a CDA document says of persons, wherever they stand: names, ids, addresses, telephones and days, by the elements of the standard. */
function* persons(element: Element, path: string): Generator<readonly [path: string, value: string]> {
  const name = localName(element.name);
  const at = `${path}/${name}`;
  const words = (of: Element) => of.runs.map(({ value }) => value).join("").trim();
  const attribute = (wanted: string) => element.attributes.find((each) => each.name === wanted)?.value ?? "";
  const part = (wanted: string) => element.children.filter((each) => localName(each.name) === wanted).map(words).find((value) => value !== "");
  const [given, family] = [part("given"), part("family")];
  if (name === "name" && given && family) yield* [[at, `${given} ${family}`], [at, `${family}, ${given}`]] as const;
  else if (name === "name" && words(element) !== "") yield [at, words(element)];
  if (name === "id") yield [at, attribute("extension")];
  if (name === "id" && attribute("extension") === "") yield [at, attribute("root")];
  if (name === "streetAddressLine" || name === "postalCode") yield [at, words(element)];
  if (name === "telecom") yield [at, attribute("value").replace(/^\w+:/, "")];
  if (/^(?:birthTime|deceasedTime|effectiveTime|time|low|high)$/.test(name) && isDay(attribute("value"))) yield [at, `${attribute("value").slice(0, 4)}-${attribute("value").slice(4, 6)}-${attribute("value").slice(6, 8)}`];
  for (const child of element.children) yield* persons(child, at);
}

function isDay(value: string): boolean {
  return /^\d{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\d{2}|\d{4}|\d{6})?(?:\.\d+)?(?:[+-]\d{4})?$/.test(value);
}

/** What stands for nobody, what is too short to say anything, and the OIDs of whoever gives numbers. */
function isNobody(value: string): boolean {
  const plain = value.replace(/[^\p{L}\p{N}]+/gu, "").toLowerCase();
  return plain.length < 3 || stop.values.includes(plain) || /^[012](?:\.\d+)+$/.test(value);
}

it.skipIf(!here && !process.env["CI"])("nothing that a C-CDA document of the corpora says of a person leaves", () => {
  const left: string[] = [];
  let looked = 0;
  for (const file of globSync(`${corpus}/**/*.xml`)) {
    let message: XmlMessage;
    try {
      message = parseXml(decode(readFileSync(file), { format: "xml" }).text);
    } catch {
      continue;
    }
    const refuses = refusing(message);
    for (const [path, value] of persons(message.root, "")) {
      if (isNobody(value)) continue;
      looked++;
      if (!refuses(value)) left.push(`${file.split("/").at(-1)} ${path}`);
    }
  }
  expect(looked).toBeGreaterThan(300);
  expect(left).toEqual([]);
}, 60_000);

const person = (given: string, family: string) => `<name><given>${given}</given><family>${family}</family></name>`;
const address = (street: string) => `<addr><streetAddressLine>${street}</streetAddressLine><city>Millbrook</city><postalCode>02139</postalCode></addr>`;
const document = `<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:sdtc="urn:hl7-org:sdtc"><id root="1.2.3" extension="DOC7741902"/><effectiveTime value="202603091200-0500"/>
  <recordTarget><patientRole><id root="1.2.3.4" extension="90017734"/>${address("4 Old Mill Lane")}<telecom value="tel:+1(617)555-0143"/>
    <patient>${person("Jane", "Lindqvist")}<birthTime value="19800102"/><sdtc:deceasedTime value="20250704"/>
      <guardian><id root="1.2.3.4" extension="G5520193"/>${address("77 Tannery Court")}<telecom value="mailto:olaf.p@example.net"/><guardianPerson>${person("Olaf", "Peregrine")}</guardianPerson></guardian>
      <birthplace><place>${address("9 Bayou Terrace")}</place></birthplace></patient></patientRole></recordTarget>
  <author><time value="20260309"/><assignedAuthor><id root="2.16.840.1.113883.4.6" extension="1999999984"/><assignedPerson>${person("Uma", "Quartzman")}</assignedPerson></assignedAuthor></author>
  <informant><relatedEntity classCode="PRS">${address("31 Larch Parkway")}<relatedPerson>${person("Bjork", "Thorsdottir")}</relatedPerson></relatedEntity></informant>
  <participant typeCode="IND"><associatedEntity classCode="ECON"><id extension="PE8830017"/><associatedPerson><name>Karl Brandvold</name></associatedPerson></associatedEntity></participant>
  <componentOf><encompassingEncounter><id extension="VN44920018"/><effectiveTime><low value="20260301"/></effectiveTime></encompassingEncounter></componentOf>
  <component><structuredBody><component><section><text>She called from <content>617-555-0188</content>.</text></section></component></structuredBody></component></ClinicalDocument>`;

test.each([
  "DOC7741902", "90017734", "4 Old Mill Lane", "617-555-0143", "Jane Lindqvist", "LINDQVIST, JANE", "1980-01-02", "July 4, 2025", "G5520193", "77 Tannery Court", "olaf.p@example.net", "Olaf Peregrine", "9 Bayou Terrace",
  "Uma Quartzman", "31 Larch Parkway", "Bjork Thorsdottir", "PE8830017", "Karl Brandvold", "VN44920018", "03/01/2026", "(617) 555-0188",
])("%s of a document does not leave", (note) => {
  expect(refusing(parseXml(document))(note)).toBe(true);
});

test("a document has no policy, so it is not de-identified", () => {
  const spec = { method: "safe-harbor", dates: "year", ids: "surrogate" } as const;
  const asked = { text: document, format: "xml", channel: channel(), destination: destination({ format: "xml", deidentify: spec }), partner: partner(), raw: parseXml(document), now: 0, mint } as const;
  expect(boundary.deidentify(asked)).toEqual({ refusal: { code: "PHI-230", rule: "policy", where: "xml" } });
});
