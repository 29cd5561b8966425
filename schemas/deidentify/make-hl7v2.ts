// Writes hl7v2.json: what becomes of every field of every segment of HL7 v2 when a message is de-identified.
//
//   node schemas/deidentify/make-hl7v2.ts [--check]
//
// From hl7v2-rules.json (ours) and the fields of ../hl7v2/dictionary.json. --check writes nothing and exits 1 when hl7v2.json is not what it would write.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface Rules {
  readonly sets: Readonly<Record<string, string>>;
  readonly rows: readonly (readonly string[])[];
}

/** `path, class, Safe Harbor, limited data set`. */
export type Row = readonly [path: string, cls: string, safeHarbor: string, limited: string];

/** A field without a rule: nobody has said that it may stand. */
const removed = ["R", "rm", "rm"] as const;

/** A row for each field, by segment. Throws for two rules of one rank over one field, and for a rule over a field that no version has. */
export function rowsOf(rules: Rules, counts: ReadonlyMap<string, number>): readonly Row[] {
  const own = new Map<string, readonly string[]>();
  for (const [paths = "", ...rest] of rules.rows) {
    if (rest.length !== 3) throw new RangeError(`rule ${paths}: class and two actions`);
    for (const path of pathsOf(paths)) {
      if (own.has(path)) throw new RangeError(`two rules for ${path}`);
      const [segment = "", field = ""] = path.split("-");
      if (field !== "*" && !(Number(field) <= (counts.get(segment) ?? 0))) throw new RangeError(`${path} is no field`);
      own.set(path, rest);
    }
  }
  return [...counts].flatMap(([segment, count]) =>
    Array.from({ length: count }, (_, i): Row => {
      const [cls = "", safeHarbor = "", limited = ""] = own.get(`${segment}-${i + 1}`) ?? own.get(`${segment}-*`) ?? removed;
      return [`${segment}-${i + 1}`, cls, safeHarbor, limited];
    }),
  );
}

/** `PID-2,4` is PID-2 and PID-4; `MSH-1-21` is a run; `AIS-1,AIG-1` names each. */
function* pathsOf(text: string): Generator<string> {
  let segment = "";
  for (const piece of text.split(",")) {
    const [, name, from = "", to = from] = /^(?:([A-Z][A-Z0-9]{2})-)?(\d+|\*)(?:-(\d+))?$/.exec(piece) ?? [];
    segment = name ?? segment;
    if (segment === "" || from === "") throw new RangeError(`rule ${text}`);
    if (from === "*") yield `${segment}-*`;
    else for (let n = Number(from); n <= Number(to); n++) yield `${segment}-${n}`;
  }
}

/** How many fields each segment has, over all versions. */
export function fieldCounts(dictionary: { readonly segments: Readonly<Record<string, string>> }): ReadonlyMap<string, number> {
  return new Map(Object.entries(dictionary.segments).map(([name, text]) => [name, text.split("|").length - 1]));
}

function main(): void {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, file), "utf8"));
  const rules = read("hl7v2-rules.json") as Rules;
  const rows = rowsOf(rules, fieldCounts(read("../hl7v2/dictionary.json") as Parameters<typeof fieldCounts>[0]));
  const about = "Every field of every segment of HL7 v2, 2.1 to 2.8, and what becomes of it. Row: field, class of 164.514(b)(2)(i), Safe Harbor, limited data set. Made by make-hl7v2.ts.";
  const head = JSON.stringify({ ...rules, id: "deidentify-hl7v2", about, rows: undefined }, null, 2).replace(/\n\}$/, "");
  const lines = rows.map((row, at) => `${segmentOf(row) === segmentOf(rows[at - 1]) ? " " : "\n    "}${JSON.stringify(row)}${at + 1 < rows.length ? "," : ""}`);
  const text = `${head},\n  "rows": [${lines.join("")}\n  ]\n}\n`;
  const target = join(import.meta.dirname, "hl7v2.json");
  if (!process.argv.includes("--check")) return writeFileSync(target, text);
  if (readFileSync(target, "utf8") === text) return;
  console.error("hl7v2.json is not what its rules make: run node schemas/deidentify/make-hl7v2.ts");
  process.exitCode = 1;
}

function segmentOf(row: Row | undefined): string {
  return row?.[0].slice(0, 3) ?? "";
}

if (import.meta.main) main();
