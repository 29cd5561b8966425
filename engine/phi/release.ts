import type { Envelope, Released } from "../sdk/index.ts";
import { EngineError } from "../sdk/index.ts";

const made = new WeakMap<object, Envelope>();

/** Seals what the guard has read: a copy in plain data (`plainCopy`) that nobody else holds. */
export function seal(partner: string, own: Envelope): Released {
  // Bytes cannot be frozen: who looks at the body gets a copy each time, and what is sent comes from ours (`releasedBody`).
  const shown = Object.freeze({ ...own, get body() { return new Uint8Array(own.body); } });
  const released = Object.freeze({ partner, envelope: shown }) as unknown as Released;
  made.set(released, own);
  return released;
}

/** Whether the guard of this process made this very object; a look-alike is refused by the sockets. */
export function isReleased(value: unknown): value is Released {
  return typeof value === "object" && value !== null && made.has(value);
}

/** The bytes the guard has read, for the socket alone: nobody else may see this array. Throws PHI-209 for a look-alike. */
export function releasedBody(released: Released): Uint8Array {
  const envelope = made.get(released);
  if (!envelope) throw new EngineError("PHI-209");
  return envelope.body;
}
