import type { Node, ObjectNode, ScalarNode } from "../json/node.ts";

/** The nodes of one message as plain values, each made once: an invariant looks at parts of what another looked at whole. */
export class Plain {
  readonly #made = new Map<Node, unknown>();

  of(node: Node): unknown {
    if (!(node.kind === "object" || node.kind === "array")) return scalar(node as ScalarNode);
    const known = this.#made.get(node);
    if (known !== undefined) return known;
    const made = node.kind === "array" ? node.items.map((item) => this.of(item)) : Object.fromEntries([...(node as ObjectNode).members].map(([key, member]) => [key, this.of(member)]));
    this.#made.set(node, made);
    return made;
  }
}

function scalar({ kind, text }: ScalarNode): unknown {
  if (kind === "number") return Number(text);
  return kind === "string" ? text : kind === "boolean" ? text === "true" : null;
}
