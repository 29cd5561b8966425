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
 * Compares two Bundles after Provenance, ids, narratives and private extensions are gone. A reference counts as the type and the business identifiers of
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
  const pointedTo = (from: readonly Node[]) => new Set(from.flatMap((each) => [...references(each)].map((url) => byUrl.get(url))));
  const all = entries.flatMap(({ resource }) => (resource ? [resource] : []));
  const kept = all.filter((each) => each["resourceType"] !== "Provenance");
  // The agents of a Provenance go with it.
  const [agents, others] = [pointedTo(all.filter((each) => each["resourceType"] === "Provenance")), pointedTo(kept)];
  const counts = new Map<string, number>();
  const seen = new Set<string>();
  for (const resource of kept) {
    if (agents.has(resource) && !others.has(resource)) continue;
    const type = String(resource["resourceType"]);
    const triples = [...leaves(resource, "", byUrl, isPrivate)].map(([path, value]) => `${type}${path} = ${value}`);
    const whole = triples.toSorted().join("\n");
    if (seen.has(`${type}\n${whole}`)) continue;
    seen.add(`${type}\n${whole}`);
    for (const triple of triples) counts.set(triple, (counts.get(triple) ?? 0) + 1);
  }
  return counts;
}

function* references(value: unknown): Generator<string> {
  if (Array.isArray(value)) for (const each of value) yield* references(each);
  else if (typeof value === "object" && value !== null) {
    for (const [name, each] of Object.entries(value)) {
      if (name === "reference" && typeof each === "string") yield each;
      else yield* references(each);
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
  const identifiers = [target["identifier"] ?? []].flat() as readonly Node[];
  const keys = identifiers.map((each) => String(each["value"] ?? "")).filter((each) => each !== "").toSorted();
  return `${String(target["resourceType"])}[${keys.join(",")}]`;
}
