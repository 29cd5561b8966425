import type { OutboundWire } from "../../engine/sdk/index.ts";
import { Framer } from "./framer.ts";

/** What comes back on a wire while an acknowledgement is awaited. */
export type Heard = { readonly kind: "frame"; readonly bytes: Uint8Array } | { readonly kind: "garbage" } | { readonly kind: "closed" };

/** The answering side of one wire. What arrives while nobody listens answers nothing and is dropped: a late acknowledgement. */
export class Conversation {
  readonly wire: OutboundWire;
  #listener: ((heard: Heard) => void) | undefined;

  constructor(wire: OutboundWire, maxAck: number) {
    this.wire = wire;
    const framer = new Framer({ maxFrame: maxAck, maxGarbage: 1024 }, (bytes) => this.#listener?.({ kind: "frame", bytes }));
    wire.onData((chunk) => {
      if (framer.push(chunk)) this.#listener?.({ kind: "garbage" });
    });
    wire.onClose(() => this.#listener?.({ kind: "closed" }));
  }

  /** Hears until the returned function is called. */
  listen(listener: (heard: Heard) => void): () => void {
    this.#listener = listener;
    return () => {
      this.#listener = undefined;
    };
  }
}
