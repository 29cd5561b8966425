import table from "../../../../schemas/deidentify/hl7v2.json" with { type: "json" };
import type { DeidentifyMethod } from "../../../config/project.ts";
import { checkedPolicy } from "../policy.ts";

const actions = [
  "rm", "text", "new", "set", "index", "number", "quantity", "units", "range", "code", "drug", "event", "date", "year", "birth", "timing", "address", "record", "id", "value",
] as const;

export type FieldAction = (typeof actions)[number];

/** What becomes of a field; `detail` is the set of a `code`, the kind of an `id`. */
export interface FieldRule {
  readonly action: FieldAction;
  readonly detail: string;
}

export interface FieldRow {
  readonly safeHarbor: FieldRule;
  readonly limited: FieldRule;
}

export const policy = checkedPolicy(table, "hl7v2");

/** Codes of a set by their name. */
export const sets: ReadonlyMap<string, ReadonlySet<string>> = new Map(Object.entries(table.sets).map(([name, codes]) => [name, new Set(codes.split(" "))]));

/** By `PID-5`. */
export const rows: ReadonlyMap<string, FieldRow> = readRows(table.rows);

/** An expert's determination begins where Safe Harbor does, with dates and ids as it says. What has no row is removed. */
export function ruleFor(method: DeidentifyMethod, segment: string, field: number): FieldRule {
  const row = rows.get(`${segment}-${field}`);
  return (method === "limited-data-set" ? row?.limited : row?.safeHarbor) ?? { action: "rm", detail: "" };
}

/** A table with a wrong row, or two rows for one field, stops the start. */
function readRows(all: readonly (readonly string[])[]): ReadonlyMap<string, FieldRow> {
  const read = new Map<string, FieldRow>();
  for (const [path = "", , safeHarbor = "", limited = ""] of all) {
    if (!/^[A-Z][A-Z0-9]{1,2}-\d+$/.test(path) || read.has(path)) throw new RangeError(`de-identification table, row ${path}`);
    read.set(path, { safeHarbor: ruleOf(safeHarbor, path), limited: ruleOf(limited, path) });
  }
  return read;
}

function ruleOf(text: string, path: string): FieldRule {
  const [name, detail = ""] = text.split(" ");
  const action = actions.find((each) => each === name);
  if (!action || (action === "id") !== (detail !== "" && action !== "code") || (action === "code" && detail !== "" && !sets.has(detail))) {
    throw new RangeError(`de-identification table, row ${path}`);
  }
  return { action, detail };
}
