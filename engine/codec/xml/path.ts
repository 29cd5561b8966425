import { EngineError } from "../../sdk/error.ts";
import { type Attribute, type Element, localName, type Run } from "./node.ts";

/** What a path ends at. */
export type Target =
  | { readonly kind: "element"; readonly element: Element }
  | { readonly kind: "attribute"; readonly attribute: Attribute; readonly element: Element }
  | { readonly kind: "text"; readonly run: Run; readonly element: Element };

interface Step {
  readonly name: string;
  readonly kind: "element" | "attribute" | "text";
  /** 0: all of that name. */
  readonly index: number;
}

/**
 * Everything at `/order/patient/id[2]/@root`, or at `id/@root` wherever it begins. A name without a prefix is also that of an element with
 * one, when its parent has no element of the plain name. Throws `XML-101` for what is no path.
 */
export function find(root: Element, path: string): Target[] {
  const steps = readSteps(path);
  const [first, ...rest] = steps;
  if (first === undefined) throw new EngineError("XML-101");
  const top: Element = { name: "", attributes: [], children: [root], runs: [], start: 0, end: 0, isEmptyTag: false };
  let found = path.startsWith("/") ? take(top, first) : [...below(top)].flatMap((element) => take(element, first));
  for (const step of rest) found = found.flatMap((target) => (target.kind === "element" ? take(target.element, step) : []));
  return found;
}

function take(element: Element, { kind, name, index }: Step): Target[] {
  const chosen = <T>(all: readonly T[]) => (index === 0 ? all : all.slice(index - 1, index));
  if (kind === "attribute") return element.attributes.filter((each) => each.name === name).map((attribute) => ({ kind, attribute, element }));
  if (kind === "text") return chosen(element.runs).map((run) => ({ kind, run, element }));
  return chosen(named(element, name)).map((each) => ({ kind, element: each }));
}

function named({ children }: Element, name: string): readonly Element[] {
  const exact = children.filter((each) => each.name === name);
  return exact.length > 0 || name.includes(":") ? exact : children.filter((each) => localName(each.name) === name);
}

function* below(element: Element): Generator<Element> {
  const open = [element];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next;
    for (let i = next.children.length - 1; i >= 0; i--) open.push(next.children[i] as Element);
  }
}

function readSteps(path: string): Step[] {
  if (typeof path !== "string") throw new EngineError("XML-101");
  const body = path.startsWith("/") ? path.slice(1) : path;
  return body.split("/").map((text, at, all) => {
    const [, name = "", number] = /^(@?[^@[\]/()\s]+|text\(\))(?:\[([1-9]\d{0,8})\])?$/.exec(text) ?? [];
    const kind = name === "text()" ? "text" : name.startsWith("@") ? "attribute" : "element";
    const fits = name !== "" && (kind === "element" || at === all.length - 1) && (kind !== "attribute" || number === undefined);
    if (!fits) throw new EngineError("XML-101", { step: at + 1 });
    return { kind, name: kind === "attribute" ? name.slice(1) : name, index: Number(number ?? 0) };
  });
}
