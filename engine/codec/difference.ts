import type { Leaf } from "./tree.ts";

/** One value that is not the same in two messages, by its path. Absent `before`: added; absent `after`: taken away. */
export interface Difference {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
}

/** What differs between two messages of one format, value by value, in the order of the later one; what was taken away stands at the end. */
export function differences(before: Iterable<Leaf>, after: Iterable<Leaf>): Difference[] {
  const old = new Map<string, string>();
  for (const { path, value } of before) old.set(path, value);
  const found: Difference[] = [];
  for (const { path, value } of after) {
    const was = old.get(path);
    old.delete(path);
    if (was === undefined) found.push({ path, after: value });
    else if (was !== value) found.push({ path, before: was, after: value });
  }
  for (const [path, was] of old) found.push({ path, before: was });
  return found;
}
