// Writes script.json: what becomes of every element of NCPDP SCRIPT when a message is de-identified.
//
//   node schemas/deidentify/make-script.ts [--check]
//
// From script-rules.json (ours) and the types of ../script/structures.json. --check writes nothing and exits 1 when script.json is not what it would write.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { structures } from "../../engine/codec/script/structures.ts";

/** `type/element, class, Safe Harbor, limited data set`. */
export type Row = readonly [place: string, cls: string, safeHarbor: string, limited: string];

/** An element without a rule: nobody has said that it may stand. */
const removed = ["R", "rm", "rm"] as const;

/** A row for every element of every type. Throws for two rules over one place, and for a rule over a place that no type has. */
export function rowsOf(rules: readonly (readonly string[])[]): readonly Row[] {
  const places = [...structures.values()].flatMap(({ name, places: elements }) => [...elements.keys()].map((element) => [name, element] as const));
  const own = new Map<string, readonly string[]>();
  for (const [paths = "", ...rest] of rules) {
    if (rest.length !== 3) throw new RangeError(`rule ${paths}: class and two actions`);
    for (const path of paths.split(" ")) {
      if (own.has(path)) throw new RangeError(`two rules for ${path}`);
      const [type, element] = path.split("/");
      if (!places.some(([t, e]) => (type === "*" || t === type) && (element === "*" || e === element))) throw new RangeError(`${path} is no element`);
      own.set(path, rest);
    }
  }
  return places.map(([type, element]) => {
    const [cls = "", safeHarbor = "", limited = ""] = own.get(`${type}/${element}`) ?? own.get(`${type}/*`) ?? own.get(`*/${element}`) ?? removed;
    return [`${type}/${element}`, cls, safeHarbor, limited] as const;
  });
}

function main(): void {
  const rules = JSON.parse(readFileSync(join(import.meta.dirname, "script-rules.json"), "utf8")) as { readonly rules: readonly (readonly string[])[] };
  const about = "Every element of every type of NCPDP SCRIPT that the tables know, and what becomes of it. Row: type and element, class of 164.514(b)(2)(i), Safe Harbor, limited data set. Made by make-script.ts.";
  const head = JSON.stringify({ ...rules, id: "deidentify-script", about, rules: undefined }, null, 2).replace(/\n\}$/, "");
  const rows = rowsOf(rules.rules);
  const typeOf = (row: Row | undefined) => row?.[0].split("/")[0];
  const lines = rows.map((row, at) => `${typeOf(row) === typeOf(rows[at - 1]) ? " " : "\n    "}${JSON.stringify(row)}${at + 1 < rows.length ? "," : ""}`);
  const text = `${head},\n  "rows": [${lines.join("")}\n  ]\n}\n`;
  const target = join(import.meta.dirname, "script.json");
  if (!process.argv.includes("--check")) return writeFileSync(target, text);
  if (readFileSync(target, "utf8") === text) return;
  console.error("script.json is not what its rules make: run node schemas/deidentify/make-script.ts");
  process.exitCode = 1;
}

if (import.meta.main) main();
