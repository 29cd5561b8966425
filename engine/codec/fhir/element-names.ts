import type { Definitions, Group, Prop } from "./definitions.ts";

/** A step of an element path that no type has there. */
export interface Unknown {
  readonly name: string;
  /** The type or element in which it was looked for. */
  readonly within: string;
  /** What that has instead. */
  readonly known: readonly string[];
}

/**
 * The first name of an element path (`Patient.name.family`, `subject.reference`) that resources of these types do not have; undefined when one of them has the whole
 * path. Without types any resource will do. What stands behind an extension, or inside a resource of any type, is not looked at.
 */
export function unknownElement(path: string, types: readonly string[], definitions: Definitions): Unknown | undefined {
  // Systems of identifiers may hold dots.
  const steps = path.replace(/\bidentifier\([^()]*\)/g, "identifier").split(".");
  const [first = ""] = steps;
  const isTyped = definitions.isResource(first) && steps.length > 1;
  const names = isTyped ? [first] : types.filter((type) => definitions.isResource(type));
  const groups = (names.length > 0 ? names : [...definitions.resources()]).flatMap((name) => definitions.group(name) ?? []);
  let found: Unknown | undefined;
  for (const group of groups) {
    const each = walk(isTyped ? steps.slice(1) : steps, group, definitions);
    if (each === undefined) return undefined;
    found ??= each;
  }
  return names.length === 1 ? found : found && { ...found, within: names.length > 1 ? names.join(", ") : "any resource", known: [...new Set(groups.flatMap(namesOf))] };
}

function walk(steps: readonly string[], from: Group, definitions: Definitions): Unknown | undefined {
  let group: Group | undefined = from;
  for (const name of steps) {
    if (name.startsWith("extension(") || group === undefined) return undefined;
    if (name === "resourceType" && group.isResource) continue;
    const plain = name.startsWith("_") ? name.slice(1) : name;
    const slot = group.slot(plain);
    const prop: Prop | undefined = group.props.get(plain);
    if (prop === undefined && slot === undefined) return { name, within: group.path, known: namesOf(group) };
    // A choice named without its type may be any of them.
    group = prop === undefined ? undefined : (prop.slot.group() ?? definitions.group(name === plain && !prop.isPrimitive ? prop.type.code : "Element"));
    if (prop?.type.code === "Resource") return undefined;
    if (prop?.isPrimitive === true && name === plain) group = leaf;
  }
  return undefined;
}

function namesOf(group: Group): readonly string[] {
  return [...new Set([...group.props.keys(), ...group.slots.map(({ name }) => name)])];
}

/** A primitive has no elements of its own in JSON: they stand beside it. */
const leaf: Group = { path: "a primitive value", isResource: false, props: new Map(), slots: [], required: [], invariants: [], slot: () => undefined };
