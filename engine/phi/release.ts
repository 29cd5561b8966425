import type { Envelope, Released } from "../sdk/index.ts";
import { EngineError } from "../sdk/index.ts";

const made = new WeakMap<object, Envelope>();

/** Seals what the guard has read. The copy is ours and frozen: nobody who held the envelope can change what leaves. */
export function seal(partner: string, envelope: Envelope): Released {
  const body = envelope.body.slice();
  const shown = Object.freeze({
    ...envelope,
    ...(envelope.query ? { query: Object.freeze({ ...envelope.query }) } : {}),
    ...(envelope.headers ? { headers: Object.freeze({ ...envelope.headers }) } : {}),
    ...(envelope.names ? { names: Object.freeze({ ...envelope.names }) } : {}),
    ...(envelope.credential ? { credential: Object.freeze({ ...envelope.credential }) } : {}),
    body,
  });
  const released = Object.freeze({ partner, envelope: shown }) as unknown as Released;
  // Bytes cannot be frozen: what is sent comes from a second copy that only `releasedBody` reaches.
  made.set(released, { ...shown, body: body.slice() });
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
