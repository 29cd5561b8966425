import type { ProfileRows, RowFacts } from "./tables.ts";
import { readTypes, type TypeRef } from "./definitions.ts";

/** A profile, or the definition of an extension: what it asks beyond the type. */
export interface Profile {
  readonly url: string;
  /** Of the package it is from. */
  readonly version: string;
  readonly type: string;
  /** An extension that may change the meaning of what it stands in. */
  readonly isModifier: boolean;
  /** Where an extension may stand; absent for a profile. */
  readonly context?: readonly string[];
  readonly root: Constraint;
}

/** What a profile asks of one element. Absent: no more than the type does. */
export interface Constraint {
  /** Without `[x]`. */
  readonly name: string;
  readonly isChoice: boolean;
  min?: number;
  /** Absent or Infinity: no limit. */
  max?: number;
  types?: readonly TypeRef[];
  fixed?: unknown;
  pattern?: unknown;
  binding?: string;
  invariants: readonly string[];
  mustSupport: boolean;
  slicing?: Slicing;
  readonly slices: Map<string, Constraint>;
  readonly children: Map<string, Constraint>;
}

export interface Slicing {
  readonly discriminators: readonly { readonly type: string; readonly path: string }[];
  readonly rules: string;
  readonly ordered: boolean;
}

export function compileProfile(url: string, version: string, { type, modifier = false, context, rows }: ProfileRows): Profile {
  const root = constraint(type);
  for (const row of rows) {
    const [id, facts] = row as readonly [string, RowFacts];
    fill(at(root, id.split(".").slice(1)), facts);
  }
  return { url, version, type, isModifier: modifier, ...(context && { context }), root };
}

function at(root: Constraint, parts: readonly string[]): Constraint {
  let node = root;
  for (const part of parts) {
    const colon = part.indexOf(":");
    const name = colon < 0 ? part : part.slice(0, colon);
    node = made(node.children, name.replace(/\[x\]$/, ""), name.endsWith("[x]"));
    if (colon >= 0) node = made(node.slices, part.slice(colon + 1), name.endsWith("[x]"), node.name);
  }
  return node;
}

function made(within: Map<string, Constraint>, key: string, isChoice: boolean, name = key): Constraint {
  const found = within.get(key) ?? constraint(name, isChoice);
  within.set(key, found);
  return found;
}

function constraint(name: string, isChoice = false): Constraint {
  return { name, isChoice, invariants: [], mustSupport: false, slices: new Map(), children: new Map() };
}

function fill(node: Constraint, { n, x, t, f, p, b, i, s, m }: RowFacts): void {
  if (n !== undefined) node.min = n;
  if (x !== undefined) node.max = x === "*" ? Number.POSITIVE_INFINITY : Number(x);
  if (t !== undefined) node.types = readTypes(t);
  if (f !== undefined) node.fixed = f;
  if (p !== undefined) node.pattern = p;
  if (b !== undefined) node.binding = b;
  if (i !== undefined) node.invariants = i;
  if (m === true) node.mustSupport = true;
  if (s !== undefined) node.slicing = { discriminators: s.d.map(([type = "", path = ""]) => ({ type, path })), rules: s.r, ordered: s.o === true };
}
