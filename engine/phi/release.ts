import type { Envelope, Released } from "../sdk/index.ts";
import { EngineError } from "../sdk/index.ts";

interface Made {
  readonly envelope: Envelope;
  readonly stands: (now: number) => boolean;
}

const made = new WeakMap<object, Made>();

/**
 * Seals what the guard has read: a copy in plain data (`plainCopy`) that nobody else holds. `stands`: whether what lets it go still does, for sockets that had
 * to be opened first.
 */
export function seal(partner: string, own: Envelope, stands: (now: number) => boolean = () => true): Released {
  // Bytes cannot be frozen: who looks at the body gets a copy each time, and what is sent comes from ours (`releasedBody`).
  const shown = Object.freeze({ ...own, get body() { return new Uint8Array(own.body); } });
  const released = Object.freeze({ partner, envelope: shown }) as unknown as Released;
  made.set(released, { envelope: own, stands });
  return released;
}

/** Whether the guard of this process made this very object, and, with `now`, whether its agreement still stands; sockets refuse anything else. */
export function isReleased(value: unknown, now?: number): value is Released {
  if (typeof value !== "object" || value === null) return false;
  const own = made.get(value);
  return own !== undefined && (now === undefined || own.stands(now));
}

/** The bytes the guard has read, for the socket alone: nobody else may see this array. Throws PHI-209 for a look-alike. */
export function releasedBody(released: Released): Uint8Array {
  const own = made.get(released);
  if (!own) throw new EngineError("PHI-209");
  return own.envelope.body;
}
