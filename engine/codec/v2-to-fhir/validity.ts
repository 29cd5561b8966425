import type { Node } from "./draft.ts";
import { inVitalSigns } from "./vital-signs.ts";

const extensions = "http://hl7.org/fhir/StructureDefinition/";
const unknown = (): Node => ({ extension: [{ url: `${extensions}data-absent-reason`, valueCode: "unknown" }] });

/**
 * What FHIR R4 asks of a value beyond its elements, and a field of a message can break. Nothing is lost: what a rule wants and the message does not say is
 * marked as unknown.
 */
export const validity: Readonly<Record<string, (node: Node) => void>> = { Address: address, ContactPoint: contactPoint, Identifier: identifier, Observation: inVitalSigns, Organization: organization, Patient: patient };

/** The parts of an address that ISO 21090 names extend its lines, not the address (context of iso21090-ADXP-*). */
function address(node: Node): void {
  const all = (node["extension"] ?? []) as readonly Node[];
  const parts = all.filter(({ url }) => String(url).startsWith(`${extensions}iso21090-ADXP-`));
  if (parts.length === 0) return;
  node["extension"] = all.filter((each) => !parts.includes(each));
  const lines = (node["_line"] ??= []) as (Node | null)[];
  const first = (lines[0] ??= {});
  first["extension"] = [...((first["extension"] ?? []) as readonly Node[]), ...parts];
  while (lines.length < ((node["line"] ?? []) as readonly unknown[]).length) lines.push(null);
}

/** cpt-2: a value has a system; XTN[ContactPoint] says so of what has neither too. */
function contactPoint(node: Node): void {
  if (node["system"] === undefined) node["_system"] ??= unknown();
}

/** An identifier that is a URI is a whole one: `urn:oid:` and `urn:uuid:` belong to the value (R4, Identifier.system). */
function identifier(node: Node): void {
  const { system, value } = node;
  if (system !== "urn:ietf:rfc:3986" || typeof value !== "string" || /^[A-Za-z][A-Za-z0-9+.-]*:\S/.test(value)) return;
  if (/^[0-2](?:\.(?:0|[1-9]\d*))+$/.test(value)) node["value"] = `urn:oid:${value}`;
  else if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) node["value"] = `urn:uuid:${value.toLowerCase()}`;
  // What has the form of neither is no URI, whatever the message calls it.
  else delete node["system"];
}

/** org-1: an identifier or a name. */
function organization(node: Node): void {
  if (node["identifier"] === undefined && node["name"] === undefined) node["_name"] ??= unknown();
}

/** PID-35 and PID-36 are one patient-animal, which has a species. */
function patient(node: Node): void {
  const url = `${extensions}patient-animal`;
  const all = (node["extension"] ?? []) as readonly Node[];
  const animals = all.filter((each) => each["url"] === url);
  if (animals.length === 0) return;
  const parts = animals.flatMap((each) => (each["extension"] ?? []) as readonly Node[]);
  const species = parts.some((each) => each["url"] === "species") ? [] : [{ url: "species", valueCodeableConcept: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-NullFlavor", code: "UNK" }] } }];
  node["extension"] = [...all.filter((each) => !animals.includes(each)), { url, extension: [...species, ...parts] }];
}
