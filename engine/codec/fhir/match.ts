import type { Node } from "../json/node.ts";

/** Whether a value is the fixed one, to the letter. */
export function isFixed(node: Node | undefined, value: unknown): boolean {
  if (node === undefined) return false;
  if (Array.isArray(value)) return node.kind === "array" && node.items.length === value.length && value.every((each, i) => isFixed(node.items[i], each));
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value);
    return node.kind === "object" && node.members.size === entries.length && entries.every(([key, each]) => isFixed(node.members.get(key), each));
  }
  return isScalar(node, value);
}

/** Whether a value holds at least what a pattern has: members by name, items of a list in any order. */
export function holdsPattern(node: Node | undefined, pattern: unknown): boolean {
  if (node === undefined) return false;
  if (Array.isArray(pattern)) return node.kind === "array" && pattern.every((each) => node.items.some((item) => holdsPattern(item, each)));
  if (pattern !== null && typeof pattern === "object") return node.kind === "object" && Object.entries(pattern).every(([key, each]) => holdsPattern(node.members.get(key), each));
  return isScalar(node, pattern);
}

function isScalar(node: Node, value: unknown): boolean {
  return "text" in node && node.text === String(value) && (node.kind === "string") === (typeof value === "string");
}
