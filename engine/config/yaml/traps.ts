import type { Diagnostic } from "../../sdk/index.ts";
import { type Node, type ScalarNode, scalars } from "./node.ts";

/** Values that read differently to people, to YAML 1.1 and to YAML 1.2. */
export function traps(root: Node): readonly { readonly node: Node; readonly diagnostic: Diagnostic }[] {
  const found = [];
  for (const { node } of scalars(root)) {
    const diagnostic = trap(node);
    if (diagnostic) found.push({ node, diagnostic });
  }
  return found;
}

function trap(node: ScalarNode): Diagnostic | undefined {
  if (node.style !== "plain") return undefined;
  if (typeof node.value === "number" && /^[-+]?0\d/.test(node.source)) {
    return {
      code: "CFG-110",
      level: "error",
      at: node.at,
      message: `${node.source} would be read as the number ${node.value}`,
      help: `write "${node.source}" for the text, or ${node.value} for the number`,
    };
  }
  if (typeof node.value === "string" && /^(?:on|off|yes|no)$/i.test(node.source)) {
    return {
      code: "CFG-111",
      level: "warning",
      at: node.at,
      message: `some readers of YAML take ${node.source} for true or false; here it is text`,
      help: `write "${node.source}" for the text, or true or false`,
    };
  }
  return undefined;
}
