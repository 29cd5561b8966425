import { X12Message, type Tree } from "../codec/index.ts";
import { elementOf, pieceOf } from "../codec/x12/element.ts";
import { idOf, oddId, type X12Line } from "../codec/x12/segments.ts";
import type { Collector } from "./collector.ts";
import { harvestValue } from "./harvest-value.ts";
import { type Row, unknownRow, x12Quiet, x12Roles, x12Rows } from "./policy.ts";

/** Segments behind which what follows is no longer about whom the last NM1 or N1 named. */
const ends: ReadonlySet<string> = new Set(["ST", "HL", "INS", "CLM", "CLP", "SBR", "LX", "SVC", "SVD", "HD", "COB", "DSB", "EB", "TRN", "UM", "LS", "LE", "PLB"]);

/**
 * X12 without its loops, so that a transaction set that nobody knows is read as well: what an element holds is said by its segment, and by whom the
 * last NM1 or N1 named.
 */
export function harvestX12(tree: Tree, into: Collector): void {
  if (!(tree instanceof X12Message)) throw new RangeError("not X12");
  const { head, lines } = tree.body;
  if (head.trim() !== "" && head !== "\uFEFF") into.free("text", head);
  let role = "person";
  for (const line of lines) {
    const id = idOf(line);
    if (ends.has(id)) role = "person";
    // What stands in place of an id, text behind the last segment too.
    if (id === oddId && line.text.trim() !== "") into.unknown("text", line.text);
    if (id === "NM1" || id === "N1") role = x12Roles.get(elementOf(line, 1)) ?? "person";
    segment(line, id, role, into);
  }
}

function segment(line: X12Line, id: string, role: string, into: Collector): void {
  const values = line.text.split(line.marks.element);
  const rows = rowsOf(id, role);
  for (let element = 1; element < values.length; element++) {
    const text = values[element] ?? "";
    if (text.trim() === "") continue;
    const row = id === "REF" && element === 2 && role !== "other" ? referenceRow(values[1] ?? "") : undefined;
    take(row ?? rows[Math.min(element, mostElements)] ?? unknownRow, text, line, into);
  }
}

/** No segment of the table has more; what stands behind is read as what stands in none of its rows. */
const mostElements = 40;
const known = new Set([...x12Rows.keys()].map((path) => path.slice(0, path.search(/[-/(]/))));
const read = new Map<string, readonly Row[]>();
const unknownRows: readonly Row[] = Array.from({ length: mostElements + 1 }, () => unknownRow);

/** By element, of a segment behind somebody of a role. */
function rowsOf(id: string, role: string): readonly Row[] {
  if (!known.has(id)) return unknownRows;
  const key = `${id}/${role}`;
  const before = read.get(key);
  if (before !== undefined) return before;
  const rows = unknownRows.map((unknown, element) => x12Rows.get(`${key}-${element}`) ?? x12Rows.get(`${key}-*`) ?? x12Rows.get(`${id}-${element}`) ?? x12Rows.get(`${id}-*`) ?? unknown);
  read.set(key, rows);
  return rows;
}

/** REF02 by its qualifier. */
function referenceRow(qualifier: string): Row | undefined {
  return x12Quiet.has(qualifier) ? x12Rows.get("REF/quiet-2") : x12Rows.get(`REF(${qualifier})-2`);
}

function take(row: Row, text: string, line: X12Line, into: Collector): void {
  const { component, repetition } = line.marks;
  // Of the element's own text: a segment of many elements is not gone through for each of them.
  const parts = (n: number) => pieces(text, repetition).map((one) => (component === "" ? (n === 1 ? one : "") : pieceOf(one, n, component))).filter((each) => each !== "");
  switch (row.reading) {
    case "none":
      break;
    case "name":
      name(row, line, into);
      break;
    case "dates in codes":
      // HI: a date, or two with a hyphen between them, stands behind its form.
      for (const date of parts(4).flatMap((each) => each.split("-"))) if (date !== "") into.date(row.kind, date, row.strength);
      break;
    case "text in codes":
      for (const words of parts(7)) into.free(row.kind, words);
      break;
    case "id in codes":
      for (const number of parts(2)) into.id(row.kind, number, row.strength);
      break;
    case "all dates":
      for (const date of text.split("-")) into.date(row.kind, date.slice(0, 8), row.strength);
      break;
    default:
      for (const piece of pieces(text, component, repetition)) harvestValue(row, piece, into);
  }
}

/** NM103 to NM105; of an organization (NM102 is 2), a name that stands as it is. */
function name({ kind, strength }: Row, line: X12Line, into: Collector): void {
  const [family, given, middle] = [3, 4, 5].map((n) => elementOf(line, n)) as [string, string, string];
  if (elementOf(line, 2) === "2" && given === "") into.whole(kind, family, strength === "strong" ? "medium" : strength);
  else into.name(kind, family, [given, middle], strength);
}

function pieces(text: string, ...separators: readonly string[]): readonly string[] {
  return separators.reduce<readonly string[]>((all, mark) => (mark === "" ? all : all.flatMap((each) => each.split(mark))), [text]);
}
