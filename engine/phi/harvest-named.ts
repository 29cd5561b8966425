import { CsvMessage, XmlMessage } from "../codec/index.ts";
import type { Tree } from "../codec/tree.ts";
import type { Collector } from "./collector.ts";
import { harvestKey, harvestUnknown, isIdentifier } from "./harvest-json.ts";
import { harvestValue } from "./harvest-value.ts";
import { roleOf, rowOfName } from "./named.ts";
import { type Row, unknownRow } from "./policy.ts";

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
  // Without a header where one is expected, the first record stands in its place.
  if (columns.some(isData)) for (const name of columns) harvestCell(name, into);
  pairs(columns, rows, into);
  for (const { values } of tree.all()) {
    const names = new NameParts();
    for (const [at, value] of values.entries()) take(rows[at] ?? unknownRow, value, roleOf(columns[at] ?? ""), names, into);
    names.finish(into);
    pairs(values, rows, into);
  }
}

/** No program calls a column by a number of four digits, a day or an address of mail. */
function isData(cell: string): boolean {
  return /\d{4}|\d[/.-]\d|@/.test(cell);
}

function harvestCell(cell: string, into: Collector): void {
  into.unknown("column", cell);
  into.short("column", cell);
}

/** Two words with a capital, side by side in columns that say nothing, may be a name. */
function pairs(values: readonly string[], rows: readonly Row[], into: Collector): void {
  for (let at = 1; at < values.length; at++) {
    const [one = "", other = ""] = [values[at - 1], values[at]];
    if (rows[at] === unknownRow && rows[at - 1] === unknownRow && isWord(one) && isWord(other)) into.pair("name in value", one, other);
  }
}

function isWord(text: string): boolean {
  return text.length <= 64 && /^\p{Lu}[\p{L}'-]+$/u.test(text);
}

/** JSON: every value counts, and by the name of its key for more. */
export function harvestJson(tree: Tree, into: Collector): void {
  harvestUnknown(tree, into);
  const rows = new Map<string, Row>();
  const names = new NameParts();
  for (const { path, value } of tree.leaves()) {
    const owner = path.replace(/\/[^/]*(?:\/\d+)*$/, "");
    const keys = path.split("/").filter((key) => key !== "" && !/^\d+$/.test(key));
    const key = keys.at(-1) ?? "";
    let row = rows.get(key);
    if (row === undefined) rows.set(key, (row = rowOfName(key)));
    take(row, value, `${owner} ${roleOf(key)}`, names, into);
  }
  names.finish(into);
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
    take(own.reading === "unknown" ? rowOfName(parent) : own, value, `${path.replace(/\/[^/]*(?:\/text\(\)\[\d+\])?$/, "")} ${roleOf(last)}`, names, into);
  }
  names.finish(into);
  if (!(tree instanceof XmlMessage)) return;
  const seen = new Set<string>();
  for (const [, element, attribute = ""] of tree.toString().matchAll(/<([^\s<>/!?]+)|\s([^\s<>=/"']+)(?==["'])/g)) seen.add(element ?? attribute);
  for (const name of seen) harvestKey(name.replace(/^.*:/, "").replace(/[.-]/g, "_"), into);
  harvestMarkup(tree, into);
}

/** Comments and instructions of XML, which are text. */
export function harvestMarkup(tree: Tree, into: Collector): void {
  for (const [, comment, instruction = ""] of tree.toString().matchAll(/<!--([\s\S]*?)-->|<\?(?!xml\s)([\s\S]*?)\?>/g)) into.unknown("comment", (comment ?? instruction).trim());
}

/** Family and given names that belong together: of one record, or under one element. */
class NameParts {
  readonly #names = new Map<string, { family: string; given: string[] }>();

  add(owner: string, part: "family" | "given", value: string): void {
    const name = this.#names.get(owner) ?? { family: "", given: [] };
    if (part === "family" && name.family !== "" && name.family !== value) {
      this.#names.set(`${owner} ${this.#names.size}`, { family: value, given: name.given });
      return;
    }
    if (part === "family") name.family = value;
    else name.given.push(value);
    this.#names.set(owner, name);
  }

  finish(into: Collector): void {
    for (const { family, given } of this.#names.values()) into.name("name", family, given, "strong");
  }
}

function take(row: Row, value: string, owner: string, names: NameParts, into: Collector): void {
  if (value === "") return;
  if (row.reading === "id" || row.reading === "family" || row.reading === "person") into.short(row.kind, value);
  if (row.reading === "family" || row.reading === "given") names.add(owner, row.reading, value);
  else if (row.reading !== "unknown") harvestValue(row, value, into);
}
