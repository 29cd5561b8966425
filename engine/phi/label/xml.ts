import { type Element, localName } from "../../codec/xml/node.ts";
import type { XmlMessage } from "../../codec/index.ts";
import type { Found } from "../boundary.ts";
import { Seen } from "./seen.ts";
import { isDiagnosisSystem, xmlLabels } from "./tables.ts";

/** What a document in XML says of itself (`schemas/labels/xml.json`): a CDA document's confidentiality, its privacy annotations and its diagnoses. */
export function labelXml({ root }: XmlMessage): Found {
  const seen = new Seen();
  const open: Element[] = [root];
  let isFhir = false;
  for (let element = open.pop(); element !== undefined; element = open.pop()) {
    isFhir ||= element.attributes.some(({ name, value }) => name.startsWith("xmlns") && value === xmlLabels.fhir);
    read(element, isFhir, seen);
    // One by one: a call takes no hundred thousand arguments.
    for (const child of element.children) open.push(child);
  }
  return seen.found();
}

function read(element: Element, isFhir: boolean, seen: Seen): void {
  const name = localName(element.name);
  const code = attribute(element, "code");
  const system = attribute(element, "codeSystem") ?? "";
  if (name === "confidentialityCode" && code === undefined) seen.unknown = true;
  if (isFhir) ofFhir(element, name, seen);
  if (code === undefined) return;
  if (name === "confidentialityCode" || xmlLabels.confidentiality.has(system)) seen.word(code);
  else if (xmlLabels.hints.has(system)) seen.hint(code);
  else if (xmlLabels.diagnoses.has(system)) seen.diagnosis(code);
}

/** A resource in XML: its labels are not read, and its diagnoses are. */
function ofFhir(element: Element, name: string, seen: Seen): void {
  if (xmlLabels.inFhir.has(name)) seen.unknown = true;
  const child = (wanted: string) => element.children.find((each) => localName(each.name) === wanted);
  const [system, code] = [child("system"), child("code")].map((each) => each && attribute(each, "value"));
  if (system !== undefined && code !== undefined && isDiagnosisSystem(system)) seen.diagnosis(code);
}

function attribute({ attributes }: Element, name: string): string | undefined {
  const value = attributes.find((each) => localName(each.name) === name)?.value.trim();
  return value === "" ? undefined : value;
}
