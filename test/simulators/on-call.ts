import { httpPeer } from "./http-peer.ts";
import { simulator } from "./simulator.ts";

/** What a test may tell the pagers: whether somebody answers at once, and whether they are down. */
export interface Pagers {
  /** Name of who acknowledges at once; `undefined`: nobody does, until the paging service calls back. */
  onDuty: string | undefined;
  /** So many of the next pages are answered 503. */
  down: number;
}

/** A paging service: tells people, and in its answer names who has acknowledged where somebody did at once. */
export const onCall = simulator<Pagers>("onCall", 8072, (arrivals) => {
  const told: Pagers = { onDuty: "on-call-nurse", down: 0 };
  const server = httpPeer(arrivals, () => {
    if (told.down > 0) {
      told.down--;
      return { status: 503, json: { accepted: false } };
    }
    return { status: 202, json: { accepted: true, ...(told.onDuty !== undefined && { acknowledgedBy: told.onDuty }) } };
  });
  return { server, told };
});
