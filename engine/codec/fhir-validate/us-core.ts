import type { Constraint, Definitions, Profile } from "../fhir/index.ts";
import { holdsPattern, isFixed, itemsOf, textOf } from "../fhir/index.ts";
import type { Node, ObjectNode } from "../json/node.ts";

const usCore = "http://hl7.org/fhir/us/core/StructureDefinition/";

/**
 * The profiles of US Core that a resource is meant for when it names none: that of its type; where there are several, those whose code it has, else those whose
 * category it has.
 */
export function usCoreFor(root: Node, definitions: Definitions): readonly string[] {
  if (root.kind !== "object") return [];
  const type = textOf(root, "resourceType");
  const all = definitions.profileUrls().filter((url) => url.startsWith(usCore)).flatMap((url) => definitions.profile(url) ?? []).filter((profile) => profile.type === type && profile.context === undefined);
  if (all.length < 2) return all.map(({ url }) => url);
  const byCode = all.filter((profile) => fits(root, profile, "code") === true);
  const chosen = byCode.length > 0 ? byCode : all.filter((profile) => fits(root, profile, "code") === undefined && fits(root, profile, "category") === true);
  return chosen.map(({ url }) => url);
}

/** Whether a resource has what a profile fixes of an element; undefined when it fixes nothing. */
function fits(root: ObjectNode, { root: { children } }: Profile, name: string): boolean | undefined {
  const constraint = children.get(name);
  if (constraint === undefined) return undefined;
  const values = itemsOf(root.members.get(name));
  const own = said(constraint) ? values.some((value) => has(value, constraint)) : undefined;
  const slices = [...constraint.slices.values()].filter((slice) => (slice.min ?? 0) > 0 && said(slice));
  if (slices.length === 0) return own;
  return own !== false && slices.every((slice) => values.some((value) => has(value, slice)));
}

function said({ fixed, pattern, children }: Constraint): boolean {
  return fixed !== undefined || pattern !== undefined || [...children.values()].some(said);
}

function has(node: Node, { fixed, pattern, children }: Constraint): boolean {
  if (fixed !== undefined) return isFixed(node, fixed);
  if (pattern !== undefined) return holdsPattern(node, pattern);
  return [...children.values()].filter(said).every((child) => node.kind === "object" && itemsOf(node.members.get(child.name)).some((each) => has(each, child)));
}
