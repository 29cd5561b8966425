import type { Clock, Timer } from "../sdk/index.ts";
import type { Events } from "./events.ts";
import type { Inbound } from "./net/inbound.ts";
import type { Outbound } from "./net/outbound.ts";

export interface TlsRenewalParts {
  readonly clock: Clock;
  readonly events: Events;
  readonly inbound: Pick<Inbound, "renewTls">;
  readonly outbound: Pick<Outbound, "renewTls">;
}

/** Looked at, not watched: files that are links into a mounted volume change without an event. */
const everyMs = 5_000;

/** Takes over certificates that are renewed on the disk while the engine runs, without dropping a connection (threat T17). Ends with `stop`. */
export function renewTls({ clock, events, inbound, outbound }: TlsRenewalParts): { stop(): void } {
  let timer: Timer | undefined;
  const look = () => {
    timer = clock.after(everyMs, () => {
      for (const port of inbound.renewTls()) events.log("certificate-renewed", { port });
      const destinations = outbound.renewTls((code) => events.log("certificate-not-renewed", { code }));
      if (destinations > 0) events.log("certificate-renewed", { destinations });
      look();
    });
  };
  look();
  return { stop: () => timer?.cancel() };
}
