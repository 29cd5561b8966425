// Writes fhir-safe-harbor.json and fhir-limited-data-set.json: a row for every element of FHIR R4, from the rules of fhir-rules.json.
//
//   node schemas/deidentify/make-fhir.ts [FOLDER]
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Definition, dataTypes, type Element, resources } from "../../engine/phi/deidentify/fhir/elements.ts";

interface Rules {
  readonly version: number;
  readonly source: string;
  readonly types: readonly Row[];
  readonly resources: { readonly data: readonly string[]; readonly id: readonly string[] };
  readonly elements: readonly Row[];
}
/** Path or type, class, action under Safe Harbor, action in a limited data set. */
type Row = readonly [what: string, cls: string, sh: string, lds: string];

const remove: Row = ["", "R", "rm", "rm"];
const rules = JSON.parse(readFileSync(join(import.meta.dirname, "fhir-rules.json"), "utf8")) as Rules;
const types = unique(rules.types);
const used = new Set<Row>();
const bases: readonly string[] = ["Resource", "DomainResource", "Element", "BackboneElement"];

const rows = new Map([...resources.values(), ...dataTypes.values()].map((each) => [each.name, rowsOf(each)]));
for (const row of rules.elements) if (!used.has(row)) throw new RangeError(`no element for the rule ${row[0]}`);
write("fhir-safe-harbor", 2, "What becomes of every element of FHIR R4 under Safe Harbor (45 CFR 164.514(b)(2)).");
write("fhir-limited-data-set", 3, "What becomes of every element of FHIR R4 in a limited data set (45 CFR 164.514(e)(2)).");

function rowsOf({ name, elements }: Definition): ReadonlyMap<string, Row> {
  const found = new Map<string, Row>();
  if (resources.has(name) && !bases.includes(name)) found.set("", wholeOf(name));
  for (const element of elements) {
    const path = element.path.slice(name.length + 1);
    found.set(path, isGone(name, path, found) ? goneAs(name, path, element, found) : rowOf(name, element));
  }
  return found;
}

function wholeOf(name: string): Row {
  const isKept = rules.resources.data.includes(name) || rules.resources.id.includes(name);
  return isKept ? [name, "-", "walk", "walk"] : [name, "R", "rm", "rm"];
}

/** Nothing of a removed resource stays; of one that goes as its id, nothing but that. */
function isGone(name: string, path: string, found: ReadonlyMap<string, Row>): boolean {
  if (!resources.has(name) || bases.includes(name)) return parentOf(path, found)?.slice(2).every((action) => action === "rm") ?? false;
  return !rules.resources.data.includes(name) || (parentOf(path, found)?.slice(2).every((action) => action === "rm") ?? false);
}

function goneAs(name: string, path: string, element: Element, found: ReadonlyMap<string, Row>): Row {
  // The rule is read for its class, and so that it counts as used.
  const own = rowOf(name, element);
  const cls = own[1] === "-" ? (parentOf(path, found)?.[1] ?? "R") : own[1];
  return [path, cls === "-" ? "R" : cls, "rm", "rm"];
}

function parentOf(path: string, found: ReadonlyMap<string, Row>): Row | undefined {
  const at = path.lastIndexOf(".");
  return at < 0 ? undefined : found.get(path.slice(0, at));
}

/** The most specific rule: of two that say the same path, none is. */
function rowOf(name: string, element: Element): Row {
  const short = element.path.slice(name.length + 1);
  const dot = short.lastIndexOf(".");
  const asChoice = `${name}.${dot < 0 ? "" : short.slice(0, dot + 1)}${element.choice}`;
  const matching = rules.elements.flatMap((row) => {
    const rank = Math.max(rankOf(row[0], element.path), asChoice === element.path ? 0 : rankOf(row[0], asChoice) - 1);
    return rank > 0 ? [{ row, rank }] : [];
  });
  const best = Math.max(0, ...matching.map(({ rank }) => rank));
  const winners = matching.filter(({ rank }) => rank === best);
  if (winners.length > 1) throw new RangeError(`two rules for ${element.path}`);
  for (const { row } of matching) used.add(row);
  const [winner] = winners;
  if (winner) return winner.row;
  if (element.type.startsWith("#")) return [element.path, "-", "walk", "walk"];
  return types.get(element.type) ?? remove;
}

/** 0: does not match. An exact path ranks above a choice of it, that above one with a star, and of two with stars the longer. */
function rankOf(pattern: string, path: string): number {
  if (pattern === path) return 1000;
  if (pattern.endsWith(".*") && (path === pattern.slice(0, -2) || path.startsWith(pattern.slice(0, -1)))) return pattern.length;
  if (pattern.startsWith("*.") && path.endsWith(pattern.slice(1))) return pattern.length;
  return 0;
}

function unique(all: readonly Row[]): ReadonlyMap<string, Row> {
  const found = new Map(all.map((row) => [row[0], row]));
  if (found.size !== all.length) throw new RangeError("two rules for a type");
  return found;
}

function write(id: string, column: 2 | 3, about: string): void {
  const written = [...rows].map(([name, own]) => [name, [...own].map(([path, row]) => `${path} ${row[column]} ${row[1]}`).join("|")]);
  const policy = {
    id,
    version: rules.version,
    format: "fhir",
    source: rules.source,
    reviewBy: "2027-12-31",
    about: `${about} By definition: path below it (none: the whole resource), action, class of identifier. Made by make-fhir.ts from fhir-rules.json.`,
    rows: Object.fromEntries(written),
  };
  writeFileSync(join(process.argv[2] ?? import.meta.dirname, `${id}.json`), `${JSON.stringify(policy, null, 1).replace(/\n {2,}"(?=\D)/g, '\n  "')}\n`);
}
