import type { Code } from "../../../sdk/error.ts";
import type { ElementFault } from "../check/fault.ts";
import { elementOf } from "../element.ts";
import type { X12Message } from "../message.ts";
import type { Place } from "../outline.ts";
import { hasId, idOf, type X12Line } from "../segments.ts";
import { type Amount, amountOf, sum } from "./amount.ts";

/** The loops of a message, to add up their amounts. */
export class Ledger {
  readonly #lines: readonly X12Line[];
  readonly #inner = new Map<Place, Place[]>();
  readonly #places: readonly (Place | undefined)[];
  readonly faults: ElementFault[] = [];

  constructor(message: X12Message) {
    this.#lines = message.body.lines;
    this.#places = message.outline.at;
    for (const places of message.outline.places.values()) {
      for (const place of places) {
        if (place.parent === undefined) continue;
        const known = this.#inner.get(place.parent);
        if (known === undefined) this.#inner.set(place.parent, [place]);
        else known.push(place);
      }
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

  /**
   * An element that is no sum. No code of a 999 says so: an amount that the implementation's rules do not allow is I12 (IK403), a value that is wrong
   * is 7 in a 997. Implementations tell it of a claim in a 277CA (CSC 400), which is the payer's to write.
   */
  unequal(code: Code, set: Place, at: number, element: number): void {
    const line = this.#lines[at] as X12Line;
    const place = this.#places[at];
    this.faults.push({ level: "element", code, note: "I12", old: "7", segment: idOf(line), at, position: at - set.start + 1, loop: place?.loop === undefined ? "ST" : place.id, element, component: 0, repetition: 0, number: "782" });
  }
}
