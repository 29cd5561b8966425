// Writes dictionary.json: facts of HL7 v2 (names, numbers, data types, repetition) by version, without any text of the standard.
//
//   node schemas/hl7v2/make-dictionary.ts
//
// Source: see panates.ts.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Definition, fetched, letter, type Part, source } from "./panates.ts";

/** Fields whose type the source lost: the standard says that another field gives it. */
const varying: readonly string[] = ["OBX-5", "MFE-4", "MFA-5", "QPD-3", "RDT-1"];

const dictionaries = await fetched();
const versions = Object.keys(dictionaries);
const table = {
  about:
    "Segments, fields and data types of HL7 v2 by version. A definition: first and last version (letters, a = the first of versions), its " +
    "name, then its parts by number. A part: the runs of versions in which it is the same, as versions, data type, * when it repeats, name " +
    "(left out when it is that of the run before).",
  source,
  versions,
  segments: definitions(versions.map((v) => dictionaries[v]?.segments ?? {})),
  types: definitions(versions.map((v) => dictionaries[v]?.types ?? {})),
};
const lines = JSON.stringify(table, null, 1).replace(/\n {2,}"(?=\D)/g, '\n  "');
writeFileSync(join(import.meta.dirname, "dictionary.json"), `${lines}\n`);

function definitions(byVersion: readonly Readonly<Record<string, Definition>>[]): Record<string, string> {
  const names = [...new Set(byVersion.flatMap((each) => Object.keys(each)))].sort();
  return Object.fromEntries(names.map((name) => [name, definition(byVersion.map((each) => each[name]), name)]));
}

function definition(byVersion: readonly (Definition | undefined)[], name: string): string {
  const last = byVersion.findLastIndex((each) => each !== undefined);
  const first = byVersion.findIndex((each) => each !== undefined);
  const title = nameOf(byVersion[last]?.desc ?? "", name);
  const count = Math.max(0, ...byVersion.flatMap((each) => Object.keys(each?.fields ?? {}).map(Number)));
  const parts = Array.from({ length: count }, (_, i) => part(byVersion.map((each) => each?.fields?.[String(i + 1)]), name, i + 1));
  return [`${letter(first)}${letter(last)} ${title}`, ...parts].join("|");
}

/** The runs of versions in which a part is the same. A name that differs in case or signs alone is the newest writing of it. */
function part(byVersion: readonly (Part | undefined)[], owner: string, number: number): string {
  const place = `${owner}-${number}`;
  const runs: { first: number; last: number; type: string; repeats: boolean; name: string }[] = [];
  for (const [at, each] of byVersion.entries()) {
    if (each === undefined) continue;
    const now = { first: at, last: at, type: varying.includes(place) ? "VARIES" : each.type, repeats: each.rep === "infinite" || Number(each.rep) > 1, name: nameOf(each.desc ?? "", owner) };
    const before = runs.at(-1);
    if (before && before.last === at - 1 && before.type === now.type && before.repeats === now.repeats && same(before.name, now.name)) {
      before.last = at;
      before.name = now.name;
    } else runs.push(now);
  }
  for (let at = runs.length - 2; at >= 0; at--) {
    const [run, next] = [runs[at], runs[at + 1]];
    if (run && next && same(run.name, next.name)) run.name = next.name;
  }
  return runs
    .map(({ first, last, type, repeats, name }, at) => `${letter(first)}${letter(last)}${type}${repeats ? "*" : ""}${runs[at - 1]?.name === name ? "" : ` ${name}`}`)
    .join(";");
}

function same(a: string, b: string): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]+/g, "");
  return plain(a) === plain(b);
}

/** The name without the suffix that repeats its segment, and without the signs of the table. */
function nameOf(text: string, owner: string): string {
  return text.replace(/[|;]/g, ",").replace(/\s+/g, " ").trim().replace(new RegExp(`\\s*-\\s*${owner}$`, "i"), "");
}
