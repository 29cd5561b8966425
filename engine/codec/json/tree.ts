import { EngineError } from "../../sdk/error.ts";
import type { Leaf, Tree } from "../tree.ts";
import type { JsonLimits } from "./limits.ts";
import type { Node, ObjectNode, ScalarNode } from "./node.ts";
import { ExactNumber, isJsonNumber } from "./number.ts";
import { parseNodes } from "./parser.ts";
import { findValues, type Found } from "./path.ts";
import { nodeAt, pointerPart } from "./pointer.ts";

/** Reads JSON, or a FHIR resource, and keeps its text. Throws `JSN-0nn`. */
export function parseJson(text: string, format: "json" | "fhir" = "json", limits: JsonLimits = {}): JsonTree {
  return new JsonTree(text, format, limits);
}

/** JSON as text with places. An edit replaces the span of one scalar; an untouched text comes back as it was. */
export class JsonTree implements Tree {
  readonly #limits: JsonLimits;
  readonly #fhir: boolean;
  #text: string;
  #root: Node;

  constructor(text: string, format: "json" | "fhir", limits: JsonLimits) {
    this.#limits = limits;
    this.#fhir = format === "fhir";
    this.#text = text;
    this.#root = parseNodes(text, limits);
  }

  /** FHIR: the resource type. */
  get type(): string {
    return this.#fhir ? this.#scalar("resourceType") : "";
  }

  /** FHIR: the id of the resource; empty when it has none. */
  get controlId(): string {
    return this.#fhir ? this.#scalar("id") : "";
  }

  /** The scalar at a JSON pointer, or the scalars at and below an element path; more than one extension where one is meant is `JSN-103`. */
  values(path: string): readonly string[] {
    if (path.startsWith("/")) {
      const node = nodeAt(this.#root, path);
      return node !== undefined && "text" in node && node.kind !== "null" ? [node.text] : [];
    }
    const found = this.find(path);
    if (found.ambiguous) throw new EngineError("JSN-103");
    return found.values;
  }

  /** Like `values`, and says how many extensions matched. */
  find(path: string): Found {
    return findValues(this.#root, path, this.type);
  }

  leaves(): Iterable<Leaf> {
    return leavesOf(this.#root, "");
  }

  /** Replaces the scalar at a JSON pointer; an `ExactNumber` is written as its text. */
  set(pointer: string, value: string | number | boolean | ExactNumber | null): this {
    const node = nodeAt(this.#root, pointer);
    if (node === undefined || !("text" in node)) throw new EngineError("JSN-102");
    return this.#replace(node, value);
  }

  /** Replaces the one scalar that an element path or pointer finds; none or several is `JSN-102`. */
  setPath(path: string, value: string | number | boolean | ExactNumber | null): this {
    if (path.startsWith("/")) return this.set(path, value);
    const { scalars } = this.find(path);
    const [only] = scalars;
    if (only === undefined || scalars.length > 1) throw new EngineError("JSN-102");
    return this.#replace(only, value);
  }

  /** The placed nodes, for trusted code. */
  get root(): Node {
    return this.#root;
  }

  toString(): string {
    return this.#text;
  }

  #replace(node: ScalarNode, value: string | number | boolean | ExactNumber | null): this {
    const scalar = value === null || (value instanceof ExactNumber && isJsonNumber(value.text)) || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));
    if (!scalar && !(typeof value === "string" && value.isWellFormed())) throw new EngineError("JSN-104");
    this.#text = this.#text.slice(0, node.start) + (value instanceof ExactNumber ? value.text : JSON.stringify(value)) + this.#text.slice(node.end);
    this.#root = parseNodes(this.#text, this.#limits);
    return this;
  }

  #scalar(name: string): string {
    const node = this.#root.kind === "object" ? (this.#root as ObjectNode).members.get(name) : undefined;
    return node?.kind === "string" ? (node as ScalarNode).text : "";
  }
}

function* leavesOf(node: Node, path: string): Generator<Leaf> {
  if (node.kind === "object") {
    for (const [key, member] of node.members) yield* leavesOf(member, path + pointerPart(key));
  } else if (node.kind === "array") {
    for (const [i, item] of node.items.entries()) yield* leavesOf(item, path + pointerPart(i));
  } else yield { path, value: node.text, start: node.start, end: node.end };
}

/** The values behind `extension(x)` and how many extensions matched: 0, 1, or more than a configuration may mean. */
export function extensionValues(tree: Tree, path: string): { readonly matches: number; readonly values: readonly string[] } {
  if (!(tree instanceof JsonTree)) return { matches: 0, values: [] };
  const { values, extensions = 0 } = tree.find(path);
  return { matches: extensions, values };
}
