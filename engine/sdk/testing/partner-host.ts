import type { Duplex } from "node:stream";
import { type Ack, EngineError, type Envelope, type Outcome, type OpenedDatabase, type OpenedStream, type OutboundResponse, type OutboundWire, type Receipt, type Released, type SendContext, type SendStream } from "../index.ts";
import { ManualClock } from "./manual-clock.ts";
import { streamPair } from "./stream-pair.ts";

/**
 * What the partner does with a body it was sent: bytes on the wire or a response, nothing, or it goes away; a channel that is handed one
 * gives a receipt, and a disk an error or nothing, which is then written.
 */
export type PartnerMove = Uint8Array | OutboundResponse | Receipt | EngineError | "silent" | "close";

export interface AckReader {
  readAck(bytes: Uint8Array): Ack | undefined;
  controlId(body: Uint8Array): string | undefined;
}

const noAcks: AckReader = { readAck: () => undefined, controlId: () => undefined };

/** A partner in memory, as a destination sees it. `move` says what it does with each body; tests replace it. */
export class PartnerHost {
  readonly clock = new ManualClock();
  readonly arrived: Uint8Array[] = [];
  reachable = true;
  move: (body: Uint8Array) => PartnerMove = () => "silent";
  /** The engine's word on an acknowledgement; as by default: positive delivers, error is tried again, rejection rejects. */
  judge: (ack: Ack) => Outcome | undefined = ({ code, content }) => {
    if (code.endsWith("A")) return { kind: "delivered", response: content };
    return code.endsWith("E") ? { kind: "retry", code: "FLW-313" } : { kind: "rejected", code: "FLW-312", response: content };
  };
  readonly #reader: AckReader;
  #wire: PartnerWire | undefined;

  constructor(reader: AckReader = noAcks) {
    this.#reader = reader;
  }

  /** The partner's end of a new stream, for what is spoken by a library. It puts what arrives into `arrived` and asks `move`. */
  serve: (stream: Duplex) => void = (stream) => void stream.destroy();
  /** What an endpoint with a login and host keys gives beside the stream. */
  login: Pick<OpenedStream, "login" | "hostKeys" | "path"> = { hostKeys: [], path: "" };
  /** The database file of a `sqlite:` endpoint. */
  database: () => OpenedDatabase = () => {
    throw new EngineError("DIR-206", { sent: false });
  };
  #stream: Duplex | undefined;

  /** The stream that is open at the moment. */
  get stream(): Duplex | undefined {
    return this.#stream?.destroyed ? undefined : this.#stream;
  }

  async #openStream(released: Released, kept: OpenedStream | undefined, signal: AbortSignal): Promise<SendStream> {
    if (signal.aborted) throw new EngineError("NET-210", { sent: false });
    if (!this.reachable) throw new EngineError("NET-205", { sent: false });
    const body = spend(released);
    const isKept = kept !== undefined && !kept.stream.destroyed;
    const opened = isKept ? kept : { ...this.login, stream: this.#connect(), host: "127.0.0.1", port: 1 };
    return { ...opened, body: () => new Uint8Array(body) };
  }

