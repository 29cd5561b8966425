import type { Node } from "../json/node.ts";
import type { ElementPath } from "./element-path.ts";
import { itemsOf, type Run, textOf } from "./run.ts";

/** Sets whose codes are chosen by a form, not by a list. */
const byForm: Readonly<Record<string, (code: string) => boolean>> = {
  // The short names are what a server may say in CapabilityStatement.format and in `_format`.
  "http://hl7.org/fhir/ValueSet/mimetypes": (code) => /^(?:xml|json|ttl)$/.test(code) || /^[\w!#$&^.+-]+\/[\w!#$&^.+*-]+(?:\s*;\s*[\w!#$&^.+-]+=(?:[^\s;"]+|"[^"]*"))*;?$/.test(code),
  "http://hl7.org/fhir/ValueSet/languages": isLanguage,
  "http://hl7.org/fhir/ValueSet/all-languages": isLanguage,
  "http://hl7.org/fhir/ValueSet/currencies": (code) => /^[A-Z]{3}$/.test(code),
};

/** RFC 5646 2.1, well-formed. */
function isLanguage(code: string): boolean {
  return /^(?:[A-Za-z]{2,8}(?:-[A-Za-z]{3}){0,3}|[iIxX])(?:-[A-Za-z0-9]{1,8})*$/.test(code);
}

/** A code that must be of a set. A set that is not shipped leaves nothing to check. */
export function checkBinding(set: string, node: Node, type: string, path: ElementPath, run: Run): void {
  if (isBound(set, node, type, run) === false) run.report.error("FHR-111", "code-invalid", path, node.start, set);
}

/** Undefined where that cannot be told. */
export function isBound(set: string, node: Node, type: string, run: Run): boolean | undefined {
  const { definitions } = run;
  if (node.kind === "string") {
    const form = Object.hasOwn(byForm, set) ? byForm[set] : undefined;
    return form !== undefined ? form(node.text) : definitions.codes(set)?.has(node.text);
  }
  const systems = definitions.set(set);
  if (node.kind !== "object" || systems === undefined) return undefined;
  const has = (coding: Node) => systems.get(textOf(coding, "system"))?.has(textOf(coding, "code")) === true;
  if (type === "CodeableConcept") return itemsOf(node.members.get("coding")).some(has);
  return type === "Coding" || type === "Quantity" ? has(node) : undefined;
}

/** A code of a system that is published with FHIR is one of its codes. */
export function checkCoding(node: Node, path: ElementPath, { report, definitions }: Run): void {
  const code = textOf(node, "code");
  const codes = code === "" ? undefined : definitions.system(textOf(node, "system"));
  if (codes?.has(code) === false) report.error("FHR-115", "code-invalid", path.child("code"), node.start);
}
