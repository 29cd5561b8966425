import type { Node, ObjectNode, ScalarNode } from "../json/node.ts";
import { checkBinding, checkCoding } from "./binding.ts";
import { conformsTo } from "./conform.ts";
import { checkContained } from "./contained.ts";
import type { Group, Prop, Slot, TypeRef } from "./definitions.ts";
import type { ElementPath } from "./element-path.ts";
import { checkExtensions } from "./extension.ts";
import { checkInvariants } from "./invariant.ts";
import { checkNarrative } from "./narrative.ts";
import { hasForm, jsonKind } from "./primitive.ts";
import { checkIdentifier, checkResource } from "./resource-rules.ts";
import { type Entry, type Run, textOf, type Within } from "./run.ts";

/** A resource as its type has it, then as the profiles that it claims. `within`: the resource or entry around it. */
export function walkResource(node: Node, path: ElementPath, run: Run, around: { readonly container?: ObjectNode; readonly entry?: Entry; readonly profiles?: readonly string[] } = {}): void {
  const { report, definitions } = run;
  if (node.kind !== "object") return report.error("FHR-105", "structure", path, node.start);
  const type = textOf(node, "resourceType");
  const group = definitions.isResource(type) ? definitions.group(type) : undefined;
  if (group === undefined) return report.error("FHR-101", "structure", path, node.start);
  const within: Within = { resource: node, container: around.container ?? node, path, ...(around.entry && { entry: around.entry }) };
  walkGroup(node, group, path, within, run, group.path);
  checkResource(node, type, path, within, run);
  checkContained(node, path, run);
  const meta = node.members.get("meta");
  const claimed = meta?.kind === "object" ? meta.members.get("profile") : undefined;
  const claims = claimed?.kind === "array" ? claimed.items : [];
  for (const [i, claim] of claims.entries()) {
    if (claim.kind !== "string") continue;
    if (!conformsTo(node, claim.text, group, path, within, run)) report.note("FHR-150", "not-found", path.child("meta").child("profile", i), claim.start);
  }
  for (const url of around.profiles ?? []) {
    if (!conformsTo(node, url, group, path, within, run)) report.error("FHR-150", "not-found", path, node.start);
  }
}

/** The elements of a resource or of an element. `type`: where it stands, in the terms of the definitions. `besideValue`: id and extensions of a primitive that has a value. */
export function walkGroup(node: ObjectNode, group: Group, path: ElementPath, within: Within, run: Run, type: string, slot?: Slot, besideValue = false): void {
  const { report } = run;
  let chosen: Map<Slot, string> | undefined;
  let isEmpty = true;
  for (const [key, member] of node.members) {
    if (key === "resourceType" && group.isResource) continue;
    if (key !== "id") isEmpty = false;
    const isShadow = key.charCodeAt(0) === 95;
    const name = isShadow ? key.slice(1) : key;
    const prop = group.props.get(name);
    if (prop === undefined || (isShadow && !prop.isPrimitive)) {
      report.error("FHR-104", "structure", path, member.start);
      continue;
    }
    if (prop.slot.isChoice) {
      chosen ??= new Map();
      const before = chosen.get(prop.slot);
      if (before !== undefined && before !== name) report.error("FHR-107", "structure", path.child(prop.slot.name), member.start);
      chosen.set(prop.slot, name);
    }
    if (isShadow) {
      if (!node.members.has(name)) walkMember(undefined, member, prop, path, within, run);
    } else walkMember(member, prop.isPrimitive ? node.members.get(`_${name}`) : undefined, prop, path, within, run);
  }
  if (isEmpty && !group.isResource && !besideValue) report.error("FHR-108", "invariant", path, node.start, "ele-1");
  for (const slot of group.required) {
    const isThere = slot.names.some((name) => node.members.has(name) || node.members.has(`_${name}`));
    if (!isThere) report.error("FHR-102", "required", path.child(slot.name), node.start);
  }
  if (node.members.has("extension") || node.members.has("modifierExtension")) checkExtensions(node, type, slot?.path, path, within, run);
  checkInvariants(group.invariants, { node, type, within }, path, run);
}

