import type { ObjectNode } from "../json/node.ts";
import type { ElementPath } from "./element-path.ts";
import { itemsOf, type Run, textOf, type Within } from "./run.ts";

/** What the text of the standard asks of a resource beyond its definition. */
export function checkResource(node: ObjectNode, type: string, path: ElementPath, _within: Within, run: Run): void {
  const rule = Object.hasOwn(rules, type) ? rules[type] : undefined;
  rule?.(node, path, run);
}

const rules: Readonly<Record<string, (node: ObjectNode, path: ElementPath, run: Run) => void>> = {
  SearchParameter: searchParameter,
  CapabilityStatement: capabilities,
  Bundle: bundle,
};

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
    } else if (!/^(?:https?:\/\/|urn:(?:uuid|oid):|[A-Za-z][A-Za-z0-9+.-]*:)/.test(url)) report.error("FHR-133", "invalid", at, entry.start);
  }
}
