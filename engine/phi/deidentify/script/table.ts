import table from "../../../../schemas/deidentify/script.json" with { type: "json" };
import type { DeidentifyMethod } from "../../../config/project.ts";
import { checkedPolicy } from "../policy.ts";

const actions = ["rm", "text", "new", "in", "number", "code", "coded", "drug", "date", "birth", "town", "state", "zip", "country", "id"] as const;

export type ElementAction = (typeof actions)[number];

/** What becomes of an element; `detail` is the set of a `code`, the kind of an `id`. */
export interface ElementRule {
  readonly action: ElementAction;
  readonly detail: string;
}

export const policy = checkedPolicy(table, "script");

/** Codes of a set by their name. */
export const sets: ReadonlyMap<string, ReadonlySet<string>> = new Map(Object.entries(table.sets).map(([name, codes]) => [name, new Set(codes.split(" "))]));

/** Public code systems by the qualifier that names them. */
export const qualifiers: ReadonlyMap<string, string> = new Map(Object.entries(table.qualifiers));

/** By type and element: `HumanPatient/Gender`. */
export const rows: ReadonlyMap<string, { readonly safeHarbor: ElementRule; readonly limited: ElementRule }> = readRows(table.rows);

/** An expert's determination begins where Safe Harbor does, with dates and ids as it says. What has no row is removed. */
export function ruleFor(method: DeidentifyMethod, type: string, element: string): ElementRule {
  const row = rows.get(`${type}/${element}`);
  return (method === "limited-data-set" ? row?.limited : row?.safeHarbor) ?? { action: "rm", detail: "" };
}

/** A table with a wrong row stops the start. */
function readRows(all: readonly (readonly string[])[]): typeof rows {
  const read = new Map<string, { readonly safeHarbor: ElementRule; readonly limited: ElementRule }>();
  for (const [place = "", , safeHarbor = "", limited = ""] of all) {
    if (!/^\w+\/\w+$/.test(place) || read.has(place)) throw new RangeError(`de-identification table, row ${place}`);
    read.set(place, { safeHarbor: ruleOf(safeHarbor, place), limited: ruleOf(limited, place) });
  }
  return read;
}

function ruleOf(text: string, place: string): ElementRule {
  const [name, detail = ""] = text.split(" ");
  const action = actions.find((each) => each === name);
  if (!action || (action === "id") !== (detail !== "" && action !== "code") || (action === "code" && !sets.has(detail))) throw new RangeError(`de-identification table, row ${place}`);
  return { action, detail };
}
