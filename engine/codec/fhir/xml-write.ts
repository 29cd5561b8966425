import { EngineError } from "../../sdk/error.ts";
import type { Node, ObjectNode, ScalarNode } from "../json/node.ts";
import { escapeAttribute } from "../xml/write.ts";
import type { Definitions, Group, Prop } from "./definitions.ts";
import { textOf } from "./run.ts";

/**
 * The nodes of a resource as XML, elements in the order of their definition. What a type does not have cannot be written: `FHR-104`. Numbers keep their
 * digits.
 */
export function writeFhirXml(root: Node, definitions: Definitions): string {
  const out: string[] = ['<?xml version="1.0" encoding="UTF-8"?>\n'];
  new Writer(definitions, out).resource(root, ' xmlns="http://hl7.org/fhir"');
  return out.join("");
}

class Writer {
  readonly #definitions: Definitions;
  readonly #out: string[];

  constructor(definitions: Definitions, out: string[]) {
    this.#definitions = definitions;
    this.#out = out;
  }

  resource(node: Node, namespace = ""): void {
    const type = textOf(node, "resourceType");
    const group = this.#definitions.isResource(type) ? this.#definitions.group(type) : undefined;
    if (group === undefined || node.kind !== "object") throw new EngineError("FHR-101");
    this.#element(type, namespace, () => this.#content(node, group));
  }

  #element(name: string, attributes: string, content?: () => void): void {
    this.#out.push(`<${name}${attributes}`);
    const before = this.#out.push(">");
    content?.();
    if (this.#out.length === before) this.#out[before - 1] = "/>";
    else this.#out.push(`</${name}>`);
  }

  #content(node: ObjectNode, group: Group): void {
    for (const key of node.members.keys()) {
      if (key !== "resourceType" && !group.props.has(key.startsWith("_") ? key.slice(1) : key)) throw new EngineError("FHR-104");
    }
    for (const slot of group.slots) {
      if ((slot.name === "id" && !group.isResource) || (slot.name === "url" && group.path === "Extension")) continue;
      for (const name of slot.names) {
        const member = node.members.get(name);
        const shadow = node.members.get(`_${name}`);
        if (member !== undefined || shadow !== undefined) this.#member(group.props.get(name) as Prop, member, shadow);
      }
    }
  }

  #member(prop: Prop, member: Node | undefined, shadow: Node | undefined): void {
    const values = listOf(member);
    const shadows = listOf(shadow);
    for (let i = 0; i < Math.max(values.length, shadows.length); i++) this.#value(prop, values[i], shadows[i]);
  }

  #value({ name, slot, type, isPrimitive }: Prop, value: Node | undefined, shadow: Node | undefined): void {
    if (isPrimitive) return this.#primitive(name, type.code, value, shadow);
    if (value?.kind !== "object") throw new EngineError("FHR-105");
    if (type.code === "Resource") return this.#element(name, "", () => this.resource(value));
    const group = slot.group() ?? this.#definitions.group(type.code);
    if (group === undefined) throw new EngineError("FHR-101");
    const url = type.code === "Extension" ? attribute("url", value.members.get("url")) : "";
    this.#element(name, `${attribute("id", value.members.get("id"))}${url}`, () => this.#content(value, group));
  }

  #primitive(name: string, type: string, value: Node | undefined, shadow: Node | undefined): void {
    if (value !== undefined && !("text" in value)) throw new EngineError("FHR-105");
    const scalar = value as ScalarNode | undefined;
    if (type === "xhtml") return void this.#out.push(scalar?.text ?? "");
    const text = scalar === undefined || scalar.kind === "null" ? "" : ` value="${escapeAttribute(scalar.text)}"`;
    const group = this.#definitions.group("Element") as Group;
    const beside = shadow?.kind === "object" ? shadow : undefined;
    this.#element(name, `${attribute("id", beside?.members.get("id"))}${text}`, beside === undefined ? undefined : () => this.#content(beside, group));
  }
}

function attribute(name: string, node: Node | undefined): string {
  return node !== undefined && "text" in node ? ` ${name}="${escapeAttribute(node.text)}"` : "";
}

function listOf(node: Node | undefined): readonly Node[] {
  return node === undefined ? [] : node.kind === "array" ? node.items : [node];
}
