import type { Code } from "../../../sdk/error.ts";
import type { Problem } from "../../problem.ts";
import { elementOf } from "../element.ts";
import { segmentNames } from "../leaves.ts";
import type { X12Message } from "../message.ts";
import type { Place } from "../outline.ts";
import { hasId, type X12Line } from "../segments.ts";
import { type Amount, amountOf, sum } from "./amount.ts";

/** The loops of a message, to add up their amounts. */
export class Ledger {
  readonly #lines: readonly X12Line[];
  readonly #inner = new Map<Place, Place[]>();
  readonly #names: readonly string[];
  readonly #rows: number[] = [];
  readonly problems: Problem[] = [];

  constructor(message: X12Message) {
    const { lines, head } = message.body;
    this.#lines = lines;
    this.#names = segmentNames(lines, message.outline);
    for (const places of message.outline.places.values()) {
      for (const place of places) {
        if (place.parent === undefined) continue;
        const known = this.#inner.get(place.parent);
        if (known === undefined) this.#inner.set(place.parent, [place]);
        else known.push(place);
      }
    }
    let row = 1 + breaksIn(head);
    for (const { text, end } of lines) {
      this.#rows.push(row);
      row += breaksIn(text) + breaksIn(end);
    }
  }

  /** The loops of these ids straight inside a place, in order of the text. */
  inside(place: Place, ...ids: readonly string[]): readonly Place[] {
    return (this.#inner.get(place) ?? []).filter(({ id }) => ids.includes(id)).sort((a, b) => a.start - b.start);
  }

  /** Indexes of a place's own segments with an id. */
  own(place: Place, id: string): readonly number[] {
    return place.own.filter((at) => hasId(this.#lines[at] as X12Line, id));
  }

  /** The text of an element of a segment. */
  text(at: number | undefined, element: number): string {
    return at === undefined ? "" : elementOf(this.#lines[at] as X12Line, element);
  }

  /** An element that holds an amount. */
  amount(at: number | undefined, element: number): Amount | undefined {
    return amountOf(this.text(at, element));
  }

  /** The amounts of the adjustments (CAS03, 06, 09, 12, 15, 18) of these places. */
  adjustments(places: readonly Place[]): Amount | undefined {
    return sum(places.flatMap((place) => this.own(place, "CAS").flatMap((at) => [3, 6, 9, 12, 15, 18].map((element) => this.amount(at, element)))));
  }

  problem(code: Code, at: number, element: number): void {
    this.problems.push({ code, path: `${this.#names[at]}${String(element).padStart(2, "0")}`, line: this.#rows[at] ?? 1, severity: "error" });
  }
}

function breaksIn(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}
