import table from "../../../../schemas/fhir/r4-elements.json" with { type: "json" };

/** An element of FHIR R4 in one of its types. */
export interface Element {
  /** Definition and path below it, as JSON names it: `Patient.contact.name`, `Observation.valueQuantity`. */
  readonly path: string;
  /** Last part of the path. */
  readonly name: string;
  /** As the standard names a choice: `value[x]`; else the name. */
  readonly choice: string;
  /** Data type, `Resource`, or `#Observation.referenceRange` for what is as another element. */
  readonly type: string;
  readonly required: boolean;
  readonly repeated: boolean;
  /** Codes of its required binding. Absent: bound to none, or to codes that stand in another standard. */
  readonly codes?: ReadonlySet<string>;
  /** Name of that value set. */
  readonly set?: string;
}

export interface Definition {
  readonly name: string;
  readonly base: string;
  readonly abstract: boolean;
  readonly elements: readonly Element[];
}

export const primitives: ReadonlySet<string> = new Set(table.primitives);

const sets: ReadonlyMap<string, ReadonlySet<string>> = new Map(Object.entries(table.sets).map(([name, codes]) => [name, new Set(codes.split(" "))]));

export const dataTypes: ReadonlyMap<string, Definition> = read(table.types);
export const resources: ReadonlyMap<string, Definition> = read(table.resources);

/** Resources that a message can hold; `DomainResource` and `Resource` are what they have in common. */
export function isResource(type: string): boolean {
  return resources.get(type)?.abstract === false;
}

export function definition(name: string): Definition | undefined {
  return resources.get(name) ?? dataTypes.get(name);
}

/** `deceased[x]` of type dateTime is `deceasedDateTime`. */
export function concrete(name: string, type: string): string {
  return name.replace("[x]", type.charAt(0).toUpperCase() + type.slice(1));
}

function read(definitions: Readonly<Record<string, string>>): ReadonlyMap<string, Definition> {
  return new Map(Object.entries(definitions).map(([name, text]) => {
    const [base = "", ...elements] = text.split("|");
    return [name, { name, base: base.replace("*", ""), abstract: base.endsWith("*"), elements: elements.flatMap((each) => [...elementsIn(name, each)]) }];
  }));
}

function* elementsIn(owner: string, text: string): Generator<Element> {
  const [, path = "", required, repeated, types = ""] = /^([^ !*]+)(!?)(\*?) (.+)$/.exec(text) ?? [];
  if (path === "") throw new RangeError(`elements of ${owner}`);
  const choice = path.slice(path.lastIndexOf(".") + 1);
  for (const written of types.split(",")) {
    const [type = "", set] = written.split("=");
    const codes = set === undefined ? undefined : sets.get(set);
    const common = { choice, type, required: required === "!", repeated: repeated === "*", ...(set !== undefined && { set }), ...(codes && { codes }) };
    yield { path: `${owner}.${concrete(path, type)}`, name: concrete(choice, type), ...common };
  }
}
