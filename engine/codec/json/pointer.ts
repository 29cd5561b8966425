import { EngineError } from "../../sdk/error.ts";
import type { Node } from "./node.ts";

/** The node at a JSON pointer (RFC 6901); `undefined` when there is none. */
export function nodeAt(root: Node, pointer: string): Node | undefined {
  if (typeof pointer !== "string" || (pointer !== "" && !pointer.startsWith("/")) || /~(?![01])/.test(pointer)) {
    throw new EngineError("JSN-101");
  }
  let node: Node | undefined = root;
  for (const part of pointer === "" ? [] : pointer.slice(1).split("/")) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (node?.kind === "object") node = node.members.get(key);
    else if (node?.kind === "array") node = /^(?:0|[1-9]\d{0,8})$/.test(key) ? node.items[Number(key)] : undefined;
    else return undefined;
  }
  return node;
}

export function pointerPart(key: string | number): string {
  return `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
