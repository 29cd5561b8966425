import type { Node, ObjectNode } from "../json/node.ts";
import type { ElementPath } from "./element-path.ts";
import { isAbsolute } from "./primitive.ts";
import { itemsOf, type Run, textOf } from "./run.ts";

/** Types of the concept properties that FHIR R4 names (CodeSystem, Defined Concept Properties), by the end of their URI. */
const properties: Readonly<Record<string, string>> = {
  inactive: "boolean", deprecated: "dateTime", deprecationDate: "dateTime", retirementDate: "dateTime", notSelectable: "boolean", parent: "code", child: "code", status: "code", synonym: "code", comment: "string", itemWeight: "decimal",
};
const standard = "http://hl7.org/fhir/concept-properties#";

/** What a code system says of itself is what it has: no concepts where it has no content, properties once and of one type. */
export function checkCodeSystem(node: ObjectNode, path: ElementPath, { report }: Run): void {
  const rule = (at: ElementPath, where: Node, name: string) => report.error("FHR-160", "business-rule", at, where.start, name);
  const content = textOf(node, "content");
  const concepts = itemsOf(node.members.get("concept"));
  const [first] = concepts;
  if (content === "not-present" && first !== undefined) report.error("FHR-160", "invalid", path.child("concept", 0), first.start, "content");
  if (node.members.has("supplements") && content !== "supplement") rule(path.child("content"), node.members.get("content") ?? node, "supplement");
  const declared = new Map<string, string>();
  const uris = new Set<string>();
  for (const [i, property] of itemsOf(node.members.get("property")).entries()) {
    const [code, uri, type] = [textOf(property, "code"), textOf(property, "uri"), textOf(property, "type")];
    const at = path.child("property", i);
    if (declared.has(code) || (uri !== "" && uris.has(uri))) rule(at, property, "property-twice");
    const name = uri.startsWith(standard) ? uri.slice(standard.length) : "";
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (known !== undefined && known !== type) rule(at, property, "property-type");
    if (known !== undefined && code !== name && Object.hasOwn(properties, code)) rule(at, property, "property-name");
    if (!declared.has(code)) declared.set(code, type);
    uris.add(uri);
  }
  for (const [i, concept] of concepts.entries()) checkConcept(concept, path.child("concept", i), declared, rule);
}

function checkConcept(concept: Node, path: ElementPath, declared: ReadonlyMap<string, string>, rule: (at: ElementPath, where: Node, name: string) => void): void {
  if (concept.kind !== "object") return;
  for (const [i, property] of itemsOf(concept.members.get("property")).entries()) {
    if (property.kind !== "object") continue;
    const type = declared.get(textOf(property, "code"));
    const value = [...property.members.keys()].find((key) => /^value[A-Z]/.test(key));
    if (type !== undefined && value !== undefined && value.slice(5).toLowerCase() !== type.toLowerCase()) rule(path.child("property", i), property, "property-value");
  }
  for (const [i, inner] of itemsOf(concept.members.get("concept")).entries()) checkConcept(inner, path.child("concept", i), declared, rule);
}

/** A system in a value set is named by its absolute URL. */
export function checkValueSet(node: ObjectNode, path: ElementPath, { report }: Run): void {
  const compose = node.members.get("compose");
  if (compose?.kind !== "object") return;
  for (const name of ["include", "exclude"]) {
    for (const [i, each] of itemsOf(compose.members.get(name)).entries()) {
      const system = textOf(each, "system");
      if (system !== "" && !isAbsolute(system)) report.error("FHR-160", "invalid", path.child("compose").child(name, i), each.start, "system");
    }
  }
}
