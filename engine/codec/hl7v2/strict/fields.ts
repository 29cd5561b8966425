import { componentsOf, fieldCount, fieldOf, type Part } from "../dictionary/index.ts";
import { versions } from "../dictionary/table.ts";
import { unescapeText } from "../escape.ts";
import type { Line } from "../lines.ts";
import { codesOf, type Constraint, constraintOf, isClosed } from "./constraints.ts";
import type { Findings } from "./findings.ts";
import { formed, hasForm } from "./primitive.ts";

/** The version from which on the lengths of composite fields are no longer stated: 2.7. */
const lengthless = versions.indexOf("2.7");
/** Their last field stands for as many as the query has. */
const openEnded: readonly string[] = ["QPD", "RDT"];

/** Where a segment stands, for problems. */
export interface SegmentPlace {
  readonly name: string;
  /** `OBX[2]`. */
  readonly path: string;
  readonly line: number;
  /** The version to read by, as an index of `versions`. */
  readonly at: number;
}

/** Checks the fields of a segment that the version defines: required ones, repetition, form, codes, lengths, and none beyond. */
export function checkFields(line: Line, place: SegmentPlace, findings: Findings): void {
  const version = versions[place.at];
  const { name, path } = place;
  const { marks } = line;
  const count = fieldCount(version, name);
  if (count === undefined) return;
  const texts = line.text.split(marks.field);
  // MSH-1 is the separator itself.
  if (line.header) texts.splice(1, 0, marks.field);
  const most = openEnded.includes(name) ? texts.length - 1 : count;
  for (let field = line.header ? 3 : 1; field <= Math.max(most, texts.length - 1); field++) {
    const raw = texts[field] ?? "";
    const at = `${path}-${field}`;
    if (field > most) {
      if (raw !== "") findings.add("surplus", at, place.line);
      continue;
    }
    const part = fieldOf(version, name, Math.min(field, count));
    // A number that this version has withdrawn.
    if (part === undefined) continue;
    const constraint = constraintOf("segments", name, field, place.at);
    if (raw === "") {
      if (constraint.isRequired && !isToldElsewhere(name, field)) findings.add("required", at, place.line);
      continue;
    }
    const type = name === "OBX" && field === 5 ? (texts[2] ?? "") : part.type;
    if (name === "OBX" && field === 5 && type === "" && raw !== '""' && !constraintOf("segments", name, 2, place.at).isRequired) findings.add("required", `${path}-2`, place.line);
    checkField(raw, { ...part, type: type === "" ? "VARIES" : type }, constraint, at, line, place, findings);
  }
}

/** MSH-9, MSH-10 and MSH-12 are looked for by every reading (HL7-203 to HL7-205). */
function isToldElsewhere(name: string, field: number): boolean {
  return name === "MSH" && (field === 9 || field === 10 || field === 12);
}

function checkField(raw: string, part: Part, constraint: Constraint, at: string, line: Line, place: SegmentPlace, findings: Findings): void {
  const { repetition } = line.marks;
  const all = repetition === "" ? [raw] : raw.split(repetition);
  if (all.length > 1 && !part.repeats && part.type !== "VARIES") findings.add("repeats", `${at}[2]`, place.line);
  for (const [i, one] of all.entries()) {
    const path = i === 0 ? at : `${at}[${i + 1}]`;
    if (one === "" || one === '""') continue;
    const components = componentsAt(part.type, place.at);
    const isTold = (components.length === 0 || place.at < lengthless) && !isGoverned(part.type, constraint.table);
    if (isTold && one.length > constraint.length) findings.add("length", path, place.line);
    checkPiece(one, part.type, constraint.table, path, 1, line, place, findings);
  }
}

/** Checks one piece by a data type that a profile names. `level` as its path goes: 1 a repetition of a field, 2 a component, 3 a subcomponent. */
export function checkType(raw: string, type: string, path: string, level: 1 | 2 | 3, line: Line, place: SegmentPlace, findings: Findings): void {
  checkPiece(raw, type, "", path, level, line, place, findings);
}

/** `level` 1: a repetition of a field, 2: a component, 3: a subcomponent. */
function checkPiece(raw: string, type: string, table: string, path: string, level: 1 | 2 | 3, line: Line, place: SegmentPlace, findings: Findings): void {
  const { component, subcomponent } = line.marks;
  const separator = level === 1 ? component : level === 2 ? subcomponent : "";
  const parts = level === 3 ? [] : componentsAt(type, place.at);
  if (type === "VARIES") return;
  if (parts.length === 0) {
    // A separator inside a simple value makes pieces that its type has no place for.
    const end = separator === "" ? -1 : raw.indexOf(separator);
    if (end >= 0 && isSimple(type)) findings.add("surplus", piece(path, level, 2), place.line);
    checkValue(end < 0 ? raw : raw.slice(0, end), type, table, path, line, place, findings);
    return;
  }
  const texts = separator === "" ? [raw] : raw.split(separator);
  for (let n = 1; n <= Math.max(parts.length, texts.length); n++) {
    const text = texts[n - 1] ?? "";
    const at = piece(path, level, n);
    if (n > parts.length) {
      if (text !== "") findings.add("surplus", at, place.line);
      continue;
    }
    const inner = parts[n - 1] as Part;
    const constraint = constraintOf("types", type, n, place.at);
    if (text === "") {
      if (constraint.isRequired) findings.add("required", at, place.line);
      continue;
    }
    if (text === '""') continue;
    const isTold = componentsAt(inner.type, place.at).length === 0 && !isGoverned(inner.type, constraint.table);
    if (isTold && text.length > constraint.length) findings.add("length", at, place.line);
    checkPiece(text, inner.type, constraint.table, at, level === 1 ? 2 : 3, line, place, findings);
  }
}

/** `PID-5` with its second component is `PID-5.2`; a path with a component counts on behind a further dot. */
function piece(path: string, level: 1 | 2 | 3, n: number): string {
  return level === 3 ? path : `${path}.${n}`;
}

function checkValue(raw: string, type: string, table: string, path: string, line: Line, place: SegmentPlace, findings: Findings): void {
  if (raw === "" || raw === '""') return;
  if (formed.has(type) && !hasForm(type, unescapeText(raw, line.marks))) findings.add("form", path, place.line);
  if (type !== "ID" || table === "" || !isClosed(table)) return;
  const codes = codesOf(table);
  if (codes === undefined || codes.has(unescapeText(raw, line.marks))) return;
  // Events and messages of a site begin with Z.
  if (!((table === "0003" || table === "0076") && raw.startsWith("Z"))) findings.add("table", path, place.line);
}

/** A code of a closed table is as long as the table says: OBX-2 has a length of 2 up to 2.5.1, and CWE is a type of its table. */
function isGoverned(type: string, table: string): boolean {
  return type === "ID" && isClosed(table);
}

/** A type that the tables know and that has no components; one they do not know may have any. */
function isSimple(type: string): boolean {
  return ["ST", "TX", "FT", "NM", "SI", "ID", "IS", "DT", "TM", "DTM", "GTS"].includes(type);
}

const known = new Map<string, readonly Part[]>();

function componentsAt(type: string, at: number): readonly Part[] {
  const key = `${type} ${at}`;
  let parts = known.get(key);
  if (parts === undefined) {
    parts = componentsOf(type, versions[at]);
    // OBX-2 may say anything; what no table has is not kept.
    if (parts.length > 0) known.set(key, parts);
  }
  return parts;
}
