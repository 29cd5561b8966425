import { type Clock, type Code, codeOf, EngineError, type Random } from "../../sdk/index.ts";
import type { Token } from "./token-answer.ts";

export interface TokenSourcePorts {
  readonly clock: Clock;
  readonly random: Random;
  /** One exchange with the token endpoint. Rejects with EngineError. */
  fetch(): Promise<Token>;
  /** The first failure after it went well. */
  onTrouble(code: Code): void;
  /** It goes well again. */
  onRelief(): void;
}

/** A token is not used any more when it has so little left: the clocks differ, and the request takes its time. */
const skewMs = 10_000;
/** Renewed at this part of its life, up to a tenth earlier, so that many engines do not ask at once. */
const renewAt = 0.8;
const spread = 0.1;

const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

interface Held {
  readonly authorization: string;
  readonly renewAt: number;
  readonly endsAt: number;
}

/**
 * The tokens of one credential, in memory alone. Whoever asks while one is being fetched waits for that one; after a failure nobody asks the token
 * endpoint again before a pause that doubles, so that a hundred lanes are one client to it.
 */
export class TokenSource {
  readonly #ports: TokenSourcePorts;
  #held: Held | undefined;
  #fetching: Promise<Held> | undefined;
  #failure: { readonly error: EngineError; readonly until: number; readonly pauseMs: number } | undefined;

  constructor(ports: TokenSourcePorts) {
    this.#ports = ports;
  }

  /** Rejects with EngineError `IDN-1*` or what the exchange failed with, always with `sent: false`: the caller's own request has not left. */
  async authorization(signal: AbortSignal): Promise<string> {
    const now = this.#ports.clock.monotonic();
    const held = this.#held;
    if (held && now < held.endsAt) {
      // Renewed behind the back of whoever asks; a failure counts only when the token has ended.
      if (now >= held.renewAt && !this.#isPaused(now)) void this.#fetch().catch(() => undefined);
      return held.authorization;
    }
    if (this.#failure && this.#isPaused(now)) throw this.#failure.error;
    return (await untilAborted(this.#fetch(), signal)).authorization;
  }

  /** Drops a token that was turned away. One that is newer stays, and so does the pause of a failure. */
  refused(authorization: string): void {
    if (this.#held?.authorization === authorization) this.#held = undefined;
  }

  #isPaused(now: number): boolean {
    return this.#failure !== undefined && now < this.#failure.until;
  }

  #fetch(): Promise<Held> {
    this.#fetching ??= this.#exchange().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #exchange(): Promise<Held> {
    const { clock, random, fetch, onTrouble, onRelief } = this.#ports;
    const asked = clock.monotonic();
    try {
      const { authorization, lifeMs } = await fetch();
      if (this.#failure) onRelief();
      this.#failure = undefined;
      const usable = Math.max(lifeMs - skewMs, lifeMs / 2);
      this.#held = { authorization, renewAt: asked + usable * (renewAt - spread * random.next()), endsAt: asked + usable };
      return this.#held;
    } catch (cause) {
      const code = codeOf(cause, "IDN-101");
      const pauseMs = Math.min(longestPauseMs, this.#failure ? this.#failure.pauseMs * 2 : firstPauseMs);
      if (!this.#failure) onTrouble(code);
      const safe = cause instanceof EngineError ? cause.safe : {};
      const error = new EngineError(isOwn(code) ? code : "IDN-101", { ...safe, ...(isOwn(code) ? {} : { because: code }), sent: false }, { cause });
      this.#failure = { error, until: clock.monotonic() + pauseMs * (1 + spread * random.next()), pauseMs };
      throw error;
    }
  }
}

/** Codes that say more than that the token endpoint was not reached. */
function isOwn(code: Code): boolean {
  return code.startsWith("IDN-") || code.startsWith("SEC-");
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new EngineError("NET-210", { sent: false }));
    if (signal.aborted) {
      promise.catch(() => undefined);
      return abort();
    }
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
