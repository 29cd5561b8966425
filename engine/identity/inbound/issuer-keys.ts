import { createLocalJWKSet, errors, type FlattenedJWSInput, type JSONWebKeySet, type JWTHeaderParameters } from "jose";
import type { Issuer } from "../../config/project.ts";
import { EngineError } from "../../sdk/index.ts";
import { ask, type QuestionPorts } from "../token-question.ts";
import type { Clock } from "../../sdk/index.ts";

export interface IssuerKeysPorts extends QuestionPorts {
  readonly clock: Clock;
  /** Aborts when the engine stops. */
  readonly signal: AbortSignal;
}

/** A key set that is younger is not looked at again without need. */
const freshMs = 10 * 60_000;
/** However many tokens with unknown keys come, the issuer is asked no oftener. */
const cooldownMs = 15_000;

type KeysOf = ReturnType<typeof createLocalJWKSet>;

/**
 * The keys of one issuer, from its pinned endpoint. A key that is not there is asked for once more (the issuer has rotated), at most every 15 seconds. While it cannot
 * be reached the keys it had serve `keepMs`; after that, and before the first ones, nothing can be told.
 */
export class IssuerKeys {
  readonly #place: NonNullable<Issuer["jwks"]>;
  readonly #ports: IssuerKeysPorts;
  #held: { readonly find: KeysOf; readonly fetchedAt: number } | undefined;
  #fetching: Promise<void> | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(place: NonNullable<Issuer["jwks"]>, ports: IssuerKeysPorts) {
    this.#place = place;
    this.#ports = ports;
  }

  /** For jose: the key of a token's header. Rejects with EngineError `IDN-207` when none can be had now, and with jose's own errors. */
  readonly find = async (header: JWTHeaderParameters, token: FlattenedJWSInput) => {
    const held = await this.#usable();
    try {
      return await held(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !(await this.#askAgain())) throw error;
      return (await this.#usable())(header, token);
    }
  };

  async #usable(): Promise<KeysOf> {
    const now = this.#ports.clock.monotonic();
    const age = this.#held ? now - this.#held.fetchedAt : Number.POSITIVE_INFINITY;
    // Behind the back of whoever asks, as long as there are keys to go on with.
    if (age > freshMs && age <= this.#place.keepMs) void this.#askAgain();
    else if (age > this.#place.keepMs) await this.#askAgain();
    if (!this.#held || this.#ports.clock.monotonic() - this.#held.fetchedAt > this.#place.keepMs) throw new EngineError("IDN-207", { partner: this.#place.partner });
    return this.#held.find;
  }

  /** Whether other keys may be there now. */
  async #askAgain(): Promise<boolean> {
    const { clock } = this.#ports;
    if (!this.#fetching) {
      if (clock.monotonic() - this.#askedAt < cooldownMs) return false;
      this.#askedAt = clock.monotonic();
      this.#fetching = this.#fetch().finally(() => {
        this.#fetching = undefined;
      });
    }
    const before = this.#held;
    await this.#fetching;
    return this.#held !== before;
  }

  async #fetch(): Promise<void> {
    const { partner, endpoint } = this.#place;
    const envelope = { endpoint, method: "GET", headers: { accept: "application/json" }, body: new Uint8Array() };
    try {
      const { status, body } = await ask({ partner, envelope, words: [], proof: {} }, this.#ports, this.#ports.signal);
      if (status !== 200) return;
      const set = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)) as JSONWebKeySet;
      this.#held = { find: createLocalJWKSet({ keys: set.keys.filter(({ kty }) => kty !== "oct") }), fetchedAt: this.#ports.clock.monotonic() };
    } catch {
      // What was held goes on serving for its time.
    }
  }
}
