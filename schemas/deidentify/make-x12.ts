// Writes x12.json: what becomes of every element of every segment of X12 when a message is de-identified.
//
//   node schemas/deidentify/make-x12.ts [--check]
//
// From x12-rules.json (ours) and the grammar under ../x12. --check writes nothing and exits 1 when x12.json is not what it would write.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compositeDefinition, elementDefinition, type Loop, type SegmentUse, segmentDefinition, segmentIds, transactions } from "../../engine/codec/x12/grammar/index.ts";

interface Rules {
  readonly sets: Readonly<Record<string, string>>;
  readonly forms: Readonly<Record<string, string>>;
  readonly rows: readonly (readonly string[])[];
}

/** `path, class, Safe Harbor, limited data set`; the path is `CLM-2`, or `CLM-5.1` of a composite. */
export type Row = readonly [path: string, cls: string, safeHarbor: string, limited: string];

/** An element without a rule: nobody has said that it may stand. */
const removed = ["R", "rm", "rm"] as const;
const versions = ["005010", "004010"];

/** Every place of every segment of both versions, in order; a composite by its components. */
export function places(): readonly string[] {
  const ids = [...new Set(versions.flatMap((version) => segmentIds(version)))].sort();
  return ids.flatMap((id) => {
    const elements = versions.map((version) => segmentDefinition(version, id)?.elements ?? []);
    return Array.from({ length: Math.max(...elements.map(({ length }) => length)) }, (_, at) => {
      const counts = elements.map((each, v) => compositeDefinition(versions[v] ?? "", each[at]?.number ?? "")?.components.length ?? 0);
      const components = Math.max(...counts);
      return components === 0 ? [`${id}-${at + 1}`] : Array.from({ length: components }, (__, c) => `${id}-${at + 1}.${c + 1}`);
    }).flat();
  });
}

/** A row for each place. Throws for two rules for one place, for a rule for none, and where the grammar knows no code of a `known`. */
export function rowsOf(rules: Pick<Rules, "rows">, all: readonly string[], codes: (path: string) => readonly string[]): { readonly rows: readonly Row[]; readonly sets: Readonly<Record<string, string>> } {
  const own = new Map<string, readonly string[]>();
  const known = new Set(all);
  for (const [paths = "", ...rest] of rules.rows) {
    if (rest.length !== 3) throw new RangeError(`rule ${paths}: class and two actions`);
    for (const path of pathsOf(paths)) {
      if (own.has(path)) throw new RangeError(`two rules for ${path}`);
      if (!path.endsWith("*") && !known.has(path)) throw new RangeError(`${path} is no element`);
      own.set(path, rest);
    }
  }
  const sets: Record<string, string> = {};
  const resolved = (action: string, path: string): string => {
    if (action !== "known" && action !== "known-entity") return action;
    const found = codes(action === "known" ? path : "NM1-1");
    if (found.length === 0) throw new RangeError(`${path}: the grammar names no code`);
    const name = action === "known" ? path : "NM1-1";
    sets[name] = found.join(" ");
    return `set ${name}`;
  };
  const rows = all.map((path): Row => {
    const [cls = "", safeHarbor = "", limited = ""] = own.get(path) ?? own.get(`${path.slice(0, path.indexOf("-"))}-*`) ?? removed;
    return [path, cls, resolved(safeHarbor, path), resolved(limited, path)];
  });
  return { rows, sets };
}

/** `CLM-2,5.1` is CLM-2 and CLM-5.1; `TS3-5-22` is a run; `N1-1,N2-*` names each. */
function* pathsOf(text: string): Generator<string> {
  let segment = "";
  for (const piece of text.split(",")) {
    const [, name, from = "", to] = /^(?:([A-Z][A-Z0-9]{1,2})-)?(\d+(?:\.\d+)?|\*)(?:-(\d+))?$/.exec(piece) ?? [];
    segment = name ?? segment;
    if (segment === "" || from === "") throw new RangeError(`rule ${text}`);
    if (to === undefined) yield `${segment}-${from}`;
    else for (let n = Number(from); n <= Number(to); n++) yield `${segment}-${n}`;
  }
}

/** Codes that the transaction sets or the data element itself name at a place. */
function codesAt(): (path: string) => readonly string[] {
  const found = new Map<string, Set<string>>();
  const add = (path: string, codes: readonly string[] = []) => {
    const set = found.get(path) ?? new Set();
    for (const code of codes) set.add(code);
    found.set(path, set);
  };
  const walk = (each: Loop | SegmentUse): void => {
    if (each.kind === "loop") {
      for (const child of each.children) walk(child);
      return;
    }
    for (const { element, component, codes } of each.elements) add(component === 0 ? `${each.id}-${element}` : `${each.id}-${element}.${component}`, codes);
  };
  for (const { root } of transactions()) walk(root);
  for (const version of versions) {
    for (const id of segmentIds(version)) for (const [at, { number }] of (segmentDefinition(version, id)?.elements ?? []).entries()) add(`${id}-${at + 1}`, elementDefinition(version, number)?.codes);
  }
  return (path) => [...(found.get(path) ?? [])].sort();
}

function main(): void {
  const rules = JSON.parse(readFileSync(join(import.meta.dirname, "x12-rules.json"), "utf8")) as Rules;
  const { rows, sets } = rowsOf(rules, places(), codesAt());
  const about = "Every element of every segment of X12 that the grammar knows, 4010 and 5010, and what becomes of it. Row: element, class of 164.514(b)(2)(i), Safe Harbor, limited data set. Made by make-x12.ts.";
  const head = JSON.stringify({ ...rules, id: "deidentify-x12", about, sets: { ...rules.sets, ...sets }, rows: undefined }, null, 2).replace(/\n\}$/, "");
  const lines = rows.map((row, at) => `${segmentOf(row) === segmentOf(rows[at - 1]) ? " " : "\n    "}${JSON.stringify(row)}${at + 1 < rows.length ? "," : ""}`);
  const text = `${head},\n  "rows": [${lines.join("")}\n  ]\n}\n`;
  const target = join(import.meta.dirname, "x12.json");
  if (!process.argv.includes("--check")) return writeFileSync(target, text);
  if (readFileSync(target, "utf8") === text) return;
  console.error("x12.json is not what its rules make: run node schemas/deidentify/make-x12.ts");
  process.exitCode = 1;
}

function segmentOf(row: Row | undefined): string {
  return row?.[0].split("-")[0] ?? "";
}

if (import.meta.main) main();
