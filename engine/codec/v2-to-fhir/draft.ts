import type { Home } from "./elements.ts";
import type { Group } from "./groups.ts";
import { isPrimitive } from "./elements.ts";
import type { Step, Target } from "./target.ts";

export type Node = Record<string, unknown>;

/** Which piece of the message is being written: it keeps what one segment writes apart from what another does. */
export interface Spot {
  /** `NK1[2]` */
  readonly segment: string;
  readonly field: number;
  /** Repetition of the field, from 1. */
  readonly repetition: number;
}

/** A place in a resource that is being made. */
export interface Cursor {
  readonly draft: Draft;
  readonly node: Node;
  readonly home: Home;
  readonly key: string;
  /** The same element once more, where it repeats. */
  readonly again?: (index: string) => Cursor;
}

/** A resource that is being made. References point to drafts until ids are known. */
export class Draft {
  readonly type: string;
  readonly node: Node;
  readonly group: Group;
  /** The segment that made it: `NK1[2]`. */
  segment = "";
  /** Key of identifiers that the resource loses on its way to FHIR: whole EI, CX. */
  readonly keys: string[] = [];
  /** Nodes of references, and what they point to; `tie`: by the message map, not by a field. */
  readonly references: { readonly node: Node; readonly to: Draft; readonly tie: boolean }[] = [];
  readonly #slots = new Map<string, Cursor>();
  readonly #drafts = new Map<string, Draft>();

  constructor(type: string, group: Group) {
    this.type = type;
    this.group = group;
    this.node = { resourceType: type };
  }

  get cursor(): Cursor {
    return { draft: this, node: this.node, home: { type: this.type, path: "" }, key: "" };
  }

  slot(key: string, make: () => Cursor): Cursor {
    let found = this.#slots.get(key);
    if (found === undefined) this.#slots.set(key, (found = make()));
    return found;
  }

  other(key: string, make: () => Draft): Draft {
    let found = this.#drafts.get(key);
    if (found === undefined) this.#drafts.set(key, (found = make()));
    return found;
  }
}

/** Where a path led: to an element with parts, or to a primitive of its parent. */
export type Place = { readonly cursor: Cursor; readonly step?: undefined } | { readonly cursor: Cursor; readonly step: Step };

export interface Making {
  /** A resource that another refers to. */
  make(type: string, group: Group): Draft;
  /** Elements such as `MedicationRequest.dosageInstruction`, that all segments fill together. */
  readonly single: readonly string[];
}

/** Goes down a path, and makes what is missing on the way. */
export function walk(from: Cursor, target: Target, spot: Spot, making: Making): Place {
  let at = from;
  for (const [i, step] of target.steps.entries()) {
    const last = i === target.steps.length - 1;
    if (isPrimitive(step.type)) {
      if (last) return { cursor: at, step };
      at = enter(at, { ...step, name: `_${step.name}`, repeated: false, below: { type: "Element", path: "" } }, "");
      continue;
    }
    at = enter(at, step, step.repeated ? tagOf(at, step, i === target.repeats ? spot.repetition : 1, spot, making) : "");
    if (step.to !== undefined) at = cross(at, step.to, making);
  }
  return { cursor: at };
}

function tagOf(at: Cursor, step: Step, repetition: number, spot: Spot, making: Making): string {
  if (making.single.includes(`${at.home.type}.${step.name}`)) return "#";
  const field = step.name === "extension" ? `${spot.field}` : "";
  return `#${spot.segment}:${field}:${step.index}:${repetition}`;
}

function enter(at: Cursor, step: Pick<Step, "name" | "repeated" | "below">, tag: string): Cursor {
  const key = `${at.key}/${step.name}${tag}`;
  return at.draft.slot(key, () => {
    const node: Node = {};
    if (step.repeated) ((at.node[step.name] ??= []) as Node[]).push(node);
    else if (typeof at.node[step.name] === "object" && at.node[step.name] !== null) return { draft: at.draft, node: at.node[step.name] as Node, home: step.below, key };
    else at.node[step.name] = node;
    return { draft: at.draft, node, home: step.below, key, ...(step.repeated ? { again: (index: string) => enter(at, step, `${tag}~${index}`) } : {}) };
  });
}

/** From a reference into the resource that it points to. */
export function cross(at: Cursor, type: string, making: Making): Cursor {
  const other = at.draft.other(`${at.key}@${type}`, () => making.make(type, at.draft.group));
  refer(at, other);
  return other.cursor;
}

export function refer({ draft, node }: Pick<Cursor, "draft" | "node">, to: Draft, tie = false): void {
  if (!draft.references.some((each) => each.node === node)) draft.references.push({ node, to, tie });
}

export function write(node: Node, name: string, repeated: boolean, value: unknown): boolean {
  if (repeated) ((node[name] ??= []) as unknown[]).push(value);
  else if (node[name] !== undefined) return false;
  else node[name] = value;
  return true;
}
