import { type Element, localName } from "../xml/node.ts";

/** A stretch of the text that a signature covers, in UTF-16 units. */
export interface SignedPart {
  readonly start: number;
  readonly end: number;
}

/**
 * What no edit may touch. The signature of SCRIPT (`Header/DigitalSignature`) covers values of the prescription and says which by no reference, so
 * all of the body is taken as signed, with the signature itself: content that is changed in transmission makes the prescription void (21 CFR
 * 1306.08(d), 1311.170). An XML signature (`ds:Signature`) covers what its references name: an element by its id, or the whole document, which
 * is also assumed for a reference that leads nowhere here.
 */
export function signedParts(root: Element, text: string): readonly SignedPart[] {
  const parts: Element[] = [];
  for (const { element, path } of elementsOf(root)) {
    const name = localName(element.name);
    if (path === "Message/Header/DigitalSignature" && saysSigned(element)) {
      parts.push(element, ...root.children.filter((child) => localName(child.name) === "Body"));
    }
    if (name === "Signature" && has(element, "SignedInfo")) {
      parts.push(element);
      for (const uri of referencesOf(element)) parts.push(uri.startsWith("#") ? (byId(root, uri.slice(1)) ?? root) : root);
    }
  }
  // From the tag on, since a signature covers attributes as well; no attribute holds a sign of a tag.
  return [...new Set(parts)].map(({ start, end }) => ({ start: text.lastIndexOf("<", start - 1), end }));
}

/** An indicator that is not plainly false, or anything of a signature. */
function saysSigned(element: Element): boolean {
  const indicator = element.children.find(({ name }) => localName(name) === "DigitalSignatureIndicator");
  const said = indicator?.runs.map(({ value }) => value).join("").trim().toLowerCase();
  const more = element.children.some(({ name }) => /^(?:DigestValue|SignatureValue|X509Data|Signature)$/.test(localName(name)));
  return more || (indicator !== undefined && said !== "false" && said !== "0" && said !== "n");
}

function referencesOf(signature: Element): string[] {
  const found = [...elementsOf(signature)].filter(({ element }) => localName(element.name) === "Reference");
  // A signature that refers to nothing that can be read covers what nobody knows.
  return found.length === 0 ? [""] : found.map(({ element }) => element.attributes.find(({ name }) => name === "URI")?.value ?? "");
}

function byId(root: Element, id: string): Element | undefined {
  return [...elementsOf(root)].find(({ element }) => element.attributes.some(({ name, value }) => /^(?:id|xml:id|wsu:id)$/i.test(name) && value === id))?.element;
}

function has(element: Element, child: string): boolean {
  return element.children.some(({ name }) => localName(name) === child);
}

function* elementsOf(root: Element): Generator<{ readonly element: Element; readonly path: string }> {
  const open = [{ element: root, path: localName(root.name) }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next;
    const { path } = next;
    for (const child of next.element.children) open.push({ element: child, path: `${path}/${localName(child.name)}` });
  }
}
