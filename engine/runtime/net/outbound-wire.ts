import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { releasedBody } from "../../phi/release.ts";
import { EngineError, type Clock, type OutboundWire, type Released } from "../../sdk/index.ts";
import { checkedLookup } from "./address.ts";
import { networkFailure } from "./failure.ts";
import type { Target } from "./target.ts";
import { minVersion, type TlsMaterial } from "./tls.ts";

const connectTimeoutMs = 10_000;
const framingLimit = 16;
/** Up to here one copy and one write cost less than a gathered write. */
const copyLimit = 64 * 1024;

const spent = new WeakSet<Released>();

/** The body of a release, once: an attempt writes it to one socket, one time. Throws `NET-214` when it was given before. */
export function spend(released: Released): Uint8Array {
  const body = releasedBody(released);
  if (spent.has(released)) throw new EngineError("NET-214", { sent: false });
  spent.add(released);
  return body;
}

/** A copy of what stands around a body: few control characters, so that it carries nothing of a message. */
function framing(given: Uint8Array): Uint8Array {
  const own = new Uint8Array(given);
  if (own.length > framingLimit || own.some((byte) => byte >= 0x20)) throw new EngineError("NET-211", { sent: false });
  return own;
}

export interface WirePorts {
  readonly clock: Clock;
  readonly isReleased: (value: unknown) => boolean;
  readonly tls: () => TlsMaterial;
}

/** A connection to one pinned endpoint of one partner. What is written to it is released and for that endpoint, or not written. */
export class PinnedWire implements OutboundWire {
  readonly #socket: Socket;
  readonly #partner: string;
  readonly #endpoint: string;
  readonly #isReleased: (value: unknown) => boolean;
  #closed = false;
  #onData: ((chunk: Uint8Array) => void) | undefined;
  #onClose: (() => void) | undefined;

  constructor(socket: Socket, partner: string, endpoint: string, isReleased: (value: unknown) => boolean) {
    this.#socket = socket;
    this.#partner = partner;
    this.#endpoint = endpoint;
    this.#isReleased = isReleased;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    socket.on("data", (chunk: Buffer) => this.#onData?.(chunk));
    socket.on("error", () => {});
    // A peer that has ended will not answer any more: the wire is done with.
    socket.on("end", () => this.close());
    socket.on("close", () => this.#gone());
  }

  get closed(): boolean {
    return this.#closed;
  }

  send(before: Uint8Array, released: Released, after: Uint8Array): void {
    if (!this.#isReleased(released)) throw new EngineError("NET-201", { sent: false });
    if (released.partner !== this.#partner || released.envelope.endpoint !== this.#endpoint)
      throw new EngineError("NET-202", { partner: released.partner, sent: false });
    const head = framing(before);
    const tail = framing(after);
    const body = spend(released);
    if (body.length <= copyLimit) {
      this.#socket.write(Buffer.concat([head, body, tail]));
      return;
    }
    this.#socket.cork();
    this.#socket.write(head);
    this.#socket.write(body);
    this.#socket.write(tail);
    this.#socket.uncork();
  }

  onData(handler: (chunk: Uint8Array) => void): void {
    this.#onData = handler;
  }

  onClose(handler: () => void): void {
    this.#onClose = handler;
  }

  close(): void {
    this.#socket.destroy();
    this.#gone();
  }

  #gone(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose?.();
  }
}

/** Connects to a target. Rejects with EngineError `NET-*`, and nothing has left then. */
export async function openWire(released: Released, target: Target, ports: WirePorts, signal: AbortSignal): Promise<PinnedWire> {
  return new PinnedWire(await openSocket(target, ports, signal), released.partner, released.envelope.endpoint, ports.isReleased);
}

/** A connected socket, its certificate verified. Rejects with EngineError `NET-*`. */
export function openSocket(target: Target, ports: Pick<WirePorts, "clock" | "tls">, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new EngineError("NET-210", { sent: false }));
    const socket = dial(target, ports);
    const fail = (error: unknown) => {
      timer.cancel();
      signal.removeEventListener("abort", abort);
      socket.destroy();
      reject(networkFailure(error, false));
    };
    const abort = () => fail(new EngineError("NET-210", { sent: false }));
    const timer = ports.clock.after(connectTimeoutMs, () => fail(new EngineError("NET-206", { sent: false })));
    signal.addEventListener("abort", abort, { once: true });
    socket.on("error", fail);
    socket.once(target.secure ? "secureConnect" : "connect", () => {
      timer.cancel();
      signal.removeEventListener("abort", abort);
      socket.off("error", fail);
      resolve(socket);
    });
  });
}

function dial(target: Target, ports: Pick<WirePorts, "tls">): Socket {
  const { host, port, servername } = target;
  const lookup = checkedLookup();
  if (!target.secure) return connect({ host, port, lookup, noDelay: true });
  return connectTls({ host, port, lookup, ...ports.tls(), minVersion, ...(servername === undefined ? {} : { servername }) });
}
