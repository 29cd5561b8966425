import type { Node } from "../json/node.ts";

/** Nodes as JSON text on one line; numbers keep their digits. */
export function writeNodes(node: Node): string {
  if (node.kind === "object") return `{${[...node.members].map(([key, member]) => `${JSON.stringify(key)}:${writeNodes(member)}`).join(",")}}`;
  if (node.kind === "array") return `[${node.items.map(writeNodes).join(",")}]`;
  return node.kind === "string" ? JSON.stringify(node.text) : node.text;
}
