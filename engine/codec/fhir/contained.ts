import type { Node, ObjectNode } from "../json/node.ts";
import type { ElementPath } from "./element-path.ts";
import { itemsOf, type Run, textOf } from "./run.ts";

/** dom-3: a contained resource is one to which something around it refers, or that refers to what contains it. */
export function checkContained(resource: ObjectNode, path: ElementPath, { report }: Run): void {
  const contained = resource.members.get("contained");
  if (contained?.kind !== "array") return;
  const referred = new Set<string>();
  gather(resource, referred);
  for (const [i, each] of itemsOf(contained).entries()) {
    if (each.kind !== "object") continue;
    const inner = new Set<string>();
    gather(each, inner);
    const id = textOf(each, "id");
    if (!inner.has("#") && !referred.has(`#${id}`)) report.error("FHR-134", "invalid", path.child("contained", i), each.start, "dom-3");
  }
}

/** Texts that begin with `#` at members that may point inside the resource. */
function gather(node: Node, into: Set<string>): void {
  if (node.kind === "array") for (const item of node.items) gather(item, into);
  else if (node.kind === "object") for (const member of node.members.values()) gather(member, into);
  else if (node.kind === "string" && node.text.startsWith("#")) into.add(node.text);
}
