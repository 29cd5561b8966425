/** How much of an expected Bundle another one says: triples of resource type, path and value, as issue 5 asks for them. */

type Node = Readonly<Record<string, unknown>>;

export interface Score {
  readonly both: number;
  /** Said, and not expected. */
  readonly more: number;
  /** Expected, and not said. */
  readonly less: number;
  readonly differences: readonly { readonly side: "more" | "less"; readonly triple: string }[];
}

/** Left out on both sides: what is minted, rendered, or private to whoever wrote the expectation. */
const leftOut = new Set(["id", "fullUrl", "meta", "text"]);

/**
 * Compares two Bundles after Provenance, ids, narratives and private extensions are gone, with the resources that only they point to. A reference counts as the type and the business identifiers of
 * what it points to; resources of a type that say the same count once on either side.
 */
export function score(got: Node, expected: Node, isPrivate: (url: string) => boolean): Score {
  const [a, b] = [triplesOf(got, isPrivate), triplesOf(expected, isPrivate)];
  const differences: { side: "more" | "less"; triple: string }[] = [];
  let both = 0;
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    const [x, y] = [a.get(key) ?? 0, b.get(key) ?? 0];
    both += Math.min(x, y);
    for (let i = y; i < x; i++) differences.push({ side: "more", triple: key });
    for (let i = x; i < y; i++) differences.push({ side: "less", triple: key });
  }
  return { both, more: differences.filter((each) => each.side === "more").length, less: differences.filter((each) => each.side === "less").length, differences };
}

export function f1({ both, more, less }: { readonly both: number; readonly more: number; readonly less: number }): number {
  return both === 0 ? 0 : Math.round((2 * both * 10000) / (2 * both + more + less)) / 10000;
}

function triplesOf(bundle: Node, isPrivate: (url: string) => boolean): Map<string, number> {
  const entries = (bundle["entry"] ?? []) as readonly { fullUrl?: string; resource?: Node }[];
  const byUrl = new Map<string, Node>();
  for (const { fullUrl, resource } of entries) {
    if (resource === undefined) continue;
    if (fullUrl !== undefined) byUrl.set(fullUrl, resource);
    byUrl.set(`${String(resource["resourceType"])}/${String(resource["id"])}`, resource);
  }
  const all = entries.flatMap(({ resource }) => (resource ? [resource] : []));
  const gone = orphans(all, byUrl, isPrivate);
  const counts = new Map<string, number>();
  const seen = new Set<string>();
  for (const resource of all) {
    if (gone.has(resource)) continue;
    const type = String(resource["resourceType"]);
    const triples = [...leaves(resource, "", byUrl, isPrivate)].map(([path, value]) => `${type}${path} = ${value}`);
    const whole = triples.toSorted().join("\n");
    if (seen.has(`${type}\n${whole}`)) continue;
    seen.add(`${type}\n${whole}`);
    for (const triple of triples) counts.set(triple, (counts.get(triple) ?? 0) + 1);
  }
  return counts;
}

/** Provenance, and what nothing but it or a private extension points to: it goes with them. */
function orphans(all: readonly Node[], byUrl: ReadonlyMap<string, Node>, isPrivate: (url: string) => boolean): ReadonlySet<Node> {
  const points = all.map((from) => ({ from, to: [...references(from, false, isPrivate)].flatMap(({ url, hidden }) => (byUrl.has(url) ? [{ resource: byUrl.get(url) as Node, hidden }] : [])) }));
  const gone = new Set(all.filter((each) => each["resourceType"] === "Provenance"));
  for (let before = -1; before !== gone.size; ) {
    before = gone.size;
    const held = new Set(points.flatMap(({ from, to }) => (gone.has(from) ? [] : to.filter(({ hidden }) => !hidden).map(({ resource }) => resource))));
    for (const { from, to } of points) {
      // What a Provenance is about stands for itself; only its agents are its own.
      const own = from["resourceType"] === "Provenance" ? [...references({ agent: from["agent"] }, false, isPrivate)].map(({ url }) => byUrl.get(url)) : undefined;
      for (const { resource, hidden } of to) {
        if ((hidden || gone.has(from)) && !held.has(resource) && (own === undefined || own.includes(resource))) gone.add(resource);
      }
    }
  }
  return gone;
}

function* references(value: unknown, hidden: boolean, isPrivate: (url: string) => boolean): Generator<{ readonly url: string; readonly hidden: boolean }> {
  if (Array.isArray(value)) for (const each of value) yield* references(each, hidden, isPrivate);
  else if (typeof value === "object" && value !== null) {
    const { url } = value as { url?: unknown };
    const inside = hidden || (typeof url === "string" && isPrivate(url));
    for (const [name, each] of Object.entries(value)) {
      if (name === "reference" && typeof each === "string") yield { url: each, hidden: inside };
      else yield* references(each, inside, isPrivate);
    }
  }
}

function* leaves(value: unknown, path: string, byUrl: ReadonlyMap<string, Node>, isPrivate: (url: string) => boolean): Generator<[string, string]> {
  if (Array.isArray(value)) {
    for (const each of value) yield* leaves(each, path, byUrl, isPrivate);
  } else if (typeof value === "object" && value !== null) {
    const node = value as Node;
    if (typeof node["url"] === "string" && /(?:^|\.)(?:extension|modifierExtension)$/.test(path) && isPrivate(node["url"])) return;
    for (const [name, each] of Object.entries(node)) {
      if (name === "resourceType" || leftOut.has(name) && (path === "" || name === "id")) continue;
      if (name === "reference" && typeof each === "string") yield [`${path}.reference`, named(each, byUrl)];
      else yield* leaves(each, `${path}.${name}`, byUrl, isPrivate);
    }
  } else if (value !== undefined && value !== null) yield [path, JSON.stringify(value)];
}

/** The type and the identifiers of what a reference points to. */
function named(reference: string, byUrl: ReadonlyMap<string, Node>): string {
  const target = byUrl.get(reference);
  if (target === undefined) return reference.replace(/\/.*$/, "/?");
  const identifiers = ([target["identifier"] ?? []] as unknown[]).flat() as readonly Node[];
  const keys = identifiers.map((each) => String(each["value"] ?? "")).filter((each) => each !== "").toSorted();
  return `${String(target["resourceType"])}[${keys.join(",")}]`;
}
