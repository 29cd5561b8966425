import table from "../../../../schemas/deidentify/x12.json" with { type: "json" };
import type { DeidentifyMethod } from "../../../config/project.ts";
import { checkedPolicy } from "../policy.ts";

const actions = ["rm", "new", "set", "form", "code", "number", "ordinal", "count", "level", "parent", "format", "period", "birth", "date", "state", "town", "zip", "country", "id"] as const;

export type ElementAction = (typeof actions)[number];

/** What becomes of an element; `detail` is the name of a `set` or a `form`, the kind of an `id`. */
export interface ElementRule {
  readonly action: ElementAction;
  readonly detail: string;
}

export interface ElementRow {
  readonly safeHarbor: ElementRule;
  readonly limited: ElementRule;
}

export const policy = checkedPolicy(table, "x12");

const sets: ReadonlyMap<string, ReadonlySet<string>> = new Map(Object.entries(table.sets).map(([name, codes]) => [name, new Set(codes.split(" "))]));
const forms: ReadonlyMap<string, RegExp> = new Map(Object.entries(table.forms).map(([name, form]) => [name, new RegExp(`^(?:${form})$`)]));
/** By qualifier: names of public systems (code-systems.json) or of forms. */
const lists: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(table.codes).map(([qualifier, names]) => [qualifier, names.split(" ")]));
const needs: ReadonlyMap<string, readonly number[]> = new Map(Object.entries(table.needs).map(([segment, elements]) => [segment, elements.split(" ").map(Number)]));
const nothing: ElementRule = { action: "rm", detail: "" };

/** By `CLM-2` or `CLM-5.1`. */
export const rows: ReadonlyMap<string, ElementRow> = readRows(table.rows);

/** An expert's determination begins where Safe Harbor does, with dates and ids as it says. What has no row is removed. */
export function ruleFor(method: DeidentifyMethod, segment: string, element: number, component: number): ElementRule {
  const row = rows.get(`${segment}-${element}.${component}`) ?? (component === 1 ? rows.get(`${segment}-${element}`) : undefined);
  return (method === "limited-data-set" ? row?.limited : row?.safeHarbor) ?? nothing;
}

/** How many elements of a segment have a row; what is behind them is removed. */
export function mostOf(segment: string): number {
  return most.get(segment) ?? 0;
}

/** Whether the policy lets anything of a segment stand. */
export function isKnown(segment: string): boolean {
  return known.has(segment);
}

/** Elements of which one must be left for a segment to stand; empty: any of them. */
export function neededOf(segment: string): readonly number[] {
  return needs.get(segment) ?? [];
}

export function isOfSet(name: string, value: string): boolean {
  return sets.get(name)?.has(value) === true;
}

export function hasForm(name: string, value: string): boolean {
  return forms.get(name)?.test(value) === true;
}

/** Names of the lists that a qualifier (SV101-1, HI01-1) says a code is of. */
export function listsOf(qualifier: string): readonly string[] {
  return lists.get(qualifier) ?? [];
}

/** A table with a wrong row, or two rows for one element, stops the start. */
function readRows(all: readonly (readonly string[])[]): ReadonlyMap<string, ElementRow> {
  const read = new Map<string, ElementRow>();
  for (const [path = "", , safeHarbor = "", limited = ""] of all) {
    if (!/^[A-Z][A-Z0-9]{1,2}-\d+(?:\.\d+)?$/.test(path) || read.has(path)) throw new RangeError(`de-identification table, row ${path}`);
    read.set(path, { safeHarbor: ruleOf(safeHarbor, path), limited: ruleOf(limited, path) });
  }
  return read;
}

function ruleOf(text: string, path: string): ElementRule {
  const [name, detail = ""] = text.split(" ");
  const action = actions.find((each) => each === name);
  const isWhole = action === "set" ? sets.has(detail) : action === "form" ? forms.has(detail) : (action === "id") === (detail !== "");
  if (!action || !isWhole) throw new RangeError(`de-identification table, row ${path}`);
  return { action, detail };
}

const known = new Set([...rows].flatMap(([path, { safeHarbor, limited }]) => (safeHarbor.action === "rm" && limited.action === "rm" ? [] : [path.slice(0, path.indexOf("-"))])));

const most = new Map<string, number>();
for (const path of rows.keys()) {
  const [segment = "", element = ""] = path.split(/[-.]/);
  most.set(segment, Math.max(most.get(segment) ?? 0, Number(element)));
}
