import type { Element } from "../../../codec/xml/node.ts";

export const samlSpace = "urn:oasis:names:tc:SAML:2.0:assertion";
export const signatureSpace = "http://www.w3.org/2000/09/xmldsig#";

/** An element with its name taken apart (Namespaces in XML 1.0). */
export interface Named {
  readonly space: string;
  readonly local: string;
  /** Attributes without a prefix, and others by `prefix:name`. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Named[];
  /** The text right inside, without white space at its ends. */
  readonly text: string;
}

type Scope = ReadonlyMap<string, string>;
const xmlSpace = "http://www.w3.org/XML/1998/namespace";

/** `undefined`: a prefix is not declared, so nobody can say what the element is. */
export function named(element: Element, outer: Scope = new Map([["xml", xmlSpace], ["", ""]])): Named | undefined {
  const scope = new Map(outer);
  const attributes = new Map<string, string>();
  for (const { name, value } of element.attributes) {
    if (name === "xmlns") scope.set("", value);
    else if (name.startsWith("xmlns:")) scope.set(name.slice(6), value);
    else attributes.set(name, value);
  }
  for (const name of attributes.keys()) if (name.includes(":") && !scope.has(prefixOf(name))) return undefined;
  const space = scope.get(prefixOf(element.name));
  if (space === undefined) return undefined;
  const children: Named[] = [];
  for (const child of element.children) {
    const one = named(child, scope);
    if (!one) return undefined;
    children.push(one);
  }
  return { space, local: element.name.slice(element.name.indexOf(":") + 1), attributes, children, text: element.runs.map(({ value }) => value).join("").trim() };
}

const prefixOf = (name: string) => (name.includes(":") ? name.slice(0, name.indexOf(":")) : "");

export function childrenOf({ children }: Named, space: string, local: string): readonly Named[] {
  return children.filter((each) => each.space === space && each.local === local);
}

/** The one child of that name; `undefined` where there is none, or several. */
export function only(element: Named | undefined, space: string, local: string): Named | undefined {
  const found = element ? childrenOf(element, space, local) : [];
  return found.length === 1 ? found[0] : undefined;
}

export function* everything(element: Named): Generator<Named> {
  yield element;
  for (const child of element.children) yield* everything(child);
}
