import type { MessageMap } from "./tables.ts";

/** One occurrence of a segment group; the message as a whole is the outermost. */
export class Group {
  readonly path: string;
  readonly parent: Group | undefined;
  readonly children: Group[] = [];

  constructor(path: string, parent: Group | undefined) {
    this.path = path;
    this.parent = parent;
    parent?.children.push(this);
  }
}

/** A segment in its place. */
export interface Placed<S> {
  readonly segment: S;
  /** Index into the places of the message map; -1 for one that the map does not know. */
  readonly place: number;
  readonly group: Group;
}

/**
 * Puts segments into the groups of a message map. Forgiving: what stands in an unexpected place goes to the nearest one that has its name, and what
 * the map does not know stays where it is.
 */
export function place<S extends { readonly name: string }>(map: MessageMap, segments: readonly S[]): Placed<S>[] {
  const root = new Group("", undefined);
  const places = map.places.map(([path]) => ({ name: path.slice(-3), group: path.slice(0, Math.max(0, path.length - 4)) }));
  let stack: Group[] = [root];
  let last = -1;

  const within = (path: string, group: string) => group === "" || path === group || path.startsWith(`${group}.`);
  /** Opens the groups that lead from one to a place below it. */
  const enter = (from: readonly Group[], target: string) => {
    const open = [...from];
    while ((open.at(-1) as Group).path !== target) {
      const at = (open.at(-1) as Group).path;
      const rest = at === "" ? target : target.slice(at.length + 1);
      const name = rest.split(".")[0] ?? "";
      open.push(new Group(at === "" ? name : `${at}.${name}`, open.at(-1)));
    }
    return open;
  };

  const find = (name: string): boolean => {
    for (let depth = stack.length - 1; depth >= 0; depth--) {
      const group = stack[depth] as Group;
      const candidate = (from: number) => places.findIndex((each, i) => i >= from && each.name === name && within(each.group, group.path));
      const repeats = last >= 0 && places[last]?.name === name && map.places[last]?.[1] === 1 && places[last]?.group === group.path;
      const forward = repeats ? last : candidate(last + 1);
      if (forward >= 0) {
        stack = enter(stack.slice(0, depth + 1), places[forward]?.group ?? "");
        last = forward;
        return true;
      }
      const again = map.groups[group.path] === 1 ? candidate(0) : -1;
      if (again >= 0) {
        const parents = stack.slice(0, depth);
        stack = enter([...parents, new Group(group.path, parents.at(-1))], places[again]?.group ?? "");
        last = again;
        return true;
      }
    }
    return false;
  };

  return segments.map((segment) => {
    if (find(segment.name)) return { segment, place: last, group: stack.at(-1) as Group };
    const anywhere = places.findIndex((each) => each.name === segment.name);
    if (anywhere < 0) return { segment, place: -1, group: stack.at(-1) as Group };
    const home = places[anywhere]?.group ?? "";
    const shared = stack.filter((each) => within(home, each.path));
    return { segment, place: anywhere, group: nearest(shared.at(-1) as Group, home) ?? (enter(shared, home).at(-1) as Group) };
  });
}

/** The last group of a path at or below one. */
function nearest(group: Group, path: string): Group | undefined {
  if (group.path === path) return group;
  for (const child of group.children.toReversed()) {
    const found = path === child.path || path.startsWith(`${child.path}.`) ? nearest(child, path) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** Whether what stands in one group can speak of another: not of one beside it, such as the next order's. */
export function sees(from: Group, other: Group): boolean {
  const lineage = new Map<Group, Group | undefined>();
  for (let at: Group | undefined = from, below: Group | undefined; at; below = at, at = at.parent) lineage.set(at, below);
  for (let at: Group | undefined = other, below: Group | undefined; at; below = at, at = at.parent) {
    if (lineage.has(at)) return below === undefined || lineage.get(at)?.path !== below.path;
  }
  return false;
}
