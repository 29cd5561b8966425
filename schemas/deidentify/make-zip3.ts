// Writes zip3.json: the three-digit ZIP prefixes that Safe Harbor lets stand (45 CFR 164.514(b)(2)(i)(B)).
//
//   node schemas/deidentify/make-zip3.ts FILE.csv [--source TEXT] [--review-by YYYY-MM-DD] [--out FILE]
//   node schemas/deidentify/make-zip3.ts FILE.csv --check
//
// FILE.csv: a header line, then one ZIP code tabulation area a line. It is read by the names of its columns: `zcta` (also `zcta5`, `zip`, `geoid`,
// or `ZCTA5 24680` as Census names an area) and `population` (also `pop`, `p1_001n`, `b01003_001e`). Decennial table P1 or ACS table B01003 of the
// Census Bureau, exported for all five-digit ZCTAs, has them. A prefix is allowed when its areas hold more than 20,000 people together and no
// older list restricts it. --check writes nothing and exits 1 when zip3.json says something else than the file.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Prefixes of 20,000 people or fewer by the census of 2000, as the guidance of HHS on de-identification lists them (2012). */
const guidance2000 = ["036", "059", "063", "102", "203", "556", "692", "790", "821", "823", "830", "831", "878", "879", "884", "890", "893"];
/** The same by the census of 2010. */
const census2010 = ["036", "059", "102", "203", "205", "369", "556", "692", "821", "823", "878", "879", "884", "893"];
/** A prefix needs more people than this. */
const threshold = 20_000;

const areaColumns = ["zcta", "zcta5", "zip", "geoid", "name"];
const populationColumns = ["population", "pop", "p1_001n", "b01003_001e"];

/** Population by prefix. Throws for a line that is no area with a whole number of people. */
export function populations(csv: string): ReadonlyMap<string, number> {
  const [head = "", ...lines] = csv.replace(/^\uFEFF/, "").split(/\r?\n/);
  const names = cells(head).map((name) => name.toLowerCase());
  const area = names.findIndex((name) => areaColumns.includes(name));
  const people = names.findIndex((name) => populationColumns.includes(name));
  if (area < 0 || people < 0) throw new RangeError("the first line names no column of areas or none of people");
  const sums = new Map<string, number>();
  for (const [at, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const row = cells(line);
    const code = /(?:^|\s|US)(\d{5})$/.exec(row[area] ?? "")?.[1];
    const count = row[people] ?? "";
    if (code === undefined || !/^\d+$/.test(count)) throw new RangeError(`line ${at + 2} is no area with a number of people`);
    const prefix = code.slice(0, 3);
    sums.set(prefix, (sums.get(prefix) ?? 0) + Number(count));
  }
  return sums;
}

/** Prefixes that may stand, in order. `000` never: it is what the others become. */
export function allowedPrefixes(sums: ReadonlyMap<string, number>): readonly string[] {
  const restricted = new Set(["000", ...guidance2000, ...census2010]);
  return [...sums].filter(([prefix, people]) => people > threshold && !restricted.has(prefix)).map(([prefix]) => prefix).sort();
}

function cells(line: string): string[] {
  return Array.from(line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), ([, quoted, plain]) => (quoted?.replaceAll('""', '"') ?? plain ?? "").trim());
}

/** `006-009 010`: runs of prefixes. */
export function runsOf(prefixes: readonly string[]): string {
  const runs: [string, string][] = [];
  for (const prefix of prefixes) {
    const last = runs.at(-1);
    if (last && Number(prefix) === Number(last[1]) + 1) last[1] = prefix;
    else runs.push([prefix, prefix]);
  }
  return runs.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(" ");
}

function option(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

function main(file: string): void {
  const target = option("--out") ?? join(import.meta.dirname, "zip3.json");
  const now = JSON.parse(readFileSync(join(import.meta.dirname, "zip3.json"), "utf8")) as { version: number; source: string; reviewBy: string; allowed: string };
  const allowed = runsOf(allowedPrefixes(populations(readFileSync(file, "utf8"))));
  if (process.argv.includes("--check")) {
    console.log(allowed === now.allowed ? "zip3.json says what the file says" : "zip3.json differs from the file");
    process.exitCode = allowed === now.allowed ? 0 : 1;
    return;
  }
  const table = { ...now, version: now.version + 1, source: option("--source") ?? now.source, reviewBy: option("--review-by") ?? now.reviewBy, allowed };
  writeFileSync(target, `${JSON.stringify(table, null, 2)}\n`);
}

if (import.meta.main) {
  const file = process.argv[2];
  if (file === undefined || file.startsWith("--")) {
    console.error("usage: node schemas/deidentify/make-zip3.ts FILE.csv [--check]");
    process.exitCode = 2;
  } else main(file);
}
