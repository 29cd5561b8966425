import type { Code, InboundReply, InboundRequest, InboundWire, Listening, Receipt, RouteOptions, SourceContext } from "../index.ts";
import { InboundPeer } from "./inbound-peer.ts";
import { ManualClock } from "./manual-clock.ts";

/** An engine in memory, as a source sees it. `verdict` says what becomes of each message; tests replace it. */
export class SourceHost {
  readonly clock = new ManualClock();
  readonly received: Uint8Array[] = [];
  /** The ids that the source gave along, in the same order. */
  readonly identities: (string | undefined)[] = [];
  readonly problems: { readonly code: Code; readonly counts?: Readonly<Record<string, number>> }[] = [];
  readonly peers: InboundPeer[] = [];
  /** Ports and routes that are open at the moment. */
  open = 0;
  opened = 0;
  verdict: (raw: Uint8Array, index: number) => Promise<Receipt> = async (_, index) => ({ kind: "accepted", id: `m${index + 1}` });
  readonly #stop = new AbortController();
  #onWire: ((wire: InboundWire) => void) | undefined;
  #route: { readonly options: RouteOptions; readonly handler: (request: InboundRequest) => Promise<InboundReply> } | undefined;

  readonly context: SourceContext = {
    channel: "conformance",
    clock: this.clock,
    signal: this.#stop.signal,
    listen: async (_, onWire) => {
      this.#onWire = onWire;
      return this.#listening();
    },
    serve: async (options, handler) => {
      this.#route = { options, handler };
      return this.#listening();
    },
    receive: (raw, options) => {
      this.identities.push(options?.identity);
      return this.verdict(raw, this.received.push(raw.slice()) - 1);
    },
    problem: (code, counts) => void this.problems.push(counts ? { code, counts } : { code }),
  };

  /** A new connection to what the source listens on. */
  connect(): InboundPeer {
    if (!this.#onWire || this.open === 0) throw new Error("the source does not listen");
    const peer = new InboundPeer(this.peers.length + 1);
    this.peers.push(peer);
    this.#onWire(peer.wire);
    return peer;
  }

  /** A request on the route the source serves. */
  request(request: Partial<InboundRequest>): Promise<InboundReply> {
    if (!this.#route || this.open === 0) throw new Error("the source does not serve");
    const { options, handler } = this.#route;
    return handler({ method: options.method, path: options.path, headers: {}, body: new Uint8Array(), ...request });
  }

  #listening(): Listening {
    this.open++;
    this.opened++;
    let closed = false;
    return {
      port: 1,
      close: async () => {
        if (!closed) this.open--;
        closed = true;
      },
    };
  }
}
