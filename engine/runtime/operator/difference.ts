import { decode } from "../../codec/bytes/index.ts";
import { type CsvDialect, parseCsv, readTree, sniffCsv } from "../../codec/index.ts";
import type { Content } from "../../sdk/index.ts";
import type { Known } from "./known-names.ts";

/** One value that two contents do not share. Values are content: they go no further than to somebody who has stated a purpose. */
export interface FieldDifference {
  /** Where, with repetitions and places in lists as `*`: `OBX[*]-5`, the same in JSON. */
  readonly path: string;
  readonly kind: "changed" | "added" | "removed";
  readonly before?: string;
  readonly after?: string;
}

export interface DifferenceOptions {
  /** How the channel reads delimited text. Without it no first record is taken for names. */
  readonly csv?: CsvDialect;
  /** Names that paths may show; any other is a value, and veiled. */
  readonly known: Known;
}

interface Leaf {
  readonly value: string;
  /** Its path as everyone may see it. */
  readonly path: string;
}

/** What differs between two contents, leaf by leaf in their own format; what cannot be read as leaves differs as a whole. */
export function differences(before: Content, after: Content, options: DifferenceOptions): readonly FieldDifference[] {
  if (Buffer.compare(before.bytes, after.bytes) === 0 && before.format === after.format) return [];
  if (before.format !== after.format) return [{ path: "(format)", kind: "changed", before: before.format, after: after.format }];
  const [then, now] = [leavesOf(before, options), leavesOf(after, options)];
  if (!then || !now) return [{ path: "(text)", kind: "changed" }];
  const found: FieldDifference[] = [];
  for (const [at, { path, value }] of then) {
    const other = now.get(at)?.value;
    if (other === undefined) found.push({ path, kind: "removed", before: value });
    else if (other !== value) found.push({ path, kind: "changed", before: value, after: other });
  }
  for (const [at, { path, value }] of now) if (!then.has(at)) found.push({ path, kind: "added", after: value });
  // The same values in other bytes: separators, order, white space.
  return found.length > 0 ? found : [{ path: "(layout)", kind: "changed" }];
}

function leavesOf({ format, bytes }: Content, { csv, known }: DifferenceOptions): ReadonlyMap<string, Leaf> | undefined {
  if (format === "text") return undefined;
  try {
    const { text } = decode(bytes, { format, charset: "utf-8" });
    if (format === "csv") return csvLeaves(text, csv, known);
    const leaves = [...readTree(format, text).leaves()].filter(({ value }) => value !== "");
    return new Map(leaves.map(({ path, value }) => [path, { value, path: shown(format, path, known) }]));
  } catch {
    return undefined;
  }
}

function shown(format: Content["format"], path: string, known: Known): string {
  if (format === "hl7v2") return path.replace(/\[\d+\]/g, "[*]");
  // `VEVENT[2]/X-OWN;CN`: names between signs, in any order.
  if (format === "ical") return path.replace(/\[\d+\]/g, "[*]").replace(/[A-Za-z][A-Za-z0-9_-]*/g, (name) => (known(name) ? name : "***"));
  return general(path, known);
}

/** A column whose name is not known is shown by its number. */
function csvLeaves(text: string, csv: CsvDialect | undefined, known: Known): ReadonlyMap<string, Leaf> {
  const message = parseCsv(text, csv ?? { delimiter: ",", quote: '"', ...sniffCsv(text), header: false });
  const leaves = new Map<string, Leaf>();
  for (let record = 0; record < message.length; record++) {
    for (const [column, name] of message.columns.entries()) {
      const value = message.getAt(record, column);
      if (value !== "") leaves.set(`${name} ${column} ${record}`, { value, path: `${known(name) ? name : column + 1}${record === 0 ? "" : "[*]"}` });
    }
  }
  return leaves;
}

/** Without places in lists, so that equal edits count together. */
function general(path: string, known: Known): string {
  const parts = path.slice(1).split("/").map((part) => {
    const [, sign, name, place] = /^(@?)(.*?)((?:\[\d+\])?)$/s.exec(part) ?? [];
    if (/^\d+$/.test(part)) return "*";
    if (part.startsWith("text()")) return "text()";
    return `${sign}${(name ?? "").split(":").every(known) ? name : "***"}${place === "" ? "" : "[*]"}`;
  });
  return `/${parts.join("/")}`;
}
