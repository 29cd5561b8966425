import type { Node, ObjectNode } from "../json/node.ts";
import type { Definitions, Slot } from "./definitions.ts";
import type { ElementPath } from "./element-path.ts";
import type { Report } from "./report.ts";

/** One validation: what it works with and what it gathers on the way. */
export interface Run {
  readonly definitions: Definitions;
  readonly report: Report;
  readonly options: Options;
  /** Whether an invariant holds; undefined where it cannot be told. The host has FHIRPath. */
  readonly holds: (expression: string, focus: Focus) => boolean | undefined;
  /** References with the place where they stand, to be followed when the whole message is known. */
  readonly references: Pointer[];
}

export interface Options {
  /** Profiles to hold the outermost resource to, besides those that it claims. */
  readonly profiles: readonly string[];
  /** `refuse`: an extension that no shipped definition knows is an error; else only a modifier extension is named. */
  readonly extensions: "accept" | "refuse";
}

/** What an invariant looks at. */
export interface Focus {
  readonly node: Node;
  /** `Observation.component`, `Quantity`: the type, in the terms of the definitions. */
  readonly type: string;
  readonly within: Within;
}

/** The resource around an element. */
export interface Within {
  readonly resource: ObjectNode;
  /** The resource that contains this one, or itself. */
  readonly container: ObjectNode;
  readonly path: ElementPath;
  /** The entry of the Bundle that holds it. */
  readonly entry?: Entry;
}

export interface Entry {
  readonly bundle: ObjectNode;
  readonly fullUrl: string;
  readonly node: ObjectNode;
}

export interface Pointer {
  readonly node: ObjectNode;
  readonly path: ElementPath;
  readonly within: Within;
  /** Types or profiles that it may lead to. */
  readonly targets: readonly string[];
  readonly slot: Slot;
}

/** The text of a string member. */
export function textOf(node: Node | undefined, name: string): string {
  const member = node?.kind === "object" ? node.members.get(name) : undefined;
  return member?.kind === "string" ? member.text : "";
}

/** The items of a list, or the one thing that stands instead of it. */
export function itemsOf(node: Node | undefined): readonly Node[] {
  if (node === undefined) return [];
  return node.kind === "array" ? node.items : [node];
}
