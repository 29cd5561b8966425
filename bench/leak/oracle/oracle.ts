import type { Planted } from "../planted.ts";
import { decoders, viewsOf } from "./decoders.ts";
import { NeedleIndex } from "./index-of-needles.ts";
import { digestsOf, needlesOf } from "./needles.ts";
import { reversed, squashed } from "./squash.ts";

/** What arrived somewhere, as its texts: lines of a request, parts of a name, a body. */
export type Arrived = readonly string[];

/** Letters of the shortest needle; fewer would be found in anything. */
const head = 4;

/**
 * Says which planted identifier is in what arrived, in any form it can undo. It has the plain list and decoders of its own, and imports
 * nothing of the engine: what the guard overlooks, this need not overlook too.
 */
export class Oracle {
  readonly #planted: readonly Planted[];
  readonly #blind: boolean;
  #needles: NeedleIndex<Planted> | undefined;
  #digests: NeedleIndex<Planted> | undefined;

  /** `blind`: without its decoders, to see that somebody notices. */
  constructor(planted: readonly Planted[], blind = false) {
    this.#planted = planted;
    this.#blind = blind;
  }

  /** The first that it can read, or nothing. `shortest`: needles below this length are left out, where chance would find them. */
  found(arrived: Arrived, shortest = head): Planted | undefined {
    for (const text of arrived) {
      for (const view of viewsOf(text, this.#blind ? [] : decoders)) {
        const hit = this.#written(view, shortest) ?? this.#digest(view);
        if (hit) return hit;
      }
    }
    return undefined;
  }

  #written(view: string, shortest: number): Planted | undefined {
    this.#needles ??= new NeedleIndex(this.#planted.flatMap((each) => needlesOf(each).filter((needle) => needle.length >= head).map((needle) => [needle, each] as const)), head);
    for (const forward of new Set([squashed(view), squashed(view, true)])) {
      const hit = this.#needles.in(forward, shortest) ?? this.#needles.in(reversed(forward), shortest);
      if (hit) return hit;
    }
    return undefined;
  }

  /** Framing may stick to a digest, so it is looked for inside longer words too; hex in either case. */
  #digest(view: string): Planted | undefined {
    if (!/[A-Za-z0-9+/_-]{22}/.test(view)) return undefined;
    this.#digests ??= new NeedleIndex(this.#planted.flatMap((each) => digestsOf(each).map((digest) => [digest, each] as const)), 8);
    return this.#digests.in(view, 22) ?? this.#digests.in(view.toLowerCase(), 22);
  }
}
