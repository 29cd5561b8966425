import type { Node, ObjectNode } from "../json/node.ts";
import { isBound } from "./binding.ts";
import { checkItem, groupOf, type Item, itemsAt } from "./conform.ts";
import type { ElementPath } from "./element-path.ts";
import { holdsPattern, isFixed } from "./match.ts";
import type { Constraint, Slicing } from "./profile.ts";
import { type Run, textOf, type Within } from "./run.ts";

/** Extensions are sliced by their URL wherever nothing else is said. */
const byUrl: Slicing = { discriminators: [{ type: "value", path: "url" }], rules: "open", ordered: false };

/** Assigns values to the slices of their element, and holds each to its slice. */
export function checkSlices(items: readonly Item[], constraint: Constraint, path: ElementPath, parent: ObjectNode, within: Within, run: Run): void {
  const slicing = constraint.slicing ?? (constraint.name === "extension" || constraint.name === "modifierExtension" ? byUrl : undefined);
  if (slicing === undefined) return;
  const taken = new Set<Item>();
  for (const [name, slice] of constraint.slices) {
    // A slice of a slice has the name of both: `a/b`.
    const own = items.filter((item) => slicing.discriminators.every((each) => fits(item, slice, each, run)));
    for (const item of own) {
      taken.add(item);
      checkItem(item, slice, within, run);
    }
    const { min = 0, max = Number.POSITIVE_INFINITY } = slice;
    if (own.length < min) run.report.error("FHR-113", "required", path, parent.start, name);
    if (own.length > max) run.report.error("FHR-113", "structure", path, own[max]?.node?.start ?? parent.start, name);
  }
  if (slicing.rules !== "closed") return;
  for (const item of items) if (!taken.has(item)) run.report.error("FHR-114", "structure", item.path, item.node?.start ?? parent.start);
}

function fits(item: Item, slice: Constraint, { type, path }: Slicing["discriminators"][number], run: Run): boolean {
  if (type === "type") return ofType(item, slice, path, run);
  if (type === "exists") return exists(item, slice, path, run);
  if (type === "profile") return true;
  if (path === "url" && item.type.code === "Extension") return extensionUrls(slice).includes(textOf(item.node, "url"));
  return valueFits(item, slice, path === "$this" ? [] : path.split("."), run);
}

/** The URLs of the extensions that a slice stands for: those of its profiles, or the fixed one. */
export function extensionUrls(slice: Constraint): readonly string[] {
  const fixed = slice.children.get("url")?.fixed;
  return typeof fixed === "string" ? [fixed] : (slice.types ?? []).flatMap(({ profiles }) => profiles.map((each) => (each.includes("/") ? each : `http://hl7.org/fhir/StructureDefinition/${each}`)));
}

/** The value at a path fits what the slice says of the element there: fixed, a pattern, or codes of a set. */
function valueFits(item: Item, constraint: Constraint, steps: readonly string[], run: Run): boolean {
  if (item.node === undefined) return false;
  const said = saysAt(item.node, constraint, item.type.code, run);
  const [step, ...rest] = steps;
  if (step === undefined) return said ?? childrenFit(item, constraint, run);
  // What stands above the path decides as well: a pattern on `code` discriminates by `code.coding`.
  const next = constraint.children.get(step.replace(/\[x\]$/, ""));
  if (next === undefined) return said === true;
  const content = groupOf(item, run);
  const slot = content?.group.slot(next.name);
  if (content === undefined || slot === undefined) return false;
  const ways = [next, ...next.slices.values()];
  return itemsAt(content.node, slot, item.path).some((each) => ways.some((way) => valueFits(each, way, rest, run)));
}

/** Undefined: nothing is said. */
function saysAt(node: Node, { fixed, pattern, binding }: Constraint, type: string, run: Run): boolean | undefined {
  if (fixed !== undefined) return isFixed(node, fixed);
  if (pattern !== undefined) return holdsPattern(node, pattern);
  return binding === undefined ? undefined : isBound(binding, node, type, run);
}

/** A discriminator may end at an element of which the slice fixes parts. */
function childrenFit(item: Item, constraint: Constraint, run: Run): boolean {
  const content = groupOf(item, run);
  if (content === undefined || constraint.children.size === 0) return false;
  let isSaid = false;
  for (const child of constraint.children.values()) {
    const slot = content.group.slot(child.name);
    if (slot === undefined || !isDeciding(child)) continue;
    isSaid = true;
    if (!itemsAt(content.node, slot, item.path).some((each) => valueFits(each, child, [], run))) return false;
  }
  return isSaid;
}

function isDeciding({ fixed, pattern, binding, children }: Constraint): boolean {
  return fixed !== undefined || pattern !== undefined || binding !== undefined || [...children.values()].some(isDeciding);
}

function ofType(item: Item, slice: Constraint, path: string, run: Run): boolean {
  if (path === "$this") return slice.types === undefined || slice.types.some(({ code }) => code === item.type.code);
  const [step = ""] = path.split(".");
  const next = slice.children.get(step);
  const content = groupOf(item, run);
  const slot = content?.group.slot(step);
  if (next?.types === undefined || content === undefined || slot === undefined) return false;
  const { types } = next;
  return itemsAt(content.node, slot, item.path).some(({ node, type }) => types.some(({ code }) => code === type.code || code === textOf(node, "resourceType")));
}

function exists(item: Item, slice: Constraint, path: string, run: Run): boolean {
  const next = slice.children.get(path);
  const content = groupOf(item, run);
  const slot = content?.group.slot(path);
  if (next === undefined || content === undefined || slot === undefined) return false;
  return itemsAt(content.node, slot, item.path).length > 0 === (next.max !== 0);
}
