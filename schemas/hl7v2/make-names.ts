// Writes names.json: the names of fields and components as paths spell them (patientName, familyName), from dictionary.json beside it.
//
//   node schemas/hl7v2/make-names.ts
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface Facts {
  readonly source: object;
  readonly segments: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, string>>;
}

const at = (file: string) => join(import.meta.dirname, file);
const { source, segments, types } = JSON.parse(readFileSync(at("dictionary.json"), "utf8")) as Facts;
const composed = new Set(Object.keys(types).filter((name) => (types[name] ?? "").includes("|")));
const used = new Set<string>();
const names = {
  about: "Names of the fields of segments and the components of data types, by number, between bars: in the words of the newest version, each with its type behind a colon where that has components.",
  source,
  segments: Object.fromEntries(Object.entries(segments).map(([name, text]) => [name, parts(text)])),
  types: {} as Record<string, string>,
};
// Types of types, until no more come.
for (let size = -1; size !== used.size; ) {
  size = used.size;
  for (const name of [...used].sort()) names.types[name] = parts(types[name] ?? "");
}
writeFileSync(at("names.json"), `${JSON.stringify(names, null, 1).replace(/\n {2,}"(?=\D)/g, '\n  "')}\n`);

function parts(text: string): string {
  const taken = new Set<string>();
  const out = text.split("|").slice(1).map((part) => {
    const runs = part.split(";").filter((run) => run !== "");
    const last = runs.at(-1) ?? "";
    const type = /^..([^ *]+)/.exec(last)?.[1] ?? "";
    // A run without a name has that of the run before.
    const named = runs.findLast((run) => run.includes(" ")) ?? "";
    const name = camel(named.slice(named.indexOf(" ") + 1));
    // Of two of one name the first has it.
    if (name === "" || taken.has(name)) return "";
    taken.add(name);
    if (!composed.has(type)) return name;
    used.add(type);
    return `${name}:${type}`;
  });
  return out.join("|");
}

/** `Date/Time of Birth` gives dateTimeOfBirth, `Mother's Maiden Name` mothersMaidenName. */
function camel(name: string): string {
  const words = name.replace(/\([^)]*\)/g, " ").replace(/['’]/g, "").split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  return words.map((word, i) => (i === 0 ? word.toLowerCase() : (word[0] ?? "").toUpperCase() + word.slice(1).toLowerCase())).join("");
}
