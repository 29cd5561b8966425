import { createHash } from "node:crypto";
import type { Duplex } from "node:stream";
import { type Code, EngineError, type Envelope, type HandOff, type InboundReply, type InboundRequest, type InboundWire, type Listening, type OpenedDatabase, type OpenedStream, type OutboundResponse, type Receipt, type ReceiveOptions, type RequestOptions, type RouteOptions, type Schedule, type SchedulePlan, type SourceContext } from "../index.ts";
import { fhirInMemory } from "./fhir-reader.ts";
import { icalInMemory } from "./ical-reader.ts";
import { InboundPeer } from "./inbound-peer.ts";
import { ManualClock } from "./manual-clock.ts";
import { streamPair } from "./stream-pair.ts";
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
  /** What the source remembers, by heading and name. */
  readonly memory = new Map<string, Map<string, Uint8Array>>();
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
  /** What the engine makes of an id token. */
  idToken: SourceContext["idToken"] = async () => ({ code: "IDN-207" });
  /** Ports and routes that are open at the moment. */
  open = 0;
  opened = 0;
  verdict: (raw: Uint8Array, index: number) => Promise<Receipt> = async (_, index) => ({ kind: "accepted", id: `m${index + 1}` });
  /** What the source asked its partner, oldest first, and what the partner answers; `silent`: nothing until the time is up. */
  readonly asked: Envelope[] = [];
  answer: (envelope: Envelope, index: number) => OutboundResponse | EngineError | "silent" = () => ({ status: 404, headers: {}, body: new Uint8Array() });
  #proofKeys = 0;
  readonly #stop = new AbortController();
  /** What has a checkpoint lands in the order in which it came. */
  #landing: Promise<void> = Promise.resolve();
  #handOffs: ((handOff: HandOff) => Promise<Receipt>) | undefined;
  #onWire: ((wire: InboundWire) => void) | undefined;
  readonly #routes: { readonly options: RouteOptions; readonly handler: (request: InboundRequest) => Promise<InboundReply> }[] = [];

  /** What the source is given; with `split`, where the host has one. */
  get context(): SourceContext {
    return this.split ? { ...this.#context, split: this.split } : this.#context;
  }

  readonly #context: SourceContext = {
    channel: "conformance",
    clock: this.clock,
    signal: this.#stop.signal,
    ack: "stored",
    fhir: fhirInMemory,
    ical: icalInMemory,
    memory: {
      names: (heading) => [...(this.memory.get(heading)?.keys() ?? [])].sort(),
      read: (heading, name) => this.memory.get(heading)?.get(name),
      write: (heading, name, value) => {
        const under = this.memory.get(heading) ?? new Map<string, Uint8Array>();
        this.memory.set(heading, under);
        if (value) under.set(name, value);
        else under.delete(name);
      },
    },
    listen: async (_, onWire) => {
      this.#onWire = onWire;
      return this.#listening();
    },
    serve: async (options, handler) => {
      const route = { options, handler };
      this.#routes.push(route);
      const listening = this.#listening();
      return { ...listening, close: async () => {
        this.#routes.splice(this.#routes.indexOf(route) >>> 0, 1);
        await listening.close();
      } };
    },
    ask: (envelope, options) => this.#ask(envelope, options),
    receive: (raw, options) => this.#receive(raw, options),
    checkpoint: (of) => this.checkpoints.get(of),
    moveCheckpoint: async ({ of, value }) => void this.checkpoints.set(of, value),
    files: this.folder,
    stream: async () => this.#stream(),
    sqlite: async () => this.database(),
    opaque: (text) => `opaque-${[...text].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_000_007, 7)}`,
    schedule: (plan) => this.schedule(plan),
    proofKey: () => {
      const verifier = `${++this.#proofKeys}`.padStart(43, "v");
      return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
    },
    idToken: (issuer, token) => this.idToken(issuer, token),
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

  /** A request on a route the source serves: that of its method and path, by default the first. */
  request(request: Partial<InboundRequest>): Promise<InboundReply> {
    const { method, path } = request;
    const route = this.#routes.find(({ options }) => (method === undefined || options.method === method) && (path === undefined || options.path === path));
    if (!route) throw new Error("the source does not serve this");
    const { options, handler } = route;
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

  async #ask(envelope: Envelope, { timeoutMs, onBody }: RequestOptions = {}): Promise<OutboundResponse> {
    if (this.#stop.signal.aborted) throw new EngineError("NET-210", { sent: false });
    const answer = this.answer(envelope, this.asked.push(envelope) - 1);
    if (answer instanceof EngineError) throw answer;
    if (answer === "silent") {
      return new Promise((_, reject) => {
        this.#stop.signal.addEventListener("abort", () => reject(new EngineError("NET-210", { sent: true })), { once: true });
        if (timeoutMs !== undefined) this.clock.after(timeoutMs, () => reject(new EngineError("NET-209", { sent: true })));
      });
    }
    if (!onBody || answer.status < 200 || answer.status >= 300) return answer;
    // In small pieces, which end wherever they do.
    for (let at = 0; at < answer.body.length; at += 7) await onBody(answer.body.slice(at, at + 7));
    return { ...answer, body: new Uint8Array() };
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
    const [ours, theirs] = streamPair();
    const { close } = this.#listening();
    ours.once("close", () => void close());
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
