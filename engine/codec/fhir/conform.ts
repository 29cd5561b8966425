import type { Node, ObjectNode } from "../json/node.ts";
import { isBound } from "./binding.ts";
import type { Group, Slot, TypeRef } from "./definitions.ts";
import type { ElementPath } from "./element-path.ts";
import { checkInvariants } from "./invariant.ts";
import { holdsPattern, isFixed } from "./match.ts";
import type { Constraint } from "./profile.ts";
import type { Run, Within } from "./run.ts";
import { checkSlices } from "./slices.ts";

/** A value of an element, with what its type says about it. */
export interface Item {
  /** Absent for a primitive that has extensions alone. */
  readonly node: Node | undefined;
  /** Id and extensions of a primitive. */
  readonly shadow: Node | undefined;
  readonly type: TypeRef;
  readonly slot: Slot;
  readonly path: ElementPath;
}

/** Holds a value to a profile and reports what differs; false when no such profile is shipped. */
export function conformsTo(node: ObjectNode, url: string, group: Group, path: ElementPath, within: Within, run: Run): boolean {
  const profile = run.definitions.profile(url);
  if (profile === undefined) return run.definitions.group(url.replace(/^http:\/\/hl7\.org\/fhir\/StructureDefinition\//, "").replace(/\|.*$/, "")) !== undefined;
  const type = within.resource === node || profile.type === "Extension" ? group.path : profile.type;
  if (within.resource === node && !run.definitions.isA(group.path, profile.type)) run.report.error("FHR-107", "structure", path, node.start, url);
  else {
    checkInvariants(profile.root.invariants, { node, type, within }, path, run);
    checkChildren(node, profile.root, group, path, within, run);
  }
  return true;
}

export function checkChildren(node: ObjectNode, constraint: Constraint, group: Group, path: ElementPath, within: Within, run: Run): void {
  for (const child of constraint.children.values()) {
    const slot = group.slot(child.name);
    if (slot === undefined) continue;
    const items = itemsAt(node, slot, path);
    checkCount(items, child, path.child(child.name), node.start, run);
    for (const item of items) checkItem(item, child, within, run);
    if (child.slices.size > 0) checkSlices(items, child, path.child(child.name), node, within, run);
  }
}

export function checkCount(items: readonly Item[], { min, max }: Constraint, path: ElementPath, at: number, run: Run): void {
  if (min !== undefined && items.length < min) run.report.error("FHR-102", "required", path, at);
  if (max !== undefined && items.length > max) run.report.error("FHR-103", "structure", path, items[max]?.node?.start ?? at);
}

/** One value, held to what a profile asks of its element. */
export function checkItem(item: Item, constraint: Constraint, within: Within, run: Run): void {
  const { node, shadow, type, slot, path } = item;
  const { report, definitions } = run;
  const start = node?.start ?? shadow?.start ?? 0;
  if (constraint.types !== undefined) {
    const allowed = constraint.types.filter(({ code }) => code === type.code || (code === "Resource" && node !== undefined));
    if (allowed.length === 0) report.error("FHR-107", "structure", path, start);
    else if (type.code === "Reference" && node?.kind === "object") {
      run.references.push({ node, path, within, targets: allowed.flatMap(({ targets }) => targets), slot });
    }
  }
  if (node !== undefined) {
    if (constraint.fixed !== undefined && !isFixed(node, constraint.fixed)) report.error("FHR-112", "value", path, start);
    if (constraint.pattern !== undefined && !holdsPattern(node, constraint.pattern)) report.error("FHR-112", "value", path, start);
    if (constraint.binding !== undefined && isBound(constraint.binding, node, type.code, run) === false) report.error("FHR-111", "code-invalid", path, start, constraint.binding);
    if (constraint.invariants.length > 0) {
      const group = slot.group();
      checkInvariants(constraint.invariants, { node, type: group?.path ?? type.code, within }, path, run);
    }
  }
  if (constraint.children.size === 0) return;
  const content = groupOf(item, run);
  if (content !== undefined) checkChildren(content.node, constraint, content.group, path, within, run);
  else if (definitions.isPrimitive(type.code)) missingExtensions(constraint, path, start, run);
}

/** A primitive without id and extensions, of which a profile asks for some. */
function missingExtensions({ children }: Constraint, path: ElementPath, start: number, run: Run): void {
  const extensions = children.get("extension");
  if (extensions === undefined) return;
  const needed = (extensions.min ?? 0) > 0 || [...extensions.slices.values()].some(({ min = 0 }) => min > 0);
  if (needed) run.report.error("FHR-102", "required", path.child("extension"), start);
}

/** The elements inside a value: its own, or those beside a primitive. */
export function groupOf({ node, shadow, type, slot }: Item, { definitions }: Run): { readonly node: ObjectNode; readonly group: Group } | undefined {
  const isPrimitive = definitions.isPrimitive(type.code);
  const holder = isPrimitive ? shadow : node;
  const group = isPrimitive ? definitions.group("Element") : (slot.group() ?? definitions.group(type.code));
  return holder?.kind === "object" && group !== undefined ? { node: holder, group } : undefined;
}

/** The values of an element, whatever type its name in JSON chooses. */
export function itemsAt(node: ObjectNode, slot: Slot, path: ElementPath): readonly Item[] {
  const out: Item[] = [];
  for (const [i, name] of slot.names.entries()) {
    const main = node.members.get(name);
    const beside = node.members.get(`_${name}`);
    if (main === undefined && beside === undefined) continue;
    const type = slot.types[i] as TypeRef;
    const step = slot.isChoice ? `${slot.name}.ofType(${type.code})` : slot.name;
    if (main?.kind !== "array" && beside?.kind !== "array") {
      out.push({ node: main, shadow: beside, type, slot, path: path.child(step) });
      continue;
    }
    const mains = main?.kind === "array" ? main.items : [];
    const besides = beside?.kind === "array" ? beside.items : [];
    for (let at = 0; at < Math.max(mains.length, besides.length); at++) {
      const value = mains[at];
      const shadow = besides[at];
      out.push({ node: value?.kind === "null" ? undefined : value, shadow: shadow?.kind === "null" ? undefined : shadow, type, slot, path: path.child(step, at) });
    }
  }
  return out;
}
