import type { Range } from "../../sdk/index.ts";
import type { Placed } from "../project.ts";
import { type Node, type Path, child, find } from "./node.ts";

/** `Placed` over a read value, with the question whether something is written there at all. */
export interface PlacedNode extends Placed {
  readonly node: Node;
  readonly key: Range;
}

/** Gives a value its places. `key` is where its own key stands; a root has none and uses its first key. */
export function placed(file: string, node: Node, key?: Range): PlacedNode {
  const own = key ?? firstKey(node);
  const walk = (path: Path): { at: Range; keyAt: Range } => {
    let here: Node = node;
    let places = { at: node.kind === "map" && key === undefined ? own : node.at, keyAt: own };
    for (const step of path) {
      const next = child(here, step);
      if (next === undefined) return { at: places.keyAt, keyAt: places.keyAt };
      const keyAt = here.kind === "map" ? here.entries.find((entry) => entry.key === String(step))?.keyAt : undefined;
      places = { at: next.at, keyAt: keyAt ?? next.at };
      here = next;
    }
    return places;
  };
  return { file, node, key: own, at: (...path) => walk(path).at, atKey: (...path) => walk(path).keyAt };
}

function firstKey(node: Node): Range {
  return node.kind === "map" ? (node.entries[0]?.keyAt ?? node.at) : node.at;
}

/** Whether something is written at `path`; a place that cannot tell says no. */
export function isWritten(place: Placed, ...path: (string | number)[]): boolean {
  return "node" in place && find(place.node as Node, path) !== undefined;
}
