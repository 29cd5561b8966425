import limited from "../../../../schemas/deidentify/fhir-limited-data-set.json" with { type: "json" };
import harbor from "../../../../schemas/deidentify/fhir-safe-harbor.json" with { type: "json" };
import { checkedPolicy, type Policy } from "../policy.ts";
import { dataTypes, type Definition, type Element, primitives, resources } from "./elements.ts";

const actions = [
  "rm", "walk", "keep", "code", "term", "unit", "date", "birth", "age", "id", "ref", "uid", "surrogate", "system", "zip3", "zip5", "state", "country", "city", "lot", "question",
  "profile", "security", "extension", "whole", "value", "resource", "new",
] as const;

const numbers: readonly string[] = ["boolean", "integer", "positiveInt", "unsignedInt", "decimal", "time"];
const dates: readonly string[] = ["date", "dateTime", "instant"];

/** What becomes of an element. `whole`: what holds it goes with it, since it would mean something else without. */
export type Action = (typeof actions)[number];

export interface Rows {
  readonly policy: Policy;
  /** By `Patient.birthDate`; `Patient` alone is the whole resource. */
  readonly actions: ReadonlyMap<string, Action>;
}

export const safeHarbor: Rows = { policy: checkedPolicy(harbor, "fhir"), actions: readRows(harbor.rows) };
export const limitedDataSet: Rows = { policy: checkedPolicy(limited, "fhir"), actions: readRows(limited.rows) };

/** A file that lacks a row of an element, or has one that its type knows nothing of, stops the start. */
function readRows(rows: Readonly<Record<string, string>>): ReadonlyMap<string, Action> {
  const read = new Map<string, Action>();
  for (const [name, text] of Object.entries(rows)) {
    for (const row of text.split("|")) {
      const [path = "", written = "", cls = ""] = row.split(" ");
      const full = path === "" ? name : `${name}.${path}`;
      const action = actions.find((each) => each === written);
      if (!action || !/^[-A-R]$/.test(cls) || read.has(full)) throw new RangeError(`policy of FHIR, row ${full}`);
      read.set(full, action);
    }
  }
  for (const definition of [...resources.values(), ...dataTypes.values()]) checkRows(definition, read);
  return read;
}

function checkRows({ name, abstract, elements }: Definition, read: ReadonlyMap<string, Action>): void {
  if (resources.has(name) && !abstract && !read.has(name)) throw new RangeError(`policy of FHIR, no row for ${name}`);
  for (const element of elements) {
    const action = read.get(element.path);
    if (!action || !isFit(action, element)) throw new RangeError(`policy of FHIR, row ${element.path}`);
  }
}

/** What is kept as it stands has no room for words. */
function isFit(action: Action, { type }: Element): boolean {
  switch (action) {
    case "keep":
      return numbers.includes(type);
    case "date":
    case "birth":
      return dates.includes(type);
    case "code":
      return type === "code";
    case "walk":
      return !primitives.has(type);
    default:
      return true;
  }
}
