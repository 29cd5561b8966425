import { EngineError } from "../../sdk/error.ts";
import type { EditableTree, Leaf } from "../tree.ts";
import { addLine, encodedAt, propertyLine, removeAt, setAt, valuesAt } from "./access.ts";
import { leavesOf } from "./leaves.ts";
import { type Breaks, Line } from "./line.ts";
import { componentSteps, findComponents, propertyPath } from "./path.ts";
import { allLines, type Component, componentsIn, type Document, type IcalLimits, isLine, linesIn, readDocument } from "./read.ts";

/** Reads iCalendar (RFC 5545) and keeps its text. Throws `ICS-0nn` with the line. */
export function parseIcal(text: string, limits: IcalLimits = {}): IcalMessage {
  return new IcalMessage(readDocument(text, limits));
}

/**
 * iCalendar as lines and components. Paths name components, properties and parameters: `VEVENT/DTSTART`, `VEVENT[2]/ATTENDEE[1];PARTSTAT`,
 * `VCALENDAR/METHOD`, `VEVENT/CATEGORIES.2` for one of a list. Names are those of RFC 5545 in any case. An edit replaces the span of one value, folded at
 * 75 octets where it must be; an untouched text comes back as it was.
 * @example
 * const msg = parseIcal(text);
 * for (const event of msg.all("VEVENT")) if (event.get("STATUS") === "CANCELLED") event.set("SUMMARY", "cancelled");
 */
export class IcalMessage implements EditableTree {
  readonly #document: Document;

  constructor(document: Document) {
    this.#document = document;
  }

  /** METHOD (`REQUEST`), else the name of the first component that is no time zone, in capitals. */
  get type(): string {
    const calendar = componentsIn(this.root).find(({ name }) => name === "VCALENDAR");
    const method = calendar && linesIn(calendar).find((line) => line.parts?.name === "METHOD")?.elements[0]?.value;
    if (method !== undefined && method !== "") return method.toUpperCase();
    const inside = calendar ? componentsIn(calendar) : componentsIn(this.root);
    return (inside.find(({ name }) => name !== "VTIMEZONE") ?? inside[0] ?? componentsIn(this.root)[0])?.name ?? "";
  }

  /** UID, when the whole message is about a single one. */
  get controlId(): string | undefined {
    const ids = new Set<string>();
    const take = (component: Component) => {
      for (const line of linesIn(component)) if (line.parts?.name === "UID") ids.add(line.elements[0]?.value ?? "");
    };
    for (const top of componentsIn(this.root)) for (const each of top.name === "VCALENDAR" ? componentsIn(top) : [top]) take(each);
    const [only] = ids;
    return ids.size === 1 && only !== "" ? only : undefined;
  }

  /** For trusted code that walks lines and components. */
  get root(): Component {
    return this.#document.root;
  }

  get breaks(): Breaks {
    return this.#document.breaks;
  }

  /** The first value at a path, decoded: text without its escapes, everything else as it stands. The empty string when there is none. */
  get(path: string): string {
    for (const value of valuesAt(this.#scope, path)) return value;
    return "";
  }

  /** Writes one value; a property or parameter that is not there is added to its component. `ICS-102` where there is no such place. */
  set(path: string, value: string | number): this {
    setAt(this.#scope, path, value, this.breaks);
    return this;
  }

  /** All values at a path, over everything that it does not single out; empty ones are left out. */
  values(path: string): readonly string[] {
    return [...valuesAt(this.#scope, path)].filter((value) => value !== "");
  }

  /** The components at a path: `VEVENT`, `VEVENT[2]/VALARM`. */
  all(path: string): IcalComponent[] {
    return findComponents(this.#scope, componentSteps(path)).map((each) => new IcalComponent(each, this.breaks));
  }

  /** Takes out a property (all of the name, without a number) or a parameter; says how many there were. */
  remove(path: string): number {
    return removeAt(this.#scope, path);
  }

  /** Takes a component out; says whether it was there. */
  removeComponent(path: string): boolean {
    const [found] = findComponents(this.#scope, componentSteps(path));
    return found !== undefined && takeOut(this.root, found);
  }

  /** A value as it would be written in place of the leaf at a path. */
  encoded(path: string, value: string): string {
    return encodedAt(this.#scope, path, value, this.breaks);
  }

  leaves(): Iterable<Leaf> {
    return leavesOf(this.#document);
  }

  toString(): string {
    let out = this.#document.mark;
    for (const line of allLines(this.root)) out += line.raw + line.eol;
    return out;
  }

  get #scope() {
    return { root: this.root, isWhole: true };
  }
}

/** One component. Paths are relative to it: `DTSTART`, `ATTENDEE[2];CN`, `VALARM/TRIGGER`. */
export class IcalComponent {
  readonly #component: Component;
  readonly #breaks: Breaks;

  constructor(component: Component, breaks: Breaks) {
    this.#component = component;
    this.#breaks = breaks;
  }

  get name(): string {
    return this.#component.name;
  }

  /** For trusted code. */
  get node(): Component {
    return this.#component;
  }

  get(path: string): string {
    for (const value of valuesAt(this.#scope, path)) return value;
    return "";
  }

  set(path: string, value: string | number): this {
    setAt(this.#scope, path, value, this.#breaks);
    return this;
  }

  values(path: string): readonly string[] {
    return [...valuesAt(this.#scope, path)].filter((value) => value !== "");
  }

  all(path: string): IcalComponent[] {
    return findComponents(this.#scope, componentSteps(path)).map((each) => new IcalComponent(each, this.#breaks));
  }

  remove(path: string): number {
    return removeAt(this.#scope, path);
  }

  /** Adds a property behind the others; several values of a list go as one property. */
  add(name: string, value: string | number | readonly (string | number)[], parameters: Readonly<Record<string, string | readonly string[]>> = {}): this {
    addLine(this.#component, propertyLine(name, value, parameters), this.#breaks);
    return this;
  }

  /** Adds an empty component behind what is there, and gives it to be filled. */
  addComponent(name: string): IcalComponent {
    if (!/^[A-Za-z0-9-]+$/.test(name)) throw new EngineError("ICS-101");
    const upper = name.toUpperCase();
    const line = (text: string) => new Line(text, this.#breaks.eol, this.#breaks);
    const component: Component = { name: upper, begin: line(`BEGIN:${upper}`), end: line(`END:${upper}`), items: [] };
    this.#component.items.push(component);
    return new IcalComponent(component, this.#breaks);
  }

  toString(): string {
    return [...allLines(this.#component)].map(({ raw, eol }) => raw + eol).join("");
  }

  get #scope() {
    return { root: this.#component, isWhole: false };
  }
}

function takeOut(from: Component, which: Component): boolean {
  const at = from.items.indexOf(which);
  if (at >= 0) return from.items.splice(at, 1).length > 0;
  return from.items.some((item) => !isLine(item) && takeOut(item, which));
}

/** A path that a message of this format can have. */
export function isIcalPath(path: string): boolean {
  try {
    propertyPath(path);
    return true;
  } catch {
    return false;
  }
}

/** An empty calendar to be filled: VERSION, PRODID and what else is given. Lines end in CR LF. */
export function newCalendar(properties: Readonly<Record<string, string>> = {}): IcalMessage {
  const message = parseIcal("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n");
  const [calendar] = message.all("VCALENDAR");
  for (const [name, value] of Object.entries({ PRODID: "-//Sluice//iCalendar//EN", ...properties })) calendar?.add(name, value);
  return message;
}
