import type { Choice, ElementUse, Loop, SegmentUse, Usage } from "./structure.ts";

type Child = Loop | SegmentUse;

/**
 * A structure from its lines; schemas/x12/README.md says how a line is written. Two spaces a loop; a loop named after `@` has the children of
 * the one of that id before it.
 */
export function readStructure(lines: readonly string[]): readonly Child[] {
  const known = new Map<string, readonly Child[]>();
  const open: { readonly children: Child[]; readonly depth: number }[] = [{ children: [], depth: 0 }];
  for (const line of lines) {
    const text = line.trimStart();
    const depth = (line.length - text.length) / 2;
    while ((open.at(-1)?.depth ?? 0) > depth) open.pop();
    const into = open.at(-1)?.children ?? [];
    if (!text.startsWith("+")) {
      into.push(segmentUse(text, into));
      continue;
    }
    const [, id = "", often = "", name = "", like] = /^\+(\S+) (\S+) ([^@]+?)(?: @(\S+))?$/.exec(text) ?? [];
    const children: Child[] = like === undefined ? [] : [...(known.get(like) ?? [])];
    known.set(id, children);
    const loop: Loop = { kind: "loop", id, name, ...frequency(often), position: 0, children };
    into.push(loop);
    open.push({ children, depth: depth + 1 });
  }
  return placed(open[0]?.children ?? []);
}

/** Uses of one segment next to each other share a position, and so do loops that begin with the same segment. */
function placed(children: readonly Child[]): readonly Child[] {
  let position = 0;
  let last = "";
  return children.map((child) => {
    const own = child.kind === "loop" ? placed(child.children) : [];
    const first = child.kind === "loop" ? `loop ${own[0]?.id ?? ""}` : child.id;
    if (first !== last) position++;
    last = first;
    return child.kind === "loop" ? { ...child, position, children: own } : { ...child, position };
  });
}

function frequency(text: string): { readonly usage: Usage; readonly max: number } {
  const max = text.slice(1);
  return { usage: text[0] as Usage, max: max === "*" ? Number.POSITIVE_INFINITY : Number(max) };
}

function segmentUse(text: string, before: readonly Child[]): SegmentUse {
  const [head = "", name] = text.split(" | ");
  const [id = "", often = "", ...words] = head.split(" ");
  const parts = words.map(elementUse);
  return {
    kind: "segment",
    id,
    name: name ?? before.find((each) => each.id === id)?.name ?? id,
    ...frequency(often),
    position: 0,
    chosenBy: parts.flatMap(({ choice }) => choice ?? []),
    elements: parts.map(({ use }) => use),
  };
}

/** `1:85` chooses, `2=1,2` allows, `3` is required, `4S` may be there, `6N` is not used; `1-2` is a component. */
function elementUse(word: string): { readonly use: ElementUse; readonly choice?: Choice } {
  const [, at = "", part = "0", letter = "R", sign, list = ""] = /^(\d+)(?:-(\d+))?([RSN])?(?:([:=])(.+))?$/.exec(word) ?? [];
  const place = { element: Number(at), component: Number(part) };
  const usage = letter as Usage;
  if (sign === undefined) return { use: { ...place, usage } };
  const codes = list.split(",");
  return { use: { ...place, usage, codes }, ...(sign === ":" && { choice: { ...place, codes } }) };
}
