import type { Node, ObjectNode } from "../json/node.ts";

/** `a.empty()`, `a.exists() or …`: the first term alone may decide. `implies` and `xor` bind looser, so what has them is not of this kind. */
const firstTerm = /^([a-z][A-Za-z]*)\.(empty|exists)\(\)(?:$| or (?!.*\b(?:implies|xor)\b))/;
/** Rules about what is contained, where nothing is. */
const ofContained = /^contained\.[\w.]+\.empty\(\)(?: and contained\.[\w.]+\.empty\(\))*$/;

/** Whether an expression plainly holds for an element, seen from which members it has; most invariants do. */
export type Shortcut = (node: Node) => boolean;

/** Undefined for an expression that has to be evaluated. */
export function shortcutOf(expression: string): Shortcut | undefined {
  if (ofContained.test(expression)) return (node) => node.kind === "object" && lacks(node, "contained");
  const [, name, what] = firstTerm.exec(expression) ?? [];
  if (name === undefined) return undefined;
  return what === "empty" ? (node) => node.kind === "object" && lacks(node, name) : (node) => node.kind === "object" && hasPlain(node, name);
}

/** No member of that name, of a choice that begins with it, or beside it. */
function lacks({ members }: ObjectNode, name: string): boolean {
  for (const key of members.keys()) {
    const at = key.charCodeAt(0) === 95 ? 1 : 0;
    if (key.startsWith(name, at)) {
      const next = key.charCodeAt(at + name.length);
      if (Number.isNaN(next) || (next >= 65 && next <= 90)) return false;
    }
  }
  return true;
}

/** A member of just that name, with something in it. */
function hasPlain({ members }: ObjectNode, name: string): boolean {
  const member = members.get(name);
  if (member === undefined || member.kind === "null") return false;
  if (member.kind === "object") return member.members.size > 0;
  return member.kind === "array" ? member.items.length > 0 && member.items.every(({ kind }) => kind === "object") : true;
}
