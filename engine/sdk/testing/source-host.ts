import { type Duplex, duplexPair } from "node:stream";
import type { Code, HandOff, InboundReply, InboundRequest, InboundWire, Listening, OpenedDatabase, OpenedStream, Receipt, ReceiveOptions, RouteOptions, Schedule, SchedulePlan, SourceContext } from "../index.ts";
import { InboundPeer } from "./inbound-peer.ts";
import { ManualClock } from "./manual-clock.ts";
import { MemoryInbox } from "./memory-inbox.ts";

/** An engine in memory, as a source sees it. `verdict` says what becomes of each message; tests replace it. */
export class SourceHost {
  readonly clock = new ManualClock();
  readonly received: Uint8Array[] = [];
  /** The ids that the source gave along, in the same order. */
  readonly identities: (string | undefined)[] = [];
  readonly problems: { readonly code: Code; readonly counts?: Readonly<Record<string, number>> }[] = [];
  readonly peers: InboundPeer[] = [];
  readonly folder = new MemoryInbox(this.clock, () => this.#listening());
  /** Where the source stands after what was accepted, by the name of the place. */
  readonly checkpoints = new Map<string, string>();
  /** Messages being received at the moment, and the most there were at a time. */
  receiving = { now: 0, most: 0 };
  /** Plans of interval alone; a test of cron gives the engine's own. */
  schedule: (plan: SchedulePlan) => Schedule = ({ everyMs = 1 }) => ({ next: (after) => (Math.floor(after / everyMs) + 1) * everyMs });
  split: SourceContext["split"];
  /** The partner's end of a new stream, for what is spoken by a library. */
  serve: (stream: Duplex) => void = (stream) => void stream.destroy();
  login: Pick<OpenedStream, "login" | "hostKeys" | "path"> = { hostKeys: [], path: "" };
  database: () => OpenedDatabase = () => {
    throw new Error("the host has no database");
  };
  /** Ports and routes that are open at the moment. */
  open = 0;
  opened = 0;
  verdict: (raw: Uint8Array, index: number) => Promise<Receipt> = async (_, index) => ({ kind: "accepted", id: `m${index + 1}` });
  readonly #stop = new AbortController();
  /** What has a checkpoint lands in the order in which it came. */
  #landing: Promise<void> = Promise.resolve();
  #handOffs: ((handOff: HandOff) => Promise<Receipt>) | undefined;
  #onWire: ((wire: InboundWire) => void) | undefined;
  #route: { readonly options: RouteOptions; readonly handler: (request: InboundRequest) => Promise<InboundReply> } | undefined;

  /** What the source is given; with `split`, where the host has one. */
  get context(): SourceContext {
    return this.split ? { ...this.#context, split: this.split } : this.#context;
  }

  readonly #context: SourceContext = {
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
    receive: (raw, options) => this.#receive(raw, options),
    checkpoint: (of) => this.checkpoints.get(of),
    moveCheckpoint: async ({ of, value }) => void this.checkpoints.set(of, value),
    files: this.folder,
    stream: async () => this.#stream(),
    sqlite: async () => this.database(),
    opaque: (text) => `opaque-${[...text].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_000_007, 7)}`,
    schedule: (plan) => this.schedule(plan),
    handOffs: async (handler) => {
      this.#handOffs = handler;
      return this.#listening();
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

  /** The engine stops: what its signal tells. */
  abort(): void {
    this.#stop.abort();
  }

  /** Another channel hands a message over. */
  handOver(handOff: HandOff): Promise<Receipt> {
    if (!this.#handOffs || this.open === 0) throw new Error("the source takes no hand-offs");
    return this.#handOffs(handOff);
  }

  /** Checkpoints move with what is accepted, and only from where they are said to be. */
  async #receive(raw: Uint8Array, options: ReceiveOptions = {}): Promise<Receipt> {
    this.identities.push(options.identity);
    const { receiving } = this;
    receiving.most = Math.max(receiving.most, ++receiving.now);
    const { checkpoint } = options;
    const before = this.#landing;
    const landed = Promise.withResolvers<void>();
    if (checkpoint) this.#landing = landed.promise;
    try {
      const receipt = await this.verdict(raw, this.received.push(raw.slice()) - 1);
      if (!checkpoint) return receipt;
      await before;
      if (receipt.kind !== "accepted" && receipt.kind !== "duplicate") return receipt;
      const at = this.checkpoints.get(checkpoint.of) ?? "";
      if (checkpoint.after !== undefined && checkpoint.after !== at) return { kind: "unavailable", code: "STO-310" };
      this.checkpoints.set(checkpoint.of, checkpoint.value);
      return receipt;
    } finally {
      landed.resolve();
      receiving.now--;
    }
  }

  #stream(): OpenedStream {
    const [ours, theirs] = duplexPair();
    const { close } = this.#listening();
    ours.once("close", () => void close().then(() => theirs.destroy()));
    theirs.once("close", () => ours.destroy());
    for (const end of [ours, theirs]) end.on("error", () => {});
    this.serve(theirs);
    return { ...this.login, stream: ours, host: "127.0.0.1", port: 1 };
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
