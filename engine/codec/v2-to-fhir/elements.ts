/** An element of FHIR R4 below a definition. */
export interface Element {
  readonly types: readonly string[];
  readonly repeated: boolean;
  readonly required: boolean;
  /** `value[x]`, for the name of one of its types. */
  readonly choice?: string;
}

/** `Patient` and `contact`: a definition, and the path of a part of it that has no type of its own. */
export interface Home {
  readonly type: string;
  readonly path: string;
}

const primitive = /^[a-z]/;

/** Finds elements by name, in definitions written as `schemas/fhir/r4-elements.json` has them. */
export class Elements {
  readonly #texts: Readonly<Record<string, string>>;
  readonly #read = new Map<string, ReadonlyMap<string, Element>>();

  constructor(texts: Readonly<Record<string, string>>) {
    this.#texts = texts;
  }

  has(type: string): boolean {
    return Object.hasOwn(this.#texts, type);
  }

  isResource(type: string): boolean {
    return /^DomainResource|^Resource/.test(this.#texts[type] ?? "");
  }

  /** `valueQuantity` finds `value[x]`, of that type alone. */
  find({ type, path }: Home, name: string): Element | undefined {
    const whole = path === "" ? name : `${path}.${name}`;
    let own: ReadonlyMap<string, Element> | undefined;
    for (let at: string | undefined = type; at !== undefined && this.has(at); at = this.#baseOf(at)) {
      own = this.#elementsOf(at);
      const found = own.get(whole) ?? (path === "" ? undefined : this.#commonOf(name));
      if (found) return found;
    }
    return name === "extension" ? { types: ["Extension"], repeated: true, required: false } : undefined;
  }

  /** Where the parts of an element stand. */
  homeOf(home: Home, name: string, type: string): Home {
    if (type.startsWith("#")) {
      const [owner = "", ...rest] = type.slice(1).split(".");
      return { type: owner, path: rest.join(".") };
    }
    if (type === "BackboneElement" || type === "Element") return { type: home.type, path: home.path === "" ? name : `${home.path}.${name}` };
    return { type, path: "" };
  }

  /** Names of the required elements directly below. */
  requiredOf({ type, path }: Home): readonly string[] {
    const out: string[] = [];
    for (const [name, element] of this.#elementsOf(type)) {
      const below = path === "" ? name : name.startsWith(`${path}.`) ? name.slice(path.length + 1) : ".";
      if (element.required && !below.includes(".")) out.push(below);
    }
    return out;
  }

  #commonOf(name: string): Element | undefined {
    return name === "modifierExtension" ? { types: ["Extension"], repeated: true, required: false } : undefined;
  }

  #baseOf(type: string): string | undefined {
    const base = /^([A-Za-z]+)\*?(?:\||$)/.exec(this.#texts[type] ?? "")?.[1];
    return base === type ? undefined : base;
  }

  #elementsOf(type: string): ReadonlyMap<string, Element> {
    let known = this.#read.get(type);
    if (known === undefined) this.#read.set(type, (known = new Map(readElements(this.#texts[type] ?? ""))));
    return known;
  }
}

function* readElements(text: string): Generator<[string, Element]> {
  for (const each of text.split("|").slice(1)) {
    const [, path = "", required, repeated, types = ""] = /^([^ !*]+)(!?)(\*?) (.+)$/.exec(each) ?? [];
    if (path === "") continue;
    const names = types.split(",").map((type) => type.replace(/=.*$/, ""));
    const shape = { repeated: repeated === "*", required: required === "!" };
    yield [path, { types: names, ...shape }];
    // A choice is filled under the name of its type.
    if (path.endsWith("[x]")) for (const type of names) yield [path.replace("[x]", type.charAt(0).toUpperCase() + type.slice(1)), { types: [type], ...shape, required: false, choice: path }];
  }
}

export function isPrimitive(type: string): boolean {
  return primitive.test(type);
}
