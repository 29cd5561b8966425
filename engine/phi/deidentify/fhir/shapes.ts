import { dataTypes, definition, type Definition, type Element } from "./elements.ts";

/** The elements of an object, by the name that JSON gives them. */
export type Shape = ReadonlyMap<string, Element>;

const shapes = new Map<string, Shape>();

/** Of a resource, a data type or a part of one (`Patient.contact`), with what its bases have. */
export function shapeOf(path: string): Shape {
  const known = shapes.get(path);
  if (known) return known;
  const made = new Map(elementsAt(path).map((element) => [element.name, element]));
  shapes.set(path, made);
  return made;
}

function elementsAt(path: string): readonly Element[] {
  const [name = ""] = path.split(".");
  const whole = definition(name);
  if (!whole) return [];
  const depth = path.split(".").length + 1;
  const own = whole.elements.filter((each) => each.path.startsWith(`${path}.`) && each.path.split(".").length === depth);
  return [...inherited(path === name ? whole.base : "BackboneElement"), ...own];
}

function inherited(base: string): readonly Element[] {
  const definitions: Definition[] = [];
  for (let each = definition(base); each; each = definition(each.base)) definitions.push(each);
  return definitions.flatMap(({ elements }) => elements);
}

/** Where the elements of a value stand: below its own path, at the path it points to, or in its data type. */
export function placeOf({ path, type }: Element): string {
  if (type.startsWith("#")) return type.slice(1);
  return type === "BackboneElement" || type === "Element" || !dataTypes.has(type) ? path : type;
}
