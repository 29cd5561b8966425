import { EngineError } from "../../sdk/error.ts";
import type { Leaf, Tree } from "../tree.ts";
import { asText, decodeCell, encodeCell } from "./cell.ts";
import { checked, type CsvDialect, rfc4180 } from "./dialect.ts";
import { type Cells, scan } from "./scan.ts";

/** Reads delimited text and keeps it. Throws `CSV-0nn`. */
export function parseCsv(text: string, dialect: CsvDialect = rfc4180): CsvMessage {
  return new CsvMessage(text, checked(dialect));
}

/**
 * Delimited text with the places of its cells. A column is named by the header, else by its number from 1; `mrn[3]` is the one of the third
 * record. An edit replaces the span of one cell, and an untouched text comes back as it was.
 * @example
 * const msg = parseCsv("mrn,name\r\n1001,Roe\r\n");
 * msg.set("name", msg.get("name").toUpperCase());
 * for (const row of msg.all()) if (row.get("mrn") === "") row.set("mrn", "none");
 */
export class CsvMessage implements Tree {
  readonly type = "";
  readonly #dialect: CsvDialect;
  #text: string;
  #cells: Cells;
  #names: readonly string[];
  /** Raw cells that were set since the text was last put together, by their number. */
  readonly #edits = new Map<number, string>();

  constructor(text: string, dialect: CsvDialect) {
    this.#dialect = dialect;
    this.#text = text;
    this.#cells = scan(text, dialect);
    this.#names = [];
    if (!dialect.header) return;
    if (this.#cells.columns === 0) throw new EngineError("CSV-004");
    this.#names = Array.from({ length: this.#cells.columns }, (_, column) => this.#value(column));
  }

  /** Names of the header; without one, the numbers of the columns. */
  get columns(): readonly string[] {
    return this.#dialect.header ? this.#names : Array.from({ length: this.#cells.columns }, (_, i) => String(i + 1));
  }

  /** How many records there are, without the header. */
  get length(): number {
    const { columns, starts } = this.#cells;
    return columns === 0 ? 0 : starts.length / columns - (this.#dialect.header ? 1 : 0);
  }

  /** The value in a column: `mrn` or `3`; `mrn[2]` in the second record. `CSV-102` when there is no such place. */
  get(path: string | number): string {
    const { record, column } = this.#place(path);
    return this.#value(this.#cellAt(record, column));
  }

  set(path: string | number, value: string | number): this {
    const { record, column } = this.#place(path);
    return this.setAt(record, column, value);
  }

  /** The text of the header, its line end included; empty without one. */
  get head(): string {
    return this.#dialect.header ? this.toString().slice(0, this.#begin) : "";
  }

  /** The text behind the header. */
  get records(): string {
    return this.toString().slice(this.#begin);
  }

  /** The records, without the header. */
  all(): CsvRow[] {
    return Array.from({ length: this.length }, (_, record) => new CsvRow(this, record));
  }

  values(path: string): readonly string[] {
    const all = this.#columnOf(path);
    if (all >= 0) return Array.from({ length: this.length }, (_, record) => this.#value(this.#cellAt(record, all))).filter((value) => value !== "");
    const found = this.#find(path);
    const value = found === undefined ? "" : this.#value(this.#cellAt(found.record, found.column));
    return value === "" ? [] : [value];
  }

  *leaves(): Generator<Leaf> {
    this.toString();
    const { columns, starts, ends } = this.#cells;
    const names = this.columns.map((name, column) => (this.#columnOf(name) === column && /^[^[\]]+$/.test(name) ? name : String(column + 1)));
    const { length } = this;
    for (let record = 0; record < length; record++) {
      for (let column = 0; column < columns; column++) {
        const cell = this.#cellAt(record, column);
        const [start = 0, end = 0] = [starts[cell], ends[cell]];
        const name = names[column] ?? "";
        if (end > start) yield { path: record === 0 ? name : `${name}[${record + 1}]`, value: this.#value(cell), start, end };
      }
    }
  }

  /** The number of a column from 0 by its name or number; -1 when there is none, or several of that name. */
  columnOf(name: string | number): number {
    return this.#columnOf(String(name));
  }

  /** By record and column, counted from 0. */
  getAt(record: number, column: number): string {
    return this.#value(this.#cellAt(record, column));
  }

  setAt(record: number, column: number, value: string | number): this {
    const cell = this.#cellAt(record, column);
    const before = this.#raw(cell);
    const text = asText(value);
    if (decodeCell(before, this.#dialect) !== text) this.#edits.set(cell, encodeCell(text, before, this.#dialect, this.#cells.columns === 1));
    return this;
  }

  toString(): string {
    if (this.#edits.size === 0) return this.#text;
    let out = "";
    let done = 0;
    for (const [cell, raw] of [...this.#edits].sort(([a], [b]) => a - b)) {
      out += this.#text.slice(done, this.#cells.starts[cell]) + raw;
      done = this.#cells.ends[cell] as number;
    }
    this.#text = out + this.#text.slice(done);
    this.#edits.clear();
    this.#cells = scan(this.#text, this.#dialect);
    return this.#text;
  }

  /** Where the first record begins, behind the header and a byte-order mark. */
  get #begin(): number {
    const { columns, starts } = this.#cells;
    if (!this.#dialect.header) return this.#text.charCodeAt(0) === 0xfeff ? 1 : 0;
    return starts[columns] ?? this.#text.length;
  }

  #raw(cell: number): string {
    return this.#edits.get(cell) ?? this.#text.slice(this.#cells.starts[cell], this.#cells.ends[cell]);
  }

  #value(cell: number): string {
    return decodeCell(this.#raw(cell), this.#dialect);
  }

  #cellAt(record: number, column: number): number {
    if (!(record >= 0 && record < this.length && column >= 0 && column < this.#cells.columns)) throw new EngineError("CSV-102");
    return (record + (this.#dialect.header ? 1 : 0)) * this.#cells.columns + column;
  }

  #place(path: string | number): { record: number; column: number } {
    const found = this.#find(String(path));
    if (found === undefined) throw new EngineError("CSV-102");
    return found;
  }

  #find(path: string): { record: number; column: number } | undefined {
    const whole = this.#columnOf(path);
    if (whole >= 0) return this.length === 0 ? undefined : { record: 0, column: whole };
    const [, name = "", number = ""] = /^(.*)\[([1-9]\d{0,9})\]$/s.exec(path) ?? [];
    const column = this.#columnOf(name);
    const record = Number(number) - 1;
    return column < 0 || record < 0 || record >= this.length ? undefined : { record, column };
  }

  #columnOf(name: string): number {
    const at = this.#names.indexOf(name);
    if (at >= 0) return this.#names.includes(name, at + 1) ? -1 : at;
    return /^[1-9]\d{0,5}$/.test(name) && Number(name) <= this.#cells.columns ? Number(name) - 1 : -1;
  }
}

/** One record of a message. */
export class CsvRow {
  readonly #message: CsvMessage;
  readonly #record: number;

  constructor(message: CsvMessage, record: number) {
    this.#message = message;
    this.#record = record;
  }

  /** Which record it is, counted from 1. */
  get number(): number {
    return this.#record + 1;
  }

  get(column: string | number): string {
    return this.#message.getAt(this.#record, this.#message.columnOf(column));
  }

  set(column: string | number, value: string | number): this {
    this.#message.setAt(this.#record, this.#message.columnOf(column), value);
    return this;
  }

  /** The values in order of the columns. */
  get values(): readonly string[] {
    return this.#message.columns.map((_, column) => this.#message.getAt(this.#record, column));
  }
}
