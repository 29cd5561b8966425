import type { Tree } from "../codec/tree.ts";
import type { Collector } from "./collector.ts";
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
        take(row, value, into);
    }
  }
  for (const { family, given } of names.values()) into.name("name", family, given, "strong");
}

/** Other formats name nothing: every value counts. */
export function harvestUnknown(tree: Tree, into: Collector): void {
  for (const { value } of tree.leaves()) {
    into.unknown("value", value);
    if (value.length > 64) for (const piece of value.split(/[,;|\t\r\n]+/)) into.unknown("value", piece.trim());
  }
}

function take({ kind, reading, strength }: Row, value: string, into: Collector): void {
  switch (reading) {
    case "none":
      return;
    case "id":
      return into.id(kind, value, strength);
    case "reference":
      return into.id(kind, value.replace(/[?#].*$/, "").replace(/^.*[/:]/, ""), strength);
    case "person":
      return into.person(kind, value, strength);
    case "date":
      into.date(kind, value, strength);
      return;
    case "contact":
      return into.contact(kind, value, strength);
    case "zip":
      return into.zip(kind, value, strength);
    case "free":
      return into.free(kind, value);
    case "unknown":
      return into.unknown(kind, value);
    default:
      return into.whole(kind, value, strength);
  }
}

function rowOf(keys: readonly string[]): Row {
  const last = keys.at(-1) ?? "";
  return fhirRows.get(`${keys.at(-2)}/${last}`) ?? fhirRows.get(last) ?? unknownRow;
}
