import type { BaseTable, BaseType, CodeSets, ElementExtra, Invariants, ProfileRows, ProfileTable } from "./tables.ts";
import { compileProfile, type Profile } from "./profile.ts";

/** One of the types that an element may have. */
export interface TypeRef {
  readonly code: string;
  /** Profiles on the value, for example `SimpleQuantity`. */
  readonly profiles: readonly string[];
  /** Types or profiles that a reference may lead to; empty for any. */
  readonly targets: readonly string[];
}

/** An element of a type, as the standard defines it. */
export interface Slot {
  /** Without `[x]`. */
  readonly name: string;
  /** `Observation.component.value[x]`. */
  readonly path: string;
  readonly min: number;
  readonly repeats: boolean;
  readonly isChoice: boolean;
  readonly types: readonly TypeRef[];
  readonly binding?: string;
  readonly invariants: readonly string[];
  /** Its own elements, when they are defined in place or by reference to another element. */
  group(): Group | undefined;
  /** The names it has in JSON, one for each type that it may have. */
  readonly names: readonly string[];
}

/** A name in JSON, the element behind it and the type that the name chooses. */
export interface Prop {
  readonly name: string;
  readonly slot: Slot;
  readonly type: TypeRef;
  readonly isPrimitive: boolean;
}

/** Elements of a resource, a data type or an element with elements of its own, in order. */
export interface Group {
  /** `Observation.component`, or the name of the type. */
  readonly path: string;
  readonly isResource: boolean;
  readonly props: ReadonlyMap<string, Prop>;
  readonly slots: readonly Slot[];
  readonly required: readonly Slot[];
  readonly invariants: readonly string[];
  readonly slot: (name: string) => Slot | undefined;
}

const typePattern = /^([^<(]+)(?:<([^>]+)>)?(?:\(([^)]+)\))?$/;

export function readTypes(text: string): readonly TypeRef[] {
  return text.split("|").map((each) => {
    const [, code = "", profiles, targets] = typePattern.exec(each) ?? [];
    return { code, profiles: profiles?.split(",") ?? [], targets: targets?.split(",") ?? [] };
  });
}

/** Definitions, compiled when first asked for and then kept. */
export class Definitions {
  readonly #base: BaseTable;
  readonly #profiles: readonly (() => ProfileTable)[];
  readonly #groups = new Map<string, Group | undefined>();
  readonly #compiled = new Map<string, Profile>();
  readonly #sets = new Map<string, ReadonlyMap<string, ReadonlySet<string>> | undefined>();
  readonly #systems = new Map<string, ReadonlySet<string>>();
  readonly #all = new Map<string, ReadonlySet<string>>();

  /** `profiles` are asked, in that order, when a name is not found before. */
  constructor(base: BaseTable, profiles: readonly (() => ProfileTable)[]) {
    this.#base = base;
    this.#profiles = profiles;
  }

