import { EngineError } from "../../sdk/error.ts";
import type { Leaf, Tree } from "../tree.ts";
import { leavesOf } from "./leaves.ts";
import { type Element, localName, type Spot } from "./node.ts";
import { find, type Target } from "./path.ts";
import { readXml, type XmlLimits } from "./reader.ts";
import { escapeAttribute, escapeRun } from "./write.ts";

/** Reads XML and keeps its text. Throws `XML-0nn`. */
export function parseXml(text: string, limits: XmlLimits = {}): XmlMessage {
  return new XmlMessage(text, limits);
}

/**
 * XML as text with places. Paths name elements and attributes: `/order/patient/id[2]/@root`, or `patient/name` wherever it begins. An edit
 * replaces the span of one value, and an untouched text comes back as it was.
 * @example
 * const msg = parseXml("<order><id>7</id></order>");
 * if (msg.get("/order/id") === "7") msg.set("/order/id", "8");
 */
export class XmlMessage implements Tree {
  readonly #limits: XmlLimits;
  readonly #text: string;
  readonly #root: Element;
  /** What stands instead of a span of the text, by where the span begins. */
  readonly #edits = new Map<number, { readonly end: number; readonly raw: string }>();
  readonly #guard: ((place: { readonly start: number; readonly end: number }) => void) | undefined;

  /** `guard` is asked before an edit and throws where none may be; places are of the text that was read. */
  constructor(text: string, limits: XmlLimits, guard?: (place: { readonly start: number; readonly end: number }) => void) {
    this.#limits = limits;
    this.#guard = guard;
    this.#text = text;
    this.#root = readXml(text, limits);
  }

  /** The local name of the root element. */
  get type(): string {
    return localName(this.#root.name);
  }

  /** The first value at a path; the empty string when there is none. Of an element: the text right inside it. */
  get(path: string): string {
    const [first] = this.#find(path);
    return first === undefined ? "" : textAt(first);
  }

  /** Replaces the one value at a path; none or several is `XML-102`, and an element that holds others has no value of its own (`XML-104`). */
  set(path: string, value: string | number): this {
    const found = this.#find(path);
    const [only] = found;
    if (only === undefined || found.length > 1) throw new EngineError("XML-102", { found: found.length });
    this.#write(only, value);
    return this;
  }

  /** The elements at a path, each to be read and changed by paths of its own. */
  all(path: string): XmlElement[] {
    return this.#find(path).flatMap((target) => (target.kind === "element" ? [this.#handle(target.element)] : []));
  }

  values(path: string): readonly string[] {
    return this.#find(path).map(textAt).filter((value) => value !== "");
  }

  /** For trusted code that walks the elements. */
  get root(): Element {
    return this.#edits.size === 0 ? this.#root : readXml(this.toString(), this.#limits);
  }

  leaves(): Iterable<Leaf> {
    const { root } = this;
    return leavesOf(root, `/${root.name}`);
  }

  toString(): string {
    if (this.#edits.size === 0) return this.#text;
    let out = "";
    let done = 0;
    for (const [start, { end, raw }] of [...this.#edits].sort(([a], [b]) => a - b)) {
      out += this.#text.slice(done, start) + raw;
      done = end;
    }
    return out + this.#text.slice(done);
  }

  #find(path: string): Target[] {
    return find(this.#root, path);
  }

  #handle(element: Element): XmlElement {
    const at = (path: string) => find({ ...element, name: "self" }, `/self/${path}`);
    return new XmlElement(element.name, {
      get: (path) => {
        const target: Target | undefined = path === undefined ? { kind: "element", element } : at(path)[0];
        return target === undefined ? "" : textAt(target);
      },
      set: (path, value) => {
        const found: Target[] = path === undefined ? [{ kind: "element", element }] : at(path);
        const [only] = found;
        if (only === undefined || found.length > 1) throw new EngineError("XML-102", { found: found.length });
        this.#write(only, value);
      },
      all: (path) => at(path).flatMap((target) => (target.kind === "element" ? [this.#handle(target.element)] : [])),
    });
  }

  #write(target: Target, value: string | number): void {
    if (target.kind === "attribute") this.#put(target.attribute, escapeAttribute(value), value);
    else if (target.kind === "text") this.#put(target.run, escapeRun(value), value);
    else this.#fill(target.element, value);
  }

  #fill(element: Element, value: string | number): void {
    if (element.children.length > 0) throw new EngineError("XML-104");
    this.#guard?.(element);
    const raw = escapeRun(value);
    const [only] = element.runs;
    if (element.runs.length === 1 && only !== undefined) return this.#put(only, raw, value);
    for (const { start } of element.runs) this.#edits.delete(start);
    const whole = { start: element.start, end: element.end, value: String(value), isBlank: false };
    // `<a/>` has no inside: its end becomes a pair of tags.
    this.#edits.set(whole.start, { end: whole.end, raw: element.isEmptyTag ? `>${raw}</${element.name}>` : raw });
    if (!element.isEmptyTag) element.runs = [whole];
    else element.runs = [Object.assign(whole, { wrap: element.name })];
  }

  #put(spot: Spot & { readonly wrap?: string }, raw: string, value: string | number): void {
    if (spot.value === String(value)) return;
    this.#guard?.(spot);
    spot.value = String(value);
    this.#edits.set(spot.start, { end: spot.end, raw: spot.wrap === undefined ? raw : `>${raw}</${spot.wrap}>` });
  }
}

interface Access {
  get(path?: string): string;
  set(path: string | undefined, value: string | number): void;
  all(path: string): XmlElement[];
}

/** One element of a message. Paths are relative: `name/given`, `@root`. */
export class XmlElement {
  readonly name: string;
  readonly #access: Access;

  constructor(name: string, access: Access) {
    this.name = name;
    this.#access = access;
  }

  /** Without a path: the text right inside the element. */
  get(path?: string): string {
    return this.#access.get(path);
  }

  set(path: string, value: string | number): this {
    this.#access.set(path, value);
    return this;
  }

  /** Replaces the text of the element itself. */
  setText(value: string | number): this {
    this.#access.set(undefined, value);
    return this;
  }

  all(path: string): XmlElement[] {
    return this.#access.all(path);
  }
}

function textAt(target: Target): string {
  if (target.kind === "attribute") return target.attribute.value;
  return target.kind === "text" ? target.run.value : target.element.runs.map(({ value }) => value).join("");
}
