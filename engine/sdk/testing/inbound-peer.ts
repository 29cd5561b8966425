import type { InboundWire } from "../index.ts";

/** Both ends of an accepted connection: `wire` for the connector, the rest for the test that plays the peer. */
export class InboundPeer {
  readonly wire: InboundWire;
  readonly received: Uint8Array[] = [];
  held = 0;
  paused = false;
  closed = false;
  #onData: ((chunk: Uint8Array) => void) | undefined;
  #onEnd: (() => void) | undefined;
  #onClose: (() => void) | undefined;
  #waiting: Uint8Array[] = [];

  constructor(id: number) {
    const resume = () => {
      this.paused = false;
      this.#flow();
    };
    this.wire = {
      id,
      onData: (handler) => void (this.#onData = handler),
      onEnd: (handler) => void (this.#onEnd = handler),
      onClose: (handler) => void (this.#onClose = handler),
      reply: (bytes) => void (this.closed || this.received.push(bytes.slice())),
      hold: (bytes) => void (this.held = bytes),
      pause: () => void (this.paused = true),
      resume,
      close: () => this.drop(),
    };
  }

  /** Sends bytes; a paused wire keeps them until it reads again. */
  send(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    this.#flow();
  }

  /** Says that nothing more will come; answers are still taken. */
  end(): void {
    if (this.#onEnd) this.#onEnd();
    else this.drop();
  }

  /** The connection is gone. */
  drop(): void {
    if (this.closed) return;
    this.closed = true;
    this.#onClose?.();
  }

  #flow(): void {
    while (!this.paused && !this.closed) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#onData?.(next);
    }
  }
}
