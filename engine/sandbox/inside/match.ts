import type { Tree } from "../../codec/tree.ts";
import type { MatchCondition } from "../../config/project.ts";

export type Conditions = Readonly<Record<string, MatchCondition>>;

/** All conditions must hold; a path with several values holds when one of them does. */
export function matches(tree: Tree, conditions: Conditions): boolean {
  return Object.entries(conditions).every(([path, wanted]) => holds(valuesAt(tree, path), wanted));
}

/** An extension that stands there several times matches nothing, like one that is absent. */
function valuesAt(tree: Tree, path: string): readonly string[] {
  try {
    return tree.values(path);
  } catch {
    return [];
  }
}

function holds(values: readonly string[], wanted: MatchCondition): boolean {
  const present = values.some((value) => value !== "");
  if (wanted === "present") return present;
  if (wanted === "absent") return !present;
  const accepted = (Array.isArray(wanted) ? wanted : [wanted]).map(String);
  return values.some((value) => accepted.includes(value));
}
