import type { Concept, Definition, Include } from "./source.ts";

/** Codes by system; undefined where a part of the set is chosen by a rule over a terminology that is not shipped. */
export type Codes = Readonly<Record<string, readonly string[]>> | undefined;

const most = 1500;

/** Value sets whose codes can be listed from the definitions at hand. */
export class CodeSets {
  readonly #known: ReadonlyMap<string, Definition>;
  readonly used = new Map<string, Codes>();

  constructor(definitions: readonly Definition[]) {
    this.#known = new Map(definitions.map((each) => [each.url, each]));
  }

  /** Notes a set as used and says whether its codes are shipped. */
  use(url: string): boolean {
    if (!this.used.has(url)) this.used.set(url, small(this.codesOf(url)));
    return this.used.get(url) !== undefined;
  }

  codesOf(url: string): Codes {
    const set = this.#known.get(url);
    if (set?.compose === undefined) return undefined;
    const out = new Map<string, Set<string>>();
    for (const include of set.compose.include) {
      const found = this.#included(include);
      if (found === undefined) return undefined;
      for (const [system, codes] of Object.entries(found)) out.set(system, new Set([...(out.get(system) ?? []), ...codes]));
    }
    for (const exclude of set.compose.exclude ?? []) {
      const found = this.#included(exclude);
      if (found === undefined) return undefined;
      for (const [system, codes] of Object.entries(found)) for (const code of codes) out.get(system)?.delete(code);
    }
    return Object.fromEntries([...out].map(([system, codes]) => [system, [...codes]]));
  }

  #included({ system = "", concept, filter, valueSet }: Include): Codes {
    if (valueSet) {
      const all = valueSet.map((each) => this.codesOf(each.split("|")[0] ?? ""));
      // Several sets in one include are what all of them have; none of the definitions does that.
      return all.length === 1 ? all[0] : undefined;
    }
    if (concept) return { [system]: concept.map(({ code }) => code) };
    const whole = this.#known.get(system);
    if (whole?.concept === undefined || whole.content === "not-present" || whole.content === "fragment" || whole.content === "example") return undefined;
    if (filter === undefined) return { [system]: flat(whole.concept) };
    const [{ property, op, value } = { property: "", op: "", value: "" }, ...more] = filter;
    const root = property === "concept" && (op === "is-a" || op === "descendent-of") && more.length === 0 ? find(whole.concept, value) : undefined;
    if (root === undefined) return undefined;
    return { [system]: flat([root]).filter((code) => op === "is-a" || code !== value) };
  }
}

function small(codes: Codes): Codes {
  return codes !== undefined && Object.values(codes).reduce((sum, each) => sum + each.length, 0) <= most ? codes : undefined;
}

/** The codes of a system, those of the levels below among them. */
export function flat(concepts: readonly Concept[]): string[] {
  return concepts.flatMap(({ code, concept = [] }) => [code, ...flat(concept)]);
}

function find(concepts: readonly Concept[], code: string): Concept | undefined {
  for (const each of concepts) {
    const found = each.code === code ? each : find(each.concept ?? [], code);
    if (found) return found;
  }
  return undefined;
}
