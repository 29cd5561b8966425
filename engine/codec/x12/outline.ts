import { askedAt } from "./asked.ts";
import { elementOf } from "./element.ts";
import type { GrammarSource, Loop, SegmentUse } from "./grammar-port.ts";
import { idOf, type X12Line } from "./segments.ts";
import { Walk } from "./walk.ts";

/** An interchange, functional group, transaction set or loop, as it stands in a text. */
export interface Place {
  /** `ISA`, `GS`, `ST`, or the loop's id: `2010BA`. */
  readonly id: string;
  /** Which of its id in the whole text, from 1. */
  readonly index: number;
  readonly parent?: Place;
  /** Index of its first segment, and of the one behind its last. */
  readonly start: number;
  end: number;
  /** Segments of its own, those of loops inside it left out. */
  readonly own: number[];
  /** What the grammar says of it; of a loop alone. */
  readonly loop?: Loop;
}

/** Where each segment of a text belongs. */
export interface Outline {
  /** In order of the text. */
  readonly places: ReadonlyMap<string, readonly Place[]>;
  /** By segment: the innermost place. */
  readonly at: readonly (Place | undefined)[];
  /** By segment: the use that the grammar found for it. */
  readonly uses: readonly (SegmentUse | undefined)[];
}

/** Lays out envelopes, and the loops of every transaction set that `grammar` knows. */
export function outlineOf(lines: readonly X12Line[], grammar?: GrammarSource): Outline {
  return new Layout(lines, grammar).outline();
}

class Layout {
  readonly #lines: readonly X12Line[];
  readonly #grammar: GrammarSource | undefined;
  readonly #places = new Map<string, Place[]>();
  readonly #at: (Place | undefined)[] = [];
  readonly #uses: (SegmentUse | undefined)[] = [];
  #inner: Place | undefined;
  #version = "";
  #walk: Walk | undefined;

  constructor(lines: readonly X12Line[], grammar: GrammarSource | undefined) {
    this.#lines = lines;
    this.#grammar = grammar;
  }

  outline(): Outline {
    for (let i = 0; i < this.#lines.length; i++) this.#segment(this.#lines[i] as X12Line, i);
    this.#close(this.#lines.length);
    return { places: this.#places, at: this.#at, uses: this.#uses };
  }

  #segment(line: X12Line, i: number): void {
    switch (idOf(line)) {
      case "ISA":
        this.#close(i);
        this.#open("ISA", i);
        break;
      case "GS":
        this.#close(i, "ISA");
        this.#open("GS", i);
        this.#version = elementOf(line, 8);
        break;
      case "ST":
        this.#close(i, "GS", "ISA");
        this.#open("ST", i);
        this.#begin(i);
        break;
      case "SE":
        this.#end(i, "ST");
        this.#own(i);
        this.#close(i + 1, "GS", "ISA");
        return;
      case "GE":
        this.#end(i, "GS");
        this.#own(i);
        this.#close(i + 1, "ISA");
        return;
      case "IEA":
        this.#end(i, "ISA");
        this.#own(i);
        this.#close(i + 1);
        return;
      default:
        this.#inLoop(line, i);
    }
    this.#own(i);
  }

  #begin(i: number): void {
    this.#walk = undefined;
    const found = this.#grammar?.(askedAt(this.#lines, i, this.#version));
    if (found === undefined) return;
    this.#walk = new Walk(found);
  }

  #inLoop(line: X12Line, i: number): void {
    const step = this.#walk?.next(line);
    if (step === undefined) return;
    this.#uses[i] = step.use;
    // What has no place in the grammar stays where the segment before it was.
    if (step.use === undefined) return;
    for (let left = step.left; left > 0; left--) this.#leave(i);
    if (step.entered !== undefined) this.#open(step.entered.id, i, step.entered);
  }

  #own(i: number): void {
    this.#at[i] = this.#inner;
    this.#inner?.own.push(i);
  }

  #open(id: string, start: number, loop?: Loop): void {
    let all = this.#places.get(id);
    if (all === undefined) this.#places.set(id, (all = []));
    const place: Place = { id, index: all.length + 1, start, end: start, own: [], ...(this.#inner && { parent: this.#inner }), ...(loop && { loop }) };
    all.push(place);
    this.#inner = place;
  }

  #leave(end: number): void {
    if (this.#inner === undefined) return;
    this.#inner.end = end;
    this.#inner = this.#inner.parent;
  }

  /** Leaves what a trailer ends, if it is open. */
  #end(end: number, id: string): void {
    if (this.#enclosing(id) !== undefined) this.#close(end, id);
  }

  /** Leaves everything inside the innermost place of one of these ids; everything where there is none, so that strays do not nest in each other. */
  #close(end: number, ...ids: readonly string[]): void {
    if (!ids.includes("ST")) this.#walk = undefined;
    const kept = this.#enclosing(...ids);
    while (this.#inner !== kept) this.#leave(end);
  }

  #enclosing(...ids: readonly string[]): Place | undefined {
    let at: Place | undefined = this.#inner;
    while (at !== undefined && !(at.loop === undefined && ids.includes(at.id))) at = at.parent;
    return at;
  }
}

/** Places of one id by the place they stand in. */
export function byParent(outline: Outline, id: string): ReadonlyMap<Place | undefined, readonly Place[]> {
  const found = new Map<Place | undefined, Place[]>();
  for (const place of outline.places.get(id) ?? []) {
    const known = found.get(place.parent);
    if (known === undefined) found.set(place.parent, [place]);
    else known.push(place);
  }
  return found;
}
