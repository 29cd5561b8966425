import { EngineError } from "../../sdk/error.ts";
import type { ArrayNode, Node, ObjectNode, ScalarNode } from "../json/node.ts";
import { type Attribute, type Element, localName } from "../xml/node.ts";
import { readXml } from "../xml/reader.ts";
import type { Definitions, Group, Prop } from "./definitions.ts";
import { ElementPath } from "./element-path.ts";
import { hasForm, jsonKind } from "./primitive.ts";
import type { Report } from "./report.ts";

const fhir = "http://hl7.org/fhir";

/** Whether a text is XML whose root is a FHIR resource; only its beginning is looked at. */
export function isFhirXml(text: string): boolean {
  const root = /<([A-Za-z_][\w.-]*:)?([A-Z][A-Za-z]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*\/?>/.exec(text.slice(0, 8192).replace(/<!--.*?-->/gs, ""));
  if (root === null) return false;
  const [, prefix = "", , attributes = ""] = root;
  const name = prefix === "" ? "xmlns" : `xmlns:${prefix.slice(0, -1)}`;
  return new RegExp(`\\s${name}\\s*=\\s*["']${fhir}["']`).test(attributes);
}

/**
 * A resource in XML as the nodes that its JSON would have, with the places of the XML (FHIR R4 2.6.1 and 2.6.2). What XML cannot have in FHIR goes to
 * the report, as does an element that its type does not have. Throws `XML-0nn`, and `FHR-001` for other XML.
 */
export function readFhirXml(text: string, definitions: Definitions, report: Report): ObjectNode {
  return new Reader(text, definitions, report).document();
}

class Reader {
  readonly #text: string;
  readonly #definitions: Definitions;
  readonly #report: Report;

  constructor(text: string, definitions: Definitions, report: Report) {
    this.#text = text;
    this.#definitions = definitions;
    this.#report = report;
  }

  document(): ObjectNode {
    const root = readXml(this.#text);
    const type = localName(root.name);
    const prefix = root.name.slice(0, -type.length);
    const namespace = root.attributes.find(({ name }) => name === (prefix === "" ? "xmlns" : `xmlns:${prefix.slice(0, -1)}`));
    if (namespace?.value !== fhir || !this.#definitions.isResource(type)) throw new EngineError("FHR-001");
    return this.#resource(root, new ElementPath(type));
  }

  #resource(element: Element, path: ElementPath): ObjectNode {
    const type = localName(element.name);
    const group = this.#definitions.isResource(type) ? this.#definitions.group(type) : undefined;
    const members = new Map<string, Node>([["resourceType", this.#scalar("string", type, element)]]);
    if (group === undefined) return this.#object(element, members);
    return this.#group(element, group, path, members);
  }

  #group(element: Element, group: Group, path: ElementPath, members: Map<string, Node> = new Map()): ObjectNode {
    this.#attributes(element, group, path, members);
    this.#noText(element, path);
    let last = -1;
    const byName = new Map<string, Element[]>();
    for (const child of element.children) {
      const name = localName(child.name);
      const prop = group.props.get(name);
      const at = prop === undefined ? last : group.slots.indexOf(prop.slot);
      if (at < last) this.#report.error("FHR-171", "structure", path.child(name), child.start);
      last = Math.max(last, at);
      const same = byName.get(name);
      if (same === undefined) byName.set(name, [child]);
      else same.push(child);
    }
    for (const [name, children] of byName) {
      const prop = group.props.get(name);
      if (prop === undefined) this.#report.error("FHR-104", "structure", path, children[0]?.start ?? element.start);
      else this.#property(prop, children, path, members);
    }
    return this.#object(element, members);
  }

  #property(prop: Prop, children: readonly Element[], path: ElementPath, members: Map<string, Node>): void {
    const { name, slot } = prop;
    const isList = slot.repeats || children.length > 1;
    const places = children.map((child, i) => ({ child, at: isList ? path.child(name, i) : path.child(name) }));
    const list = (items: readonly Node[]): ArrayNode => ({ kind: "array", start: children[0]?.start ?? 0, end: children.at(-1)?.end ?? 0, items });
    if (!prop.isPrimitive) {
      const items = places.map(({ child, at }) => this.#complex(prop, child, at));
      members.set(name, isList ? list(items) : (items[0] as Node));
      return;
    }
    const values = places.map(({ child }) => this.#value(prop, child));
    const shadows = places.map(({ child, at }, i) => this.#shadow(child, at, prop, values[i] !== undefined));
    const nothing = (i: number): ScalarNode => this.#scalar("null", "null", children[i] as Element);
    if (values.some((each) => each !== undefined)) members.set(name, isList ? list(values.map((each, i) => each ?? nothing(i))) : (values[0] as Node));
    if (shadows.some((each) => each !== undefined)) members.set(`_${name}`, isList ? list(shadows.map((each, i) => each ?? nothing(i))) : (shadows[0] as Node));
  }

  #complex({ slot, type }: Prop, element: Element, path: ElementPath): Node {
    if (type.code === "Resource") {
      this.#noText(element, path);
      const [inner, ...more] = element.children;
      if (inner === undefined || more.length > 0) return this.#object(element, new Map());
      return this.#resource(inner, path);
    }
    const group = slot.group() ?? this.#definitions.group(type.code);
    return group === undefined ? this.#object(element, new Map()) : this.#group(element, group, path);
  }

  #value({ type }: Prop, element: Element): Node | undefined {
    if (type.code === "xhtml") return this.#scalar("string", this.#outer(element), element);
    const value = element.attributes.find(({ name }) => name === "value");
    if (value === undefined) return undefined;
    const kind = jsonKind(type.code);
    const fits = kind === "string" || (kind === "boolean" ? value.value === "true" || value.value === "false" : hasForm("decimal", value.value));
    return { kind: fits ? kind : "string", text: value.value, start: value.start, end: value.end };
  }

  /** Id and extensions of a primitive; an empty object for one that has nothing at all. */
  #shadow(element: Element, path: ElementPath, { type }: Prop, hasValue: boolean): ObjectNode | undefined {
    if (type.code === "xhtml") return undefined;
    const group = this.#definitions.group("Element");
    if (group === undefined) return undefined;
    const shadow = this.#group({ ...element, attributes: element.attributes.filter(({ name }) => name !== "value") }, group, path);
    return shadow.members.size > 0 || !hasValue ? shadow : undefined;
  }

  #attributes({ attributes }: Element, group: Group, path: ElementPath, members: Map<string, Node>): void {
    for (const attribute of attributes) {
      const { name, value } = attribute;
      if (name === "xmlns" || name.startsWith("xmlns:")) {
        if (value !== fhir && name === "xmlns") this.#report.error("FHR-170", "structure", path, attribute.start);
      } else if ((name === "id" && !group.isResource) || (name === "url" && group.path === "Extension")) members.set(name, this.#attribute(attribute));
      else if (!/^(?:\w+:)(?:schemaLocation|noNamespaceSchemaLocation|base)$/.test(name)) this.#report.error("FHR-170", "structure", path, attribute.start);
    }
  }

  #noText({ runs }: Element, path: ElementPath): void {
    for (const run of runs) if (!run.isBlank) this.#report.error("FHR-170", "structure", path, run.start);
  }

  /** The markup of an element as it was written, line ends as XML reads them. */
  #outer(element: Element): string {
    const from = this.#text.lastIndexOf("<", element.start - 1);
    const to = this.#text.indexOf(">", element.end) + 1;
    const markup = this.#text.slice(from, to).replace(/\r\n?/g, "\n");
    const colon = element.name.indexOf(":");
    if (colon < 0) return markup;
    // JSON has the XHTML without a prefix.
    const prefix = element.name.slice(0, colon);
    return markup.replaceAll(`<${prefix}:`, "<").replaceAll(`</${prefix}:`, "</").replace("<div", '<div xmlns="http://www.w3.org/1999/xhtml"').replace(new RegExp(` xmlns:${prefix}=(?:"[^"]*"|'[^']*')`), "");
  }

  #attribute({ value, start, end }: Attribute): ScalarNode {
    return { kind: "string", text: value, start, end };
  }

  #scalar(kind: ScalarNode["kind"], text: string, { start, end }: Element): ScalarNode {
    return { kind, text, start, end };
  }

  #object({ start, end }: Element, members: Map<string, Node>): ObjectNode {
    return { kind: "object", start, end, members };
  }
}
