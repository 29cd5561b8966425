import { type Graph, isNode, listOf, type Mark, type Node, typeOf } from "./graph.ts";

/** A value at a path: where it stands, and what of the resource was read to find it. */
export interface At {
  readonly value: unknown;
  readonly holder: Node;
  readonly name: string;
  /** The resource in which it stands. */
  readonly root: Node;
  readonly marks: readonly Mark[];
  /** The first reference that led here: who takes the value takes it. */
  readonly via: Node | undefined;
}

type Test =
  | { readonly kind: "in" | "out"; readonly path: string; readonly values: readonly string[] }
  | { readonly kind: "is"; readonly path: string }
  | { readonly kind: "not"; readonly path: string }
  | { readonly kind: "at"; readonly index: number };
interface Step {
  readonly name: string;
  /** `ofType(Organization)`. */
  readonly argument: string;
  readonly tests: readonly Test[];
}

/** Paths that were read, by their text. */
export type Paths = Map<string, readonly Step[]>;

/**
 * Values at a path: `name[use!=old]`, `identifier[type.coding.code=SS].value`, `identifier[2]`, `location[!status]`, `$this[class.code=IMP].period`,
 * `performer.resolve().ofType(Organization)`.
 */
export function select(graph: Graph, root: Node, base: Node, path: string): readonly At[] {
  let found: readonly At[] = [{ value: base, holder: base, name: "", root, marks: [], via: undefined }];
  for (const step of stepsOf(graph.paths, path)) found = found.flatMap((at) => filtered(graph, next(graph, at, step), step.tests));
  return found;
}

function stepsOf(known: Paths, path: string): readonly Step[] {
  let steps = known.get(path);
  if (steps === undefined) known.set(path, (steps = partsOf(path).map(stepOf)));
  return steps;
}

function next(graph: Graph, at: At, { name, argument }: Step): readonly At[] {
  if (name === "$this") return [at];
  if (name === "resolve") {
    const to = isNode(at.value) ? graph.resolve(at.value, at.root) : undefined;
    if (to === undefined || !isNode(at.value)) return [];
    const via = at.via ?? at.value;
    return [{ value: to, holder: to, name: "", root: to, via, marks: [...at.marks, ...["reference", "type", "display"].map((each): Mark => [at.value as Node, each])] }];
  }
  if (name === "ofType") return isNode(at.value) && typeOf(at.value) === argument ? [at] : [];
  // What extends a primitive stands beside it.
  const from = isNode(at.value) ? at.value : name === "extension" ? at.holder[`_${at.name}`] : undefined;
  if (!isNode(from) || !Object.hasOwn(from, name)) {
    const extended = isNode(from) ? from[`_${name}`] : undefined;
    return isNode(extended) ? [{ ...at, value: undefined, holder: from as Node, name }] : [];
  }
  return listOf(from[name]).filter((each) => each !== null).map((value) => ({ ...at, value, holder: from, name, marks: isNode(value) ? at.marks : [...at.marks, [from, name] as const] }));
}

function filtered(graph: Graph, found: readonly At[], tests: readonly Test[]): readonly At[] {
  let out = found;
  for (const test of tests) {
    if (test.kind === "at") {
      out = out.slice(test.index - 1, test.index);
      continue;
    }
    out = out.flatMap((at) => {
      if (!isNode(at.value)) return [];
      const inner = select(graph, at.root, at.value, test.path);
      if (test.kind === "is") return inner.length > 0 ? [at] : [];
      if (test.kind === "not") return inner.length === 0 ? [at] : [];
      const { values } = test;
      const hit = inner.filter((each) => values.includes(String(each.value)));
      if (test.kind === "out") return hit.length === 0 ? [at] : [];
      // A system beside the code that was looked for says the same.
      return hit.length === 0 ? [] : [{ ...at, marks: [...at.marks, ...hit.flatMap(({ marks, holder }) => [...marks, ...(test.path.endsWith("code") ? [[holder, "system"] as const, [holder, "display"] as const] : [])])] }];
    });
  }
  return out;
}

/** Splits at `sign`, but not within brackets or parentheses. */
function partsOf(path: string): string[] {
  const out: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < path.length; i++) {
    const c = path.charAt(i);
    if (c === "[" || c === "(") depth++;
    else if (c === "]" || c === ")") depth--;
    else if (c === "." && depth === 0) {
      out.push(path.slice(from, i));
      from = i + 1;
    }
  }
  return [...out, path.slice(from)];
}

function stepOf(text: string): Step {
  const [, name = "", argument = ""] = /^(\$?\w+)(?:\((\w*)\))?/.exec(text) ?? [];
  const tests: Test[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === "[" && depth++ === 0) from = i + 1;
    else if (c === "]" && --depth === 0) tests.push(testOf(text.slice(from, i)));
  }
  return { name, argument, tests };
}

function testOf(text: string): Test {
  if (/^\d+$/.test(text)) return { kind: "at", index: Number(text) };
  const [, path = "", sign, wanted = ""] = /^([^=!]+)(!?=)(.*)$/.exec(text) ?? [];
  if (sign === undefined) return text.startsWith("!") ? { kind: "not", path: text.slice(1) } : { kind: "is", path: text };
  return { kind: sign === "=" ? "in" : "out", path, values: sign === "=" ? [wanted] : wanted.split(",") };
}
