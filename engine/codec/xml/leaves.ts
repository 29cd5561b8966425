import type { Leaf } from "../tree.ts";
import type { Element } from "./node.ts";

/** Every attribute and every stretch of text, with a path that names it alone. */
export function* leavesOf(element: Element, path: string): Generator<Leaf> {
  for (const { name, value, start, end } of element.attributes) yield { path: `${path}/@${name}`, value, start, end };
  const plain = element.runs.length === 1 && element.children.length === 0;
  const items = [
    ...element.runs.map((run, i) => ({ start: run.start, run, at: plain ? path : `${path}/text()[${i + 1}]`, child: undefined })),
    ...numbered(element.children, path),
  ].sort((a, b) => a.start - b.start);
  for (const { run, child, at } of items) {
    if (run !== undefined) yield { path: at, value: run.value, start: run.start, end: run.end };
    else if (child !== undefined) yield* leavesOf(child, at);
  }
}

/** Each child with its number, where its parent has several of that name. */
function numbered(children: readonly Element[], path: string) {
  const counts = new Map<string, number>();
  for (const { name } of children) counts.set(name, (counts.get(name) ?? 0) + 1);
  const seen = new Map<string, number>();
  return children.map((child) => {
    const n = (seen.get(child.name) ?? 0) + 1;
    seen.set(child.name, n);
    const number = counts.get(child.name) === 1 ? "" : `[${n}]`;
    return { start: child.start, run: undefined, child, at: `${path}/${child.name}${number}` };
  });
}
