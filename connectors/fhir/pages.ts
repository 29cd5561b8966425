import type { Clock, Principal } from "../../engine/sdk/index.ts";

/** A page that is still to be asked for. */
export interface Page {
  readonly type: string;
  /** The partner's own address of it: opaque, and given to nobody. */
  readonly link: string;
}

interface Held extends Page {
  readonly until: number;
  readonly subject: string;
}

/** More are not held at once: the oldest is forgotten, and its search is made anew. */
const mostPages = 1000;

/**
 * Pages by tokens that only this installation can make and that say nothing: what was searched for stays here. A token is its client's alone, for a while; a restart forgets all,
 * as a server may (R4 3.1.1.5.7, "paging").
 */
export class Pages {
  readonly #held = new Map<string, Held>();
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #keptMs: number;

  constructor(clock: Pick<Clock, "monotonic">, keptMs: number) {
    this.#clock = clock;
    this.#keptMs = keptMs;
  }

  hold(token: string, page: Page, principal: Principal | undefined): void {
    const now = this.#clock.monotonic();
    for (const [old, { until }] of this.#held) if (until <= now || this.#held.size >= mostPages) this.#held.delete(old);
    this.#held.set(token, { ...page, until: now + this.#keptMs, subject: subjectOf(principal) });
  }

  find(token: string, principal: Principal | undefined): Page | undefined {
    const found = this.#held.get(token);
    return found && found.until > this.#clock.monotonic() && found.subject === subjectOf(principal) ? found : undefined;
  }
}

function subjectOf(principal: Principal | undefined): string {
  return principal === undefined ? "" : `${principal.issuer}\n${principal.subject}`;
}
