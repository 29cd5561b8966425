import type { Range } from "../../sdk/index.ts";

/** A YAML value that knows where it stands. The whole of configuration is read through these. */
export type Node = MapNode | ListNode | ScalarNode;

export interface MapNode {
  readonly kind: "map";
  readonly at: Range;
  readonly entries: readonly Entry[];
}

export interface Entry {
  readonly key: string;
  readonly keyAt: Range;
  readonly value: Node;
}

export interface ListNode {
  readonly kind: "list";
  readonly at: Range;
  readonly items: readonly Node[];
}

export interface ScalarNode {
  readonly kind: "scalar";
  readonly at: Range;
  readonly value: string | number | boolean | null;
  readonly style: "plain" | "quoted" | "literal" | "folded";
  /** As written, for plain scalars. */
  readonly source: string;
}

export type Path = readonly (string | number)[];

/** The value below `node` at one key or index. */
export function child(node: Node | undefined, key: string | number): Node | undefined {
  if (node?.kind === "map") return node.entries.find((entry) => entry.key === String(key))?.value;
  if (node?.kind === "list") return node.items[Number(key)];
  return undefined;
}

/** The value at a path, if there is one. */
export function find(node: Node | undefined, path: Path): Node | undefined {
  return path.reduce<Node | undefined>(child, node);
}

/** Plain data, as `JSON.parse` would give it; key order kept. A `__proto__` key is an own property. */
export function toPlain(node: Node): unknown {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map(toPlain);
  const plain: Record<string, unknown> = {};
  for (const { key, value } of node.entries) {
    Object.defineProperty(plain, key, { value: toPlain(value), enumerable: true, writable: true, configurable: true });
  }
  return plain;
}

/** Every scalar with its path; keys included as entries of their map. */
export function* scalars(node: Node, path: Path = []): Generator<{ node: ScalarNode; path: Path }> {
  if (node.kind === "scalar") yield { node, path };
  else if (node.kind === "list") for (const [i, item] of node.items.entries()) yield* scalars(item, [...path, i]);
  else for (const entry of node.entries) yield* scalars(entry.value, [...path, entry.key]);
}
