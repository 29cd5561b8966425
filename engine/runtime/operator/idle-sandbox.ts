import type { Sandbox } from "../../sandbox/sandbox.ts";
import type { Clock, Timer } from "../../sdk/index.ts";

/** How long an unused one is kept warm: whoever tries an edit tries another soon. */
const idleMs = 300_000;

/** A sandbox that starts when it is first wanted and ends when nobody has wanted it for a while. */
export class IdleSandbox {
  readonly #make: () => Promise<Sandbox>;
  readonly #clock: Clock;
  #running: Promise<Sandbox> | undefined;
  #timer: Timer | undefined;

  constructor(make: () => Promise<Sandbox>, clock: Clock) {
    this.#make = make;
    this.#clock = clock;
  }

  get(): Promise<Sandbox> {
    this.#timer?.cancel();
    this.#timer = this.#clock.after(idleMs, () => void this.close());
    this.#running ??= this.#make().catch((error: unknown) => {
      this.#running = undefined;
      throw error;
    });
    return this.#running;
  }

  async close(): Promise<void> {
    this.#timer?.cancel();
    const running = this.#running;
    this.#running = undefined;
    await running?.then((sandbox) => sandbox.close(), () => undefined);
  }
}