  /** A resource or a data type; undefined for a primitive or an unknown name. */
  group(name: string): Group | undefined {
    if (this.#groups.has(name)) return this.#groups.get(name);
    const type = Object.hasOwn(this.#base.types, name) ? this.#base.types[name] : undefined;
    if (type === undefined) return undefined;
    const group = type.kind === "primitive" ? undefined : this.#compile(name, type);
    this.#groups.set(name, group);
    return group;
  }

  isPrimitive(name: string): boolean {
    return Object.hasOwn(this.#base.types, name) && this.#base.types[name]?.kind === "primitive";
  }

  /** A resource that may stand in a message. */
  isResource(name: string): boolean {
    const type = Object.hasOwn(this.#base.types, name) ? this.#base.types[name] : undefined;
    return type?.kind === "resource" && type.abstract !== true;
  }

  /** Every resource that may stand in a message. */
  resources(): readonly string[] {
    return Object.keys(this.#base.types).filter((name) => this.isResource(name));
  }

  /** Whether one type is the other or a specialisation of it. */
  isA(name: string, of: string): boolean {
    for (let at = name; at !== ""; at = this.#base.types[at]?.base ?? "") if (at === of) return true;
    return false;
  }

  /** By URL. A version after `|` must be the one that is shipped. */
  profile(url: string): Profile | undefined {
    const [plain = "", version] = url.split("|");
    const full = /^[A-Za-z]\w*$/.test(plain) ? `http://hl7.org/fhir/StructureDefinition/${plain}` : plain;
    let profile = this.#compiled.get(full);
    if (profile === undefined) {
      const found = this.#firstOf((table) => (Object.hasOwn(table.profiles, full) ? { rows: table.profiles[full] as ProfileRows, version: table.version } : undefined));
      // Messages name profiles: what is not shipped is not kept, or what senders write would stay here for ever.
      if (found === undefined) return undefined;
      profile = compileProfile(full, found.version, found.rows);
      this.#compiled.set(full, profile);
    }
    return version === undefined || profile.version === version ? profile : undefined;
  }

  /** Every profile and extension that is shipped, by URL. */
  profileUrls(): readonly string[] {
    return this.#profiles.flatMap((table) => Object.keys(table().profiles));
  }

  /** Severity and expression. */
  invariant(key: string): readonly string[] | undefined {
    return this.#base.invariants[key] ?? this.#firstOf((table) => (table.invariants as Invariants)[key]);
  }

  /** Codes of a value set by system; undefined where the set is not shipped. */
  set(url: string): ReadonlyMap<string, ReadonlySet<string>> | undefined {
    if (this.#sets.has(url)) return this.#sets.get(url);
    const found = this.#setIn(this.#base.sets, url) ?? this.#firstOf((table) => this.#setIn(table.sets, url));
    const set = found === undefined ? undefined : new Map(Object.entries(found).map(([system, codes]) => [system, new Set(codes.split(" "))]));
    this.#sets.set(url, set);
    return set;
  }

  /** Codes of a value set, whatever system they are of. */
  codes(url: string): ReadonlySet<string> | undefined {
    const set = this.set(url);
    if (set === undefined) return undefined;
    const known = this.#all.get(url) ?? new Set([...set.values()].flatMap((each) => [...each]));
    this.#all.set(url, known);
    return known;
  }

  /** Codes of a code system that is published with FHIR; undefined for any other. */
  system(url: string): ReadonlySet<string> | undefined {
    const known = this.#systems.get(url);
    if (known !== undefined || !Object.hasOwn(this.#base.systems, url)) return known;
    const codes = new Set(this.#base.systems[url]?.split(" "));
    this.#systems.set(url, codes);
    return codes;
  }

  /** The type of a search parameter of the standard. */
  searchType(resource: string, name: string): string | undefined {
    const all = Object.hasOwn(this.#base.search, resource) ? this.#base.search[resource] : undefined;
    return all?.split("|").find((each) => each.startsWith(`${name} `))?.slice(name.length + 1);
  }

  #setIn(sets: CodeSets, url: string): Readonly<Record<string, string>> | undefined {
    return Object.hasOwn(sets, url) ? sets[url] : undefined;
  }

  #firstOf<T>(look: (table: ProfileTable) => T | undefined): T | undefined {
    for (const table of this.#profiles) {
      const found = look(table());
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #compile(name: string, type: BaseType): Group {
    const inherited = this.group(type.base);
    const rows = type.elements.map((row) => row as readonly [string, string, string, ElementExtra?]);
    const groups = new Map<string, Group>();
    const compiled = (prefix: string): Group => {
      const known = groups.get(prefix);
      if (known !== undefined) return known;
      const own = rows.filter(([path]) => (prefix === "" ? !path.includes(".") : path.startsWith(`${prefix}.`) && !path.slice(prefix.length + 1).includes(".")));
      const [, , kind = ""] = rows.find(([path]) => path === prefix) ?? [];
      const above = prefix === "" ? inherited : this.group(kind === "Element" ? "Element" : "BackboneElement");
      const slots = [...(above?.slots ?? []), ...own.map((row) => this.#slot(name, row, rows, compiled))];
      const group = groupOf(prefix === "" ? name : `${name}.${prefix}`, type.kind === "resource" && prefix === "", slots, prefix === "" ? [...(inherited?.invariants ?? []), ...(type.i ?? [])] : [], this);
      groups.set(prefix, group);
      return group;
    };
    return compiled("");
  }

  #slot(owner: string, [path, cardinality, types, extra = {}]: readonly [string, string, string, ElementExtra?], rows: readonly (readonly [string, string, string, ElementExtra?])[], compiled: (prefix: string) => Group): Slot {
    const last = path.slice(path.lastIndexOf(".") + 1);
    const isChoice = last.endsWith("[x]");
    const name = isChoice ? last.slice(0, -3) : last;
    const [min = "0", max = "*"] = cardinality.split("..");
    const reference = types.startsWith("#") ? types.slice(1) : undefined;
    const refs = reference === undefined ? readTypes(types) : [{ code: "BackboneElement", profiles: [], targets: [] }];
    const hasOwn = reference !== undefined || rows.some(([each]) => each.startsWith(`${path}.`));
    let group: Group | undefined;
    return {
      name,
      path: `${owner}.${path}`,
      min: Number(min),
      repeats: max !== "1",
      isChoice,
      types: refs,
      ...(extra.b !== undefined && { binding: extra.b }),
      // What refers to the content of another element takes its rules as well (FHIR R4, ElementDefinition.contentReference).
      invariants: [...(extra.i ?? []), ...(rows.find(([each]) => each === reference)?.[3]?.i ?? [])],
      group: () => (hasOwn ? (group ??= compiled(reference ?? path)) : undefined),
      names: isChoice ? refs.map(({ code }) => `${name}${code.charAt(0).toUpperCase()}${code.slice(1)}`) : [name],
    };
  }
}

function groupOf(path: string, isResource: boolean, slots: readonly Slot[], invariants: readonly string[], definitions: Definitions): Group {
  const props = new Map<string, Prop>();
  for (const slot of slots) {
    for (const [i, name] of slot.names.entries()) {
      const type = slot.types[i] as TypeRef;
      props.set(name, { name, slot, type, isPrimitive: definitions.isPrimitive(type.code) });
    }
  }
  const byName = new Map(slots.map((slot) => [slot.name, slot]));
  return { path, isResource, props, slots, required: slots.filter(({ min }) => min > 0), invariants, slot: (name) => byName.get(name) };
}
