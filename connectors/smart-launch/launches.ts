import type { Clock, SourceContext } from "../../engine/sdk/index.ts";

/** A launch whose user is signing in. Secrets of this moment: in memory alone. */
export interface Launch {
  /** RFC 7636: what only we know until the code is redeemed. */
  readonly verifier: string;
  readonly nonce: string;
  /** Set in the browser that began: another's answer is not ours (RFC 9700 section 4.7). */
  readonly cookie: string;
}

/** However many are under way; more than a hospital's screens is an attack. */
const most = 10_000;

/** Launches under way, each for its time and for one answer. */
export class Launches {
  readonly #clock: Clock;
  readonly #proofKey: SourceContext["proofKey"];
  readonly #withinMs: number;
  readonly #all = new Map<string, Launch & { readonly until: number }>();

  constructor({ clock, proofKey }: Pick<SourceContext, "clock" | "proofKey">, withinMs: number) {
    this.#clock = clock;
    this.#proofKey = proofKey;
    this.#withinMs = withinMs;
  }

  /** `undefined`: too many are under way. */
  begin(): (Launch & { readonly state: string; readonly challenge: string }) | undefined {
    const now = this.#clock.monotonic();
    // They stand in the order in which they began.
    for (const [state, { until }] of this.#all) {
      if (until > now) break;
      this.#all.delete(state);
    }
    if (this.#all.size >= most) return undefined;
    const { verifier, challenge } = this.#proofKey();
    const [state, nonce, cookie] = [this.#proofKey().verifier, this.#proofKey().verifier, this.#proofKey().verifier];
    this.#all.set(state, { verifier, nonce, cookie, until: now + this.#withinMs });
    return { state, verifier, challenge, nonce, cookie };
  }

  /** Each answer is taken once; one that comes from another browser uses it up too. */
  end(state: string, cookie: string | undefined): Launch | undefined {
    const launch = this.#all.get(state);
    this.#all.delete(state);
    return launch && launch.until > this.#clock.monotonic() && launch.cookie === cookie ? launch : undefined;
  }
}
