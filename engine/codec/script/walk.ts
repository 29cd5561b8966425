import { type Element, localName } from "../xml/node.ts";
import { structures } from "./structures.ts";

/** An element with what the tables say of it. */
export interface Placed {
  readonly element: Element;
  /** Without its prefix. */
  readonly name: string;
  /** The type of the element around it; absent where the tables do not know that. */
  readonly owner: string | undefined;
  /** Its own type: a structure, or a form of text; absent where the tables do not know it. */
  readonly type: string | undefined;
  readonly parent: Placed | undefined;
}

/** Every element of a message, in the order of the text. */
export function* placedElements(root: Element): Generator<Placed> {
  const first: Placed = { element: root, name: localName(root.name), owner: "", type: localName(root.name) === "Message" ? "Message" : undefined, parent: undefined };
  const open = [first];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next;
    for (let i = next.element.children.length - 1; i >= 0; i--) open.push(placedChild(next, next.element.children[i] as Element));
  }
}

function placedChild(parent: Placed, element: Element): Placed {
  const name = localName(element.name);
  const structure = parent.type === undefined ? undefined : structures.get(parent.type);
  return { element, name, owner: structure?.name, type: structure?.places.get(name)?.type, parent };
}

/** The text right inside an element. */
export function textOf(element: Element): string {
  return element.runs.map(({ value }) => value).join("").trim();
}
