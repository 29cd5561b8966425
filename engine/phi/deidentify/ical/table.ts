import table from "../../../../schemas/deidentify/ical.json" with { type: "json" };
import type { DeidentifyMethod } from "../../../config/project.ts";
import { checkedPolicy } from "../policy.ts";

const actions = ["rm", "text", "new", "in", "code", "count", "date", "stamp", "span", "rule", "zone", "id"] as const;

export type PropertyAction = (typeof actions)[number];

/** What becomes of a property or parameter; `detail` is the set of a `code`, the kind of an `id`. */
export interface PropertyRule {
  readonly action: PropertyAction;
  readonly detail: string;
}

interface Rules {
  readonly safeHarbor: PropertyRule;
  readonly limited: PropertyRule;
}

export const policy = checkedPolicy(table, "ical");

export const sets: ReadonlyMap<string, ReadonlySet<string>> = new Map(Object.entries(table.sets).map(([name, codes]) => [name, new Set(codes.split(" "))]));
/** DTSTAMP where dates become years: it must be there, and nobody has lived that day. */
export const nobodysDay = "00010101T000000Z";
/** Components that are written anew, in a calendar. */
export const components: ReadonlySet<string> = new Set(table.components.split(" "));
export const properties: ReadonlyMap<string, Rules> = readRows(table.properties);
export const parameters: ReadonlyMap<string, Rules> = readRows(table.parameters);

/** An expert's determination begins where Safe Harbor does, with dates and ids as it says. What has no row is removed. */
export function ruleFor(method: DeidentifyMethod, name: string, rows = properties): PropertyRule {
  const row = rows.get(name);
  return (method === "limited-data-set" ? row?.limited : row?.safeHarbor) ?? { action: "rm", detail: "" };
}

/** A table with a wrong row stops the start. */
function readRows(all: readonly (readonly string[])[]): ReadonlyMap<string, Rules> {
  const read = new Map<string, Rules>();
  for (const [name = "", , safeHarbor = "", limited = ""] of all) {
    if (!/^[A-Z0-9-]+$/.test(name) || read.has(name)) throw new RangeError(`de-identification table, row ${name}`);
    read.set(name, { safeHarbor: ruleOf(safeHarbor, name), limited: ruleOf(limited, name) });
  }
  return read;
}

function ruleOf(text: string, name: string): PropertyRule {
  const [word, detail = ""] = text.split(" ");
  const action = actions.find((each) => each === word);
  if (!action || (action === "id") !== (detail !== "" && action !== "code") || (action === "code" && !sets.has(detail))) throw new RangeError(`de-identification table, row ${name}`);
  return { action, detail };
}
