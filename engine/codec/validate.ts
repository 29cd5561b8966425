import { Hl7Message } from "./hl7v2/index.ts";
import { problemsOf as oddities } from "./hl7v2/problems.ts";
import type { Problem } from "./problem.ts";
import type { Tree } from "./tree.ts";

/** What is odd or wrong in a message, in the order of its text: what its format alone can tell, without a profile. */
export function problemsOf(tree: Tree): readonly Problem[] {
  if (tree instanceof Hl7Message) return oddities(tree);
  return [];
}
