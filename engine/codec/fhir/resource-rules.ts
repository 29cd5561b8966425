import type { ObjectNode } from "../json/node.ts";
import type { ElementPath } from "./element-path.ts";
import { conformsTo } from "./conform.ts";
import { isAbsolute } from "./primitive.ts";
import { checkCodeSystem, checkValueSet } from "./terminology-rules.ts";
import { itemsOf, type Run, textOf, type Within } from "./run.ts";

/** What the text of the standard asks of a resource beyond its definition. */
export function checkResource(node: ObjectNode, type: string, path: ElementPath, within: Within, run: Run): void {
  const rule = Object.hasOwn(rules, type) ? rules[type] : undefined;
  rule?.(node, path, run, within);
}

const rules: Readonly<Record<string, (node: ObjectNode, path: ElementPath, run: Run, within: Within) => void>> = {
  SearchParameter: searchParameter,
  CapabilityStatement: capabilities,
  Bundle: bundle,
  Observation: vitalSign,
  CodeSystem: checkCodeSystem,
  ValueSet: checkValueSet,
};

/** LOINC codes whose observations are held to a profile by FHIR itself (R4, Vital Signs Profile: the table of codes). */
const vitalSigns: Readonly<Record<string, string>> = {
  "85353-1": "vitalspanel", "9279-1": "resprate", "8867-4": "heartrate", "2708-6": "oxygensat", "8310-5": "bodytemp",
  "8302-2": "bodyheight", "9843-4": "headcircum", "29463-7": "bodyweight", "39156-5": "bmi", "85354-9": "bp",
};

function vitalSign(node: ObjectNode, path: ElementPath, run: Run, within: Within): void {
  const code = node.members.get("code");
  const codings = code?.kind === "object" ? itemsOf(code.members.get("coding")) : [];
  const group = run.definitions.group("Observation");
  for (const coding of codings) {
    const name = vitalSigns[textOf(coding, "code")];
    if (name !== undefined && group !== undefined && textOf(coding, "system") === "http://loinc.org") conformsTo(node, `http://hl7.org/fhir/StructureDefinition/${name}`, group, path, within, run);
  }
}

/** An identifier of the system for URIs is one (FHIR R4, Identifier). */
export function checkIdentifier(node: ObjectNode, path: ElementPath, { report }: Run): void {
  const value = textOf(node, "value");
  if (textOf(node, "system") === "urn:ietf:rfc:3986" && value !== "" && !isAbsolute(value)) report.error("FHR-160", "code-invalid", path, node.start, "uri-identifier");
}

/** A composite parameter is made of two or more. */
function searchParameter(node: ObjectNode, path: ElementPath, { report }: Run): void {
  if (textOf(node, "type") === "composite" && itemsOf(node.members.get("component")).length < 2) report.error("FHR-160", "business-rule", path, node.start, "composite");
}

/** A parameter that names one of the standard has its type. */
function capabilities(node: ObjectNode, path: ElementPath, { report, definitions }: Run): void {
  for (const [i, rest] of itemsOf(node.members.get("rest")).entries()) {
    if (rest.kind !== "object") continue;
    for (const [j, resource] of itemsOf(rest.members.get("resource")).entries()) {
      if (resource.kind !== "object") continue;
      for (const [k, each] of itemsOf(resource.members.get("searchParam")).entries()) {
        const [, owner = "", name = ""] = /^http:\/\/hl7\.org\/fhir\/SearchParameter\/([A-Za-z]+)-([^|]+)/.exec(textOf(each, "definition")) ?? [];
        const type = definitions.searchType(owner, name);
        if (type !== undefined && type !== textOf(each, "type")) report.error("FHR-160", "invalid", path.child("rest", i).child("resource", j).child("searchParam", k), each.start, "search-type");
      }
    }
  }
}

/** In a batch, a transaction and their answers an entry may have no URL yet. */
const mayLackUrl: ReadonlySet<string> = new Set(["batch", "batch-response", "transaction", "transaction-response"]);

/** FHIR R4 2.36.2 (bundle resolution): the URL of an entry is absolute, and ends as the resource has its id. */
function bundle(node: ObjectNode, path: ElementPath, { report }: Run): void {
  const type = textOf(node, "type");
  for (const [i, entry] of itemsOf(node.members.get("entry")).entries()) {
    if (entry.kind !== "object" || !entry.members.has("resource")) continue;
    const url = textOf(entry, "fullUrl");
    const at = path.child("entry", i);
    if (url === "") {
      if (!mayLackUrl.has(type)) report.error("FHR-133", "required", at, entry.start);
    } else if (!isAbsolute(url)) report.error("FHR-133", "invalid", at, entry.start);
    const resource = entry.members.get("resource");
    const [, kind, id] = /\/([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})$/.exec(url) ?? [];
    const own = textOf(resource, "id");
    if (/^https?:/.test(url) && kind === textOf(resource, "resourceType") && own !== "" && own !== id) report.error("FHR-160", "invalid", at, entry.start, "entry-id");
  }
}
