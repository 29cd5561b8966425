import { CsvMessage, XmlMessage } from "../codec/index.ts";
import type { Tree } from "../codec/tree.ts";
import type { Collector } from "./collector.ts";
import { harvestUnknown, isIdentifier } from "./harvest-json.ts";
import { harvestValue } from "./harvest-value.ts";
import { rowOfName } from "./named.ts";
import { unknownRow } from "./policy.ts";

/**
 * Delimited text: every value counts as in plain JSON, and by the name of its column for more. A column that is
 * neither named as programs name things nor by a word we know counts too: without a header where one is expected, it is somebody's data.
 */
export function harvestCsv(tree: Tree, into: Collector): void {
  harvestUnknown(tree, into);
  if (!(tree instanceof CsvMessage)) return;
  const { columns } = tree;
  const rows = columns.map(rowOfName);
  for (const name of columns) if (name.length > 3 && !isIdentifier(name) && rowOfName(name) === unknownRow) into.unknown("column", name);
  for (const { values } of tree.all()) {
    const names = new NameParts();
    for (const [at, value] of values.entries()) take(rows[at] ?? rowOfName(""), value, "", names, into);
    names.finish(into);
  }
}

/** XML: every attribute and stretch of text counts as in plain JSON, and by its name and that of the element around it. Comments count as text. */
export function harvestXml(tree: Tree, into: Collector): void {
  harvestUnknown(tree, into);
  const names = new NameParts();
  for (const { path, value } of tree.leaves()) {
    const steps = path.replace(/\[\d+\]/g, "").split("/").filter((step) => step !== "" && step !== "text()");
    const last = (steps.at(-1) ?? "").replace(/^@/, "");
    const parent = steps.at(-2) ?? "";
    const own = rowOfName(last);
    // `value` and `text` say nothing, so the element around them does; so it does for the parts of a name.
    take(own.reading === "unknown" ? rowOfName(parent) : own, value, path.replace(/\/[^/]*(?:\/text\(\)\[\d+\])?$/, ""), names, into);
  }
  names.finish(into);
  if (!(tree instanceof XmlMessage)) return;
  for (const [, comment, instruction = ""] of tree.toString().matchAll(/<!--([\s\S]*?)-->|<\?(?!xml\s)([\s\S]*?)\?>/g)) into.unknown("comment", (comment ?? instruction).trim());
}

/** Family and given names that belong together: of one record, or under one element. */
class NameParts {
  readonly #names = new Map<string, { family: string; given: string[] }>();

  add(owner: string, part: "family" | "given", value: string): void {
    const name = this.#names.get(owner) ?? { family: "", given: [] };
    if (part === "family") name.family = value;
    else name.given.push(value);
    this.#names.set(owner, name);
  }

  finish(into: Collector): void {
    for (const { family, given } of this.#names.values()) into.name("name", family, given, "strong");
  }
}

function take(row: ReturnType<typeof rowOfName>, value: string, owner: string, names: NameParts, into: Collector): void {
  if (value === "") return;
  if (row.reading === "family" || row.reading === "given") names.add(owner, row.reading, value);
  else if (row.reading !== "unknown") harvestValue(row, value, into);
}
