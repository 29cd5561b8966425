import { Hl7Message, type Tree } from "../codec/index.ts";
import type { Collector } from "./collector.ts";
import { harvestValue } from "./harvest-value.ts";
import { hl7Rows, unknownRow, type Row } from "./policy.ts";

/** Each repetition of a field for itself: the parts of one name stand in it. A component that is divided counts in pieces too, as in a street of name and number. */
export function harvestHl7v2(tree: Tree, into: Collector): void {
  if (!(tree instanceof Hl7Message)) throw new RangeError("not HL7 v2");
  tree.eachRepetition<Row>({
    rowsOf,
    isLineNeeded: (text, marks, rows) => text.includes(marks.escape) || into.isLineSought(text, marks.field, (field) => rows[Math.min(field, rows.length - 1)]?.reading),
    isNeeded: (row, raw, marks) => raw.includes(marks.escape) || into.isSought(row.reading, raw),
    depthOf,
    take(row, components, pieces) {
      take(row, components, into);
      for (const { component, value } of pieces) {
        if (isList(row)) harvestValue(row, value, into);
        else take(row, Array.from(components).with(component - 1, value), into);
      }
    },
  });
}

/** Each component says something by itself. */
function isList({ reading }: Row): boolean {
  return reading === "all dates" || reading === "free" || reading === "unknown";
}

/** Components that `take` looks at. */
function depthOf(row: Row): number {
  return isList(row) ? Number.POSITIVE_INFINITY : (depths[row.reading] ?? 1);
}

const depths: { readonly [reading in Row["reading"]]?: number } = { name: 3, person: 4, address: 5, contact: 12 };

function take(row: Row, parts: readonly (string | undefined)[], into: Collector): void {
  const { kind, reading, strength } = row;
  const part = (component: number) => parts[component - 1] ?? "";
  switch (reading) {
    case "name":
      into.name(kind, part(1), [part(2), part(3)], strength);
      break;
    case "person":
      into.id(`id of ${kind}`, part(1), strength);
      into.name(kind, part(2), [part(3), part(4)], strength);
      break;
    case "address":
      into.id(kind, part(1), strength);
      into.id(kind, part(2), strength);
      into.whole("city", part(3), "weak");
      into.zip("zip", part(5), strength === "strong" ? "medium" : "weak");
      break;
    case "contact":
      for (const value of [part(1), part(4), `${part(6)}${part(7)}`, part(12)]) into.contact(kind, value, strength);
      break;
    case "all dates":
    case "free":
    case "unknown":
      for (const value of parts) if (value) harvestValue(row, value, into);
      break;
    default:
      harvestValue(row, part(1), into);
  }
}

/** Rows of the segments that the table knows, by field, and in the end that of all others. */
const known = new Map<string, readonly (Row | undefined)[]>();
for (const path of hl7Rows.keys()) {
  const segment = path.slice(0, path.indexOf("-"));
  if (known.has(segment)) continue;
  const last = 1 + Math.max(...[...hl7Rows.keys()].filter((each) => each.startsWith(`${segment}-`)).map((each) => Number(each.slice(segment.length + 1)) || 0));
  known.set(segment, Array.from({ length: last + 1 }, (_, field) => asked(hl7Rows.get(`${segment}-${field}`) ?? hl7Rows.get(`${segment}-*`) ?? unknownRow)));
}
const unknownRows: readonly Row[] = [unknownRow];

function rowsOf(segment: string): readonly (Row | undefined)[] {
  return known.get(segment) ?? unknownRows;
}

function asked(row: Row): Row | undefined {
  return row.reading === "none" ? undefined : row;
}
