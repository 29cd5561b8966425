import { ExactNumber } from "../json/number.ts";
import { type Elements, type Home, isPrimitive } from "../v2-to-fhir/elements.ts";
import type { Paths } from "./path.ts";
import type { Finding } from "./tables.ts";

export type Node = Readonly<Record<string, unknown>>;

/** One leaf or part that was read, as its holder and its name there. */
export type Mark = readonly [holder: object, name: string];

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

export function typeOf(node: Node): string {
  return typeof node["resourceType"] === "string" ? node["resourceType"] : "";
}

export function listOf(value: unknown): readonly unknown[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}

/** The resources of a Bundle or of one resource, what they point to, and what of them was read. */
export class Graph {
  readonly resources: readonly Node[];
  readonly paths: Paths;
  readonly #urls = new Map<string, Node>();
  /** The resource in which a contained one stands. */
  readonly #owners = new Map<Node, Node>();
  readonly #read = new Map<object, Set<string>>();
  readonly #taken = new Set<object>();

  constructor(input: Node, paths: Paths) {
    this.paths = paths;
    const found: Node[] = [];
    if (typeOf(input) === "Bundle") {
      for (const entry of listOf(input["entry"]).filter(isNode)) {
        const resource = entry["resource"];
        if (!isNode(resource) || typeOf(resource) === "") continue;
        found.push(resource);
        if (typeof entry["fullUrl"] === "string") this.#urls.set(entry["fullUrl"], resource);
      }
    } else found.push(input);
    for (const resource of [...found]) {
      if (typeof resource["id"] === "string") {
        const url = `${typeOf(resource)}/${resource["id"]}`;
        if (!this.#urls.has(url)) this.#urls.set(url, resource);
      }
      for (const inner of listOf(resource["contained"]).filter(isNode)) {
        this.#owners.set(inner, resource);
        found.push(inner);
      }
    }
    this.resources = found;
  }

  of(type: string): readonly Node[] {
    return this.resources.filter((each) => typeOf(each) === type);
  }

  isContained(resource: Node): boolean {
    return this.#owners.has(resource);
  }

  /** What a reference points to, inside the Bundle or the resource it stands in. */
  resolve(reference: Node, from: Node): Node | undefined {
    const url = reference["reference"];
    if (typeof url !== "string") return undefined;
    const owner = this.#owners.get(from) ?? from;
    if (url.startsWith("#")) return listOf(owner["contained"]).filter(isNode).find((each) => each["id"] === url.slice(1));
    const plain = url.replace(/\/_history\/[^/]*$/, "");
    const relative = /[A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/.exec(plain)?.[0] ?? "";
    return this.#urls.get(url) ?? this.#urls.get(plain) ?? (/^https?:/.test(plain) || plain === relative ? this.#urls.get(relative) : undefined);
  }

  mark(marks: readonly Mark[]): void {
    for (const [holder, name] of marks) {
      let names = this.#read.get(holder);
      if (names === undefined) this.#read.set(holder, (names = new Set()));
      names.add(name);
    }
  }

  isRead([holder, name]: Mark): boolean {
    return this.#read.get(holder)?.has(name) ?? false;
  }

  unmark(marks: readonly Mark[]): void {
    for (const [holder, name] of marks) this.#read.get(holder)?.delete(name);
  }

  /** Marks names of a node, and all that is below them. */
  markAll(node: Node, ...names: readonly string[]): void {
    for (const name of names) {
      this.mark([[node, name], [node, `_${name}`]]);
      for (const part of [...listOf(node[name]), ...listOf(node[`_${name}`])]) if (isNode(part)) this.markAll(part, ...Object.keys(part));
    }
  }

  take(node: object): void {
    this.#taken.add(node);
  }

  /** A resource may be written again, for another patient or visit of the message: what one place takes is free for the next. */
  release(): void {
    this.#taken.clear();
  }

  isTaken(node: object): boolean {
    return this.#taken.has(node);
  }

  /** What nothing read, each path once. Names that FHIR R4 does not have are content, and are not said. */
  leftovers(elements: Elements, quiet: Readonly<Record<string, readonly string[]>>): Finding[] {
    const out = new Map<string, Finding>();
    const tell = (code: Finding["code"], path: string) => out.set(`${code} ${path}`, { code, path });
    for (const resource of this.resources) {
      const type = elements.isResource(typeOf(resource)) ? typeOf(resource) : "Resource";
      if (!this.#isTouched(resource)) tell("MAP-302", type);
      else for (const path of this.#unread(resource, { type, path: "" }, type, elements, quiet)) tell("MAP-301", path);
    }
    return [...out.values()];
  }

  #isTouched(node: unknown): boolean {
    if (Array.isArray(node)) return node.some((each) => this.#isTouched(each));
    return isNode(node) && (this.#read.has(node) || Object.entries(node).some(([name, each]) => name !== "contained" && this.#isTouched(each)));
  }

  *#unread(node: Node, home: Home, path: string, elements: Elements, quiet: Readonly<Record<string, readonly string[]>>): Generator<string> {
    const read = this.#read.get(node);
    const isRoot = home.path === "" && elements.isResource(home.type);
    for (const [name, value] of Object.entries(node)) {
      if (name === "id" || (isRoot && apart.has(name))) continue;
      const plain = name.replace(/^_/, "");
      const element = elements.find(home, plain);
      const at = element === undefined ? path : `${path}.${plain}`;
      const [type = ""] = element?.types ?? [];
      for (const each of listOf(value)) {
        if (isNode(each) && !this.#isTouched(each)) {
          if (!isQuiet(each, at, quiet)) yield at;
        } else if (isNode(each)) {
          const below = element === undefined || isPrimitive(type) || type === "Resource" ? { type: "Element", path: "" } : elements.homeOf(home, plain, type);
          yield* this.#unread(each, below, at, elements, quiet);
        } else if (each !== null && !read?.has(name) && name !== "url") {
          // The url of an extension is said by what it holds.
          const known = quiet[at] ?? (isRoot ? quiet[plain] : undefined);
          if (!known?.includes(String(each))) yield at;
        }
      }
    }
  }
}

/** Whether all that a part says is among the values that say nothing: its code, whatever stands beside it. */
function isQuiet(node: Node, path: string, quiet: Readonly<Record<string, readonly string[]>>): boolean {
  const codings = listOf(node["coding"]).filter(isNode);
  const known = quiet[`${path}.coding.code`] ?? [];
  return codings.length > 0 && codings.every(({ code }) => known.includes(String(code)));
}

/** About the resource as a record of its server, and what a person reads of it: contents stand in the elements. */
const apart: ReadonlySet<string> = new Set(["resourceType", "implicitRules", "language", "text", "contained", "meta"]);
