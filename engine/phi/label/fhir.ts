import type { JsonTree } from "../../codec/index.ts";
import { purposeNames } from "../../config/schema/words.ts";
import type { Found } from "../boundary.ts";
import { isNotice } from "../notice.ts";
import { Seen } from "./seen.ts";
import { fhirLabels, isDiagnosisSystem, withoutVersion } from "./tables.ts";

type Node = JsonTree["root"];
type ObjectNode = Extract<Node, { readonly kind: "object" }>;

/**
 * What FHIR says of itself (`schemas/labels/fhir.json`): the security labels of the resource, of every resource inside it and of single elements, and diagnoses.
 * A Bundle is as sensitive as all that is in it. Of plain JSON the resources in it are read, and diagnoses that name their system.
 */
export function labelFhir(tree: JsonTree): Found {
  const seen = new Seen();
  walk(tree.root, seen);
  return seen.found();
}

interface Count {
  /** Elements with labels of their own. */
  inline: number;
}

/** A resource is judged by itself, with what is inside it. */
function resource(node: ObjectNode, around: Seen): void {
  const seen = new Seen();
  const count: Count = { inline: 0 };
  const meta = node.members.get("meta");
  const labels = meta?.kind === "object" ? meta.members.get("security") : undefined;
  const announced = labels !== undefined && security(labels, seen);
  for (const [name, member] of node.members) if (name !== "meta") part(name, member, seen, count);
  if (meta) walk(meta, seen, count);
  // Somewhere inside stands what must be handled apart, and it is not found.
  if (announced && count.inline === 0) seen.unknown = true;
  around.include(seen);
}

/** `count`: of the resource that it stands in, if any. */
function walk(node: Node, seen: Seen, count?: Count): void {
  if (node.kind === "array") {
    for (const item of node.items) walk(item, seen, count);
    return;
  }
  if (node.kind !== "object") return;
  if (node.members.has("resourceType")) {
    resource(node, seen);
    return;
  }
  if (textOf(node, "url")?.endsWith(fhirLabels.inline)) {
    if (count) count.inline++;
    for (const [name, member] of node.members) if (name.startsWith("value")) concept(member, seen);
    return;
  }
  const system = textOf(node, "system");
  const code = textOf(node, "code");
  if (system !== undefined && code !== undefined && isDiagnosisSystem(system)) seen.diagnosis(code);
  for (const [name, member] of node.members) part(name, member, seen, count);
}

/** A member: a label of its own, or what may hold some. */
function part(name: string, member: Node, seen: Seen, count?: Count): void {
  if (count && fhirLabels.elements.has(name)) concept(member, seen);
  else if (count && fhirLabels.confidentiality.has(name)) word(member, seen);
  else walk(member, seen, count);
}

/** A label where it is an element of its own: a coding, a concept of several codings, or a list of these. */
function concept(node: Node, seen: Seen): void {
  if (node.kind === "array") {
    for (const item of node.items) concept(item, seen);
    return;
  }
  const codings = node.kind === "object" ? node.members.get("coding") : undefined;
  if (codings?.kind === "array" && codings.items.length > 0) concept(codings, seen);
  else {
    const purpose = label(node, seen);
    if (purpose !== undefined) seen.purpose([purpose]);
  }
}

function word(node: Node, seen: Seen): void {
  if (node.kind === "string") seen.word(node.text);
  else seen.unknown = true;
}

/** `meta.security`; says whether it announces labels of single elements. What is no list of codings is not known. */
function security(labels: Node, seen: Seen): boolean {
  if (labels.kind !== "array") {
    seen.unknown = true;
    return false;
  }
  let announced = false;
  const purposes: string[] = [];
  for (const item of labels.items) {
    const purpose = label(item, seen);
    if (purpose !== undefined) purposes.push(purpose);
    announced ||= item.kind === "object" && textOf(item, "code") === fhirLabels.announces;
  }
  if (purposes.length > 0) seen.purpose(purposes);
  return announced;
}

/** One label; gives the purpose of use that it names. */
function label(item: Node, seen: Seen): string | undefined {
  if (item.kind !== "object") {
    seen.unknown = true;
    return undefined;
  }
  const system = withoutVersion(textOf(item, "system"));
  const code = textOf(item, "code");
  // The notice that this engine writes stands beside its codes; any other sentence restricts in words that no table knows.
  if (code === undefined) {
    seen.unknown ||= system !== undefined || !isNotice(textOf(item, "display") ?? "");
    return undefined;
  }
  if (system !== undefined && fhirLabels.silent.has(system)) return undefined;
  if (system !== undefined && fhirLabels.purposes.has(system)) {
    if (!purposeNames.some((name) => name === code)) seen.unknown = true;
    return code;
  }
  if (system === undefined || fhirLabels.labels.has(system)) seen.word(code);
  else seen.unknown = true;
  return undefined;
}

function textOf(node: ObjectNode, name: string): string | undefined {
  const member = node.members.get(name);
  return member?.kind === "string" ? member.text : undefined;
}