function walkMember(member: Node | undefined, shadow: Node | undefined, prop: Prop, path: ElementPath, within: Within, run: Run): void {
  const { slot } = prop;
  const step = stepOf(prop);
  const { report } = run;
  const whole = member ?? shadow;
  if (whole === undefined) return;
  if (!slot.repeats) {
    if (whole.kind === "array" || shadow?.kind === "array") return report.error("FHR-103", "structure", path.child(step), whole.start);
    return walkValue(member, shadow, prop, path.child(step), within, run);
  }
  if (whole.kind !== "array") {
    report.error("FHR-105", "structure", path.child(step), whole.start);
    return walkValue(member, shadow, prop, path.child(step, 0), within, run);
  }
  if (whole.items.length === 0) report.error("FHR-108", "invalid", path.child(step), whole.start);
  const shadows = shadow?.kind === "array" ? shadow.items : [];
  if (shadow !== undefined && shadow.kind !== "array") report.error("FHR-105", "structure", path.child(step), shadow.start);
  const count = Math.max(member?.kind === "array" ? member.items.length : 0, shadows.length);
  for (let i = 0; i < count; i++) {
    const item = member?.kind === "array" ? member.items[i] : undefined;
    const beside = shadows[i];
    const at = path.child(step, i);
    const isNothing = (each: Node | undefined) => each === undefined || (each.kind === "null" && prop.isPrimitive);
    if (isNothing(item) && isNothing(beside)) report.error("FHR-108", "invariant", at, (item ?? beside ?? whole).start, "ele-1");
    else walkValue(isNothing(item) ? undefined : item, isNothing(beside) ? undefined : beside, prop, at, within, run);
  }
}

/** `value.ofType(Quantity)` is how FHIRPath names a choice. */
export function stepOf({ slot, type }: { readonly slot: Slot; readonly type: TypeRef }): string {
  return slot.isChoice ? `${slot.name}.ofType(${type.code})` : slot.name;
}

function walkValue(node: Node | undefined, shadow: Node | undefined, prop: Prop, path: ElementPath, within: Within, run: Run): void {
  const { slot, type } = prop;
  const { report, definitions } = run;
  if (prop.isPrimitive) {
    if (node !== undefined) walkPrimitive(node, prop, path, within, run);
    if (shadow !== undefined) {
      const element = definitions.group("Element");
      if (shadow.kind !== "object" || element === undefined) report.error("FHR-105", "structure", path, shadow.start);
      else walkGroup(shadow, element, path, within, run, type.code, slot, node !== undefined);
    }
    return;
  }
  if (node?.kind !== "object") return report.error("FHR-105", "structure", path, node?.start ?? 0);
  if (type.code === "Resource") {
    const container = slot.path === "DomainResource.contained" ? within.container : undefined;
    return walkResource(node, path, run, { ...(container && { container }), ...(within.entry && { entry: within.entry }) });
  }
  const group = slot.group() ?? definitions.group(type.code);
  if (group === undefined) return;
  const own = slot.group() === undefined ? type.code : group.path;
  walkGroup(node, group, path, slot.path === "Bundle.entry" ? inEntry(node, within) : within, run, own, slot);
  checkInvariants(slot.invariants, { node, type: own, within }, path, run);
  for (const url of type.profiles) conformsTo(node, url, group, path, within, run);
  if (slot.binding !== undefined) checkBinding(slot.binding, node, type.code, path, run);
  if (type.code === "Reference") run.references.push({ node, path, within, targets: type.targets, slot });
  else if (type.code === "Narrative") checkNarrative(node, path, run);
  else if (type.code === "Coding") checkCoding(node, path, run);
  else if (type.code === "Identifier") checkIdentifier(node, path, run);
}

/** Inside an entry of a Bundle, what it holds is resolved by the entry's own URL. */
function inEntry(node: ObjectNode, within: Within): Within {
  return { ...within, entry: { bundle: within.resource, fullUrl: textOf(node, "fullUrl"), node } };
}

function walkPrimitive(node: Node, { slot, type }: Prop, path: ElementPath, within: Within, run: Run): void {
  const { report } = run;
  if (node.kind !== jsonKind(type.code)) {
    if (node.kind === "null") return report.error("FHR-108", "invalid", path, node.start);
    return report.error("FHR-105", "structure", path, node.start);
  }
  const { text } = node as ScalarNode;
  if (text === "") return report.error("FHR-108", "invariant", path, node.start, "ele-1");
  // Ids of elements have the type string, and those of resources the form of an id (Resource.id has the type id in R4's own rules).
  const form = slot.path === "Resource.id" ? "id" : type.code;
  if (!hasForm(form, text)) return report.error("FHR-106", "value", path, node.start);
  if (slot.binding !== undefined) checkBinding(slot.binding, node, type.code, path, run);
  checkInvariants(slot.invariants, { node, type: type.code, within }, path, run);
}
