import { EngineError } from "../../sdk/error.ts";
import type { Node } from "./graph.ts";
import { isNode } from "./graph.ts";
import { piecesOf } from "./datatype.ts";
import { isEmpty, Lines, marks, type Piece, type Repetition, textOf } from "./pieces.ts";
import { type At, select } from "./path.ts";
import type { BackRow } from "./tables.ts";
import type { Writing } from "./writing.ts";

/** Where a segment takes its fields from: a segment map, and the part of a resource it is read at. */
export interface From {
  readonly map: string;
  readonly root: Node;
  /** Default: the resource itself. */
  readonly base?: Node;
}

/** One segment that is being written. */
export class SegmentDraft {
  readonly name: string;
  readonly #w: Writing;
  readonly #fields = new Map<number, Repetition[]>();
  /** Values that fields were filled with, to know them where the resources say them again. */
  readonly #used = new Map<number, string>();

  constructor(w: Writing, name: string) {
    this.name = name;
    this.#w = w;
  }

  get isEmpty(): boolean {
    return this.#fields.size === 0;
  }

  has(field: number): boolean {
    return (this.#fields.get(field) ?? []).length > 0;
  }

  /** Replaces what the field holds; nothing is written where the version has no such field. */
  set(field: number, ...repetitions: readonly (Repetition | string)[]): this {
    const shape = this.#w.version.field(this.name, field);
    const kept = repetitions.map((each): Repetition => (typeof each === "string" ? [each] : each)).filter((each) => !isEmpty(each));
    if (shape === undefined) {
      if (kept.length > 0) this.#w.tell("MAP-306", `${this.name}-${field}`);
    } else if (kept.length > 0) this.#fields.set(field, shape.repeats || (this.name === "OBX" && field === 5) ? kept : kept.slice(0, 1));
    return this;
  }

  /** Plain text of a person, with its lines. */
  setText(field: number, text: string): this {
    return this.set(field, [new Lines(text)]);
  }

  /** Fills fields by the rows of segment maps; a field that one map fills is not filled by the next. */
  fill(...sources: readonly From[]): this {
    for (const { map, root, base } of sources) {
      const before = new Set(this.#fields.keys());
      for (const row of this.#w.tables.segments[map] ?? []) {
        const field = Number(/-(\d+)/.exec(row[0])?.[1]);
        this.#row(row, root, base ?? root, before.has(field) && !/\.\d+$/.test(row[0]));
      }
    }
    return this;
  }

  #row([target, path, table, constant]: BackRow, root: Node, base: Node, isFull: boolean): void {
    const w = this.#w;
    const [, number = "", part] = /-(\d+)(?:\.(\d+))?$/.exec(target) ?? [];
    const field = Number(number);
    const shape = w.version.field(this.name, field);
    if (shape === undefined) return;
    if (path === "") {
      if (constant && part !== undefined) this.#part(field, Number(part), [constant]);
      else if (constant && !this.has(field)) this.set(field, constant);
      return;
    }
    const isFree = path.startsWith("+");
    for (const at of select(w.graph, root, base, isFree ? path.slice(1) : path)) {
      const claimed = at.via ?? (isNode(at.value) ? at.value : at.name === "value" ? at.holder : undefined);
      if (!isFree && claimed !== undefined && w.graph.isTaken(claimed)) continue;
      if (isFull || (this.has(field) && !shape.repeats && part === undefined)) {
        this.#said(at, field, shape.type, table ?? undefined);
        continue;
      }
      if (constant) {
        w.graph.mark(at.marks);
        if (!isFree && isNode(at.value)) w.graph.markAll(at.holder, at.name);
        if (!this.has(field)) this.set(field, constant);
        continue;
      }
      const type = part === undefined ? shape.type : (w.version.components(shape.type)[Number(part) - 1]?.type ?? "");
      const made = type === "" ? undefined : piecesOf(w, at, type, table ?? undefined, target);
      if (made === undefined) continue;
      w.graph.mark(at.marks);
      if (!isFree && claimed !== undefined) w.graph.take(claimed);
      this.#used.set(field, JSON.stringify(at.value ?? null));
      if (part === undefined) this.#fields.set(field, [...(this.#fields.get(field) ?? []), made]);
      else this.#part(field, Number(part), made);
    }
  }

  /** A value that the field already says in other words, such as the day of a moment, is not told as lost. */
  #said(at: At, field: number, type: string, table: string | undefined): void {
    const w = this.#w;
    if (isNode(at.value)) {
      if (this.#used.get(field) === JSON.stringify(at.value)) w.graph.markAll(at.holder, at.name);
      return;
    }
    const before = at.marks.filter((mark) => !w.graph.isRead(mark));
    const told = w.findings.length;
    const again = piecesOf(w, at, type, table, `${this.name}-${field}`);
    w.findings.length = told;
    const written = this.#fields.get(field)?.[0];
    if (again === undefined || written === undefined || !textOf(written).startsWith(textOf(again))) w.graph.unmark(before);
  }

  #part(field: number, part: number, made: Repetition): void {
    const [whole = []] = this.#fields.get(field) ?? [];
    const pieces: Piece[] = Array.from({ length: Math.max(part, whole?.length ?? 0) }, (_, i) => whole?.[i] ?? "");
    if (!isEmpty([pieces[part - 1] ?? ""])) return;
    pieces[part - 1] = made !== null && made.length > 1 ? made.map((piece) => (typeof piece === "string" ? piece : "")) : (made?.[0] ?? "");
    if (made !== null && made.length > 1) pieces[part - 1] = made.flatMap((piece) => (typeof piece === "string" ? [piece] : Array.isArray(piece) ? (piece as readonly string[]) : []));
    this.#fields.set(field, [pieces]);
  }

  /** MSH, whose first two fields are the delimiters. */
  headerText(): string {
    const text = this.text() ?? "";
    return `MSH|^~\\&|${text.split(marks.field).slice(3).join(marks.field)}`;
  }

  /** The segment as text; nothing when a field that it cannot be without stays empty. Throws MAP-002 for one that the message cannot be without. */
  text(): string | undefined {
    const w = this.#w;
    const shapes = w.version.fields(this.name);
    for (const [i, shape] of shapes.entries()) {
      const field = `${this.name}-${i + 1}`;
      if (!shape?.isRequired || this.has(i + 1)) continue;
      const rule = w.tables.missing[field];
      if (rule === "refuse") throw new EngineError("MAP-002", { field });
      w.tell("MAP-305", field);
      if (rule === "skip") return undefined;
      this.#fields.set(i + 1, [rule === undefined ? null : [rule]]);
    }
    const last = Math.max(0, ...this.#fields.keys());
    const texts = Array.from({ length: last }, (_, i) => (this.#fields.get(i + 1) ?? []).map(textOf).join(marks.repetition));
    return [this.name, ...texts].join(marks.field);
  }
}
