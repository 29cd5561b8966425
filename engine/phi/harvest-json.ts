import { JsonTree, type Node } from "../codec/json/index.ts";
import type { Tree } from "../codec/tree.ts";
import type { Collector } from "./collector.ts";
import { harvestValue } from "./harvest-value.ts";
import { fhirRows, unknownRow, type Row } from "./policy.ts";

/** FHIR by the ends of its paths. An element that no row names is unknown. */
export function harvestFhir(tree: Tree, into: Collector): void {
  const names = new Map<string, { family: string; given: string[] }>();
  for (const { path, value } of tree.leaves()) {
    const keys = path.split("/").filter((key) => key !== "" && !/^\d+$/.test(key));
    const row = rowOf(keys);
    switch (row.reading) {
      case "family":
      case "given": {
        // The parts of one name stand under one parent.
        const parent = path.replace(/\/(family|given)(\/\d+)?$/, "");
        const name = names.get(parent) ?? { family: "", given: [] };
        if (row.reading === "family") name.family = value;
        else name.given.push(value);
        names.set(parent, name);
        break;
      }
      default:
        harvestValue(row, value, into);
    }
  }
  for (const { family, given } of names.values()) into.name("name", family, given, "strong");
  harvestKeys(tree, into);
}

/** Other formats name nothing: every value counts. */
export function harvestUnknown(tree: Tree, into: Collector): void {
  for (const { value } of tree.leaves()) {
    into.unknown("value", value);
    if (value.length > 64) for (const piece of value.split(/[,;|\t\r\n]+/)) into.unknown("value", piece.trim());
  }
  harvestKeys(tree, into);
}

/** A key such as a record number or a full name is data: whatever is no plain identifier of a program counts as a value. */
function harvestKeys(tree: Tree, into: Collector): void {
  if (!(tree instanceof JsonTree)) return;
  const open: Node[] = [tree.root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.kind === "array") for (const item of node.items) open.push(item);
    if (node.kind !== "object") continue;
    for (const [key, member] of node.members) {
      harvestKey(key, into);
      open.push(member);
    }
  }
}

/** A name of a key or element, where no program would call it so. */
export function harvestKey(key: string, into: Collector): void {
  if (key.length <= 3 || (isIdentifier(key) && !isNumbered(key))) return;
  into.unknown("key", key);
  if (isNumbered(key)) into.id("number of key", key, "medium");
}

export function isIdentifier(key: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key);
}

/** Two digits and more are somebody's number, as in `MRN7788`, but for the numbers of standards. */
function isNumbered(key: string): boolean {
  return /\d.*\d/.test(key) && !/^(?:icd_?(?:9|10)|sha_?\d|iso_?\d|base_?(?:32|64)|utf_?(?:16|32)|x_?509|u?int\d|float\d|md5|hl7)/i.test(key);
}

function rowOf(keys: readonly string[]): Row {
  const last = keys.at(-1) ?? "";
  return fhirRows.get(`${keys.at(-2)}/${last}`) ?? fhirRows.get(last) ?? unknownRow;
}
