import type { Envelope, Released } from "../sdk/index.ts";
import { EngineError } from "../sdk/index.ts";

/**
 * A release: only this module makes one, and only what it made has these private fields. (A WeakMap would do as well, but the collector of young objects
 * takes all that is in one for living, and every message that was sent would grow old.)
 */
class Sealed {
  readonly partner: string;
  readonly envelope: Envelope;
  readonly #own: Envelope;
  readonly #stands: (now: number) => boolean;

  constructor(partner: string, own: Envelope, stands: (now: number) => boolean) {
    this.partner = partner;
    // Bytes cannot be frozen: who looks at the body gets a copy each time, and what is sent comes from ours (`releasedBody`).
    this.envelope = Object.freeze({ ...own, get body() { return new Uint8Array(own.body); } });
    this.#own = own;
    this.#stands = stands;
    Object.freeze(this);
  }

  static isMade(value: unknown): value is Sealed {
    return typeof value === "object" && value !== null && #own in value;
  }

  static stands(sealed: Sealed, now: number): boolean {
    return sealed.#stands(now);
  }

  static body(sealed: Sealed): Uint8Array {
    return sealed.#own.body;
  }
}

// Who holds a release finds no way from it to its maker.
delete (Sealed.prototype as { constructor?: unknown }).constructor;
Object.freeze(Sealed.prototype);

/**
 * Seals what the guard has read: a copy in plain data (`plainCopy`) that nobody else holds. `stands`: whether what lets it go still does, for sockets that had
 * to be opened first.
 */
export function seal(partner: string, own: Envelope, stands: (now: number) => boolean = () => true): Released {
  return new Sealed(partner, own, stands) as unknown as Released;
}

/** Whether the guard of this process made this very object, and, with `now`, whether its agreement still stands; sockets refuse anything else. */
export function isReleased(value: unknown, now?: number): value is Released {
  return Sealed.isMade(value) && (now === undefined || Sealed.stands(value, now));
}

/** The bytes the guard has read, for the socket alone: nobody else may see this array. Throws PHI-209 for a look-alike. */
export function releasedBody(released: Released): Uint8Array {
  const value: unknown = released;
  if (!Sealed.isMade(value)) throw new EngineError("PHI-209");
  return Sealed.body(value);
}