  #connect(): Duplex {
    const [ours, theirs] = streamPair();
    this.#stream = ours;
    this.serve(theirs);
    return ours;
  }

  /** The wire that is open at the moment. */
  get wire(): PartnerWire | undefined {
    return this.#wire?.closed ? undefined : this.#wire;
  }

  context(attempt = 1, signal: AbortSignal = new AbortController().signal): SendContext {
    return {
      clock: this.clock,
      attempt,
      signal,
      wire: async () => this.#open(),
      request: (released, options) => this.#exchange(released, signal, options?.timeoutMs),
      stream: (released, kept) => this.#openStream(released, kept, signal),
      sqlite: async (released) => {
        if (signal.aborted) throw new EngineError("NET-210", { sent: false });
        if (!this.reachable) throw new EngineError("DIR-206", { sent: false });
        const body = spend(released);
        return { ...this.database(), body: () => new Uint8Array(body) };
      },
      putRow: async (released) => void (await this.#write(released, signal, false)),
      files: { write: (released) => this.#write(released, signal) },
      handOff: (released) => this.#handOff(released),
      publish: async (released) => {
        if (!this.reachable) throw new EngineError("ICL-122", { sent: false });
        const body = spend(released);
        this.arrived.push(body);
        const move = this.move(body);
        if (move instanceof EngineError) throw move;
      },
      readAck: (bytes) => this.#reader.readAck(bytes),
      judge: (ack) => this.judge(ack),
      controlId: ({ envelope }) => this.#reader.controlId(envelope.body),
    };
  }

  /** Files by name: a name is written once, and a repeat of its bytes is seen. */
  readonly written = new Map<string, Uint8Array>();

  async #write(released: Released, signal: AbortSignal, once = true): Promise<"written" | "present"> {
    if (signal.aborted) throw new EngineError("NET-210", { sent: false });
    if (!this.reachable) throw new EngineError("DIR-101", { sent: false });
    const body = spend(released);
    const name = released.envelope.names?.fileName ?? "";
    this.arrived.push(body);
    const move = this.move(body);
    if (move instanceof EngineError) throw move;
    if (move === "silent") return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new EngineError("NET-210", { sent: true })), { once: true }));
    if (!once) return "written";
    const there = this.written.get(name);
    if (there && Buffer.compare(there, body) !== 0) throw new EngineError("DIR-203", { sent: false });
    this.written.set(name, body);
    return there ? "present" : "written";
  }

  async #handOff(released: Released): Promise<Receipt> {
    if (!this.reachable) return { kind: "unavailable", code: "RUN-120" };
    const body = spend(released);
    this.arrived.push(body);
    const move = this.move(body);
    if (typeof move === "object" && "kind" in move) return move;
    return new Promise(() => undefined);
  }

  #open(): OutboundWire {
    if (!this.reachable) throw new EngineError("NET-205", { sent: false });
    if (!this.#wire || this.#wire.closed) {
      this.#wire = new PartnerWire((body, wire) => {
        this.arrived.push(body);
        const move = this.move(body);
        if (move === "close") wire.close();
        else if (move instanceof Uint8Array) queueMicrotask(() => wire.answer(move));
      });
    }
    return this.#wire;
  }

  #exchange(released: Released, signal: AbortSignal, timeoutMs: number | undefined): Promise<OutboundResponse> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(new EngineError("NET-210", { sent: false }));
      if (!this.reachable) return reject(new EngineError("NET-205", { sent: false }));
      const body = spend(released);
      this.arrived.push(body);
      const move = this.move(body);
      if (move === "close" || move instanceof Uint8Array) return reject(new EngineError("NET-208", { sent: true }));
      if (move !== "silent" && "status" in move) return resolve(move);
      signal.addEventListener("abort", () => reject(new EngineError("NET-210", { sent: true })), { once: true });
      if (timeoutMs !== undefined) this.clock.after(timeoutMs, () => reject(new EngineError("NET-209", { sent: true })));
    });
  }
}

const spent = new WeakSet<Released>();

/** As in the engine, one release is sent once. */
function spend(released: Released): Uint8Array {
  if (spent.has(released)) throw new EngineError("NET-214", { sent: false });
  spent.add(released);
  return released.envelope.body;
}

/** Both ends of a connection to the partner. */
export class PartnerWire implements OutboundWire {
  closed = false;
  readonly #onSent: (body: Uint8Array, wire: PartnerWire) => void;
  #onData: ((chunk: Uint8Array) => void) | undefined;
  #onClose: (() => void) | undefined;

  constructor(onSent: (body: Uint8Array, wire: PartnerWire) => void) {
    this.#onSent = onSent;
  }

  send(before: Uint8Array, released: Released, after: Uint8Array): void {
    if (this.closed) throw new EngineError("NET-205", { sent: false });
    for (const framing of [before, after])
      if (framing.length > 16 || framing.some((byte) => byte >= 0x20)) throw new EngineError("NET-211", { sent: false });
    this.#onSent(spend(released), this);
  }

  onData(handler: (chunk: Uint8Array) => void): void {
    this.#onData = handler;
  }

  onClose(handler: () => void): void {
    this.#onClose = handler;
  }

  /** The partner's bytes. */
  answer(bytes: Uint8Array): void {
    if (!this.closed) this.#onData?.(bytes);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.#onClose?.();
  }
}

/** What the guard would release, for a connector under test: nothing here can open a socket, so nothing needs a guard. */
export function releaseInMemory(envelope: Envelope): Released {
  return { partner: "conformance", envelope } as unknown as Released;
}
