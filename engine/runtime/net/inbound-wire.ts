import type { Socket } from "node:net";
import type { InboundWire } from "../../sdk/index.ts";
import type { Intake, Seat } from "./intake.ts";

/** Beyond this many unsent reply bytes the wire reads no more: the peer must take its acks first. */
const replyBacklog = 256 * 1024;

/** How long a closed wire waits for its peer to close too. */
const lingerMs = 1000;

/** Why a wire does not read at the moment; it reads when nothing is left. */
const pausedBy = { engine: 1, connector: 2, replies: 4 } as const;

/** An accepted socket as connectors see it. */
export class SocketWire implements InboundWire {
  readonly id: number;
  readonly #socket: Socket;
  readonly #seat: Seat;
  #paused = 0;
  #closing = false;
  #closed = false;
  #onData: ((chunk: Uint8Array) => void) | undefined;
  #onEnd: (() => void) | undefined;
  #onClose: (() => void) | undefined;

  constructor(id: number, socket: Socket, intake: Intake) {
    this.id = id;
    this.#socket = socket;
    this.#seat = intake.join(this);
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#onData?.(chunk));
    socket.on("end", () => (this.#onEnd ? this.#onEnd() : this.close()));
    // A reset or a broken pipe is the peer leaving; "close" follows and tells it.
    socket.on("error", () => {});
    socket.on("drain", () => this.#unpause(pausedBy.replies));
    socket.on("close", () => this.#gone());
  }

  onData(handler: (chunk: Uint8Array) => void): void {
    this.#onData = handler;
  }

  onEnd(handler: () => void): void {
    this.#onEnd = handler;
  }

  onClose(handler: () => void): void {
    this.#onClose = handler;
  }

  reply(bytes: Uint8Array): void {
    if (this.#closing || !this.#socket.writable) return;
    this.#socket.write(bytes);
    if (this.#socket.writableLength > replyBacklog) this.#pause(pausedBy.replies);
  }

  hold(bytes: number): void {
    this.#seat.hold(bytes);
  }

  pause(): void {
    this.#pause(pausedBy.connector);
  }

  resume(): void {
    this.#unpause(pausedBy.connector);
  }

  /** The engine's own hand on the tap, apart from the connector's. */
  throttle(on: boolean): void {
    if (on) this.#pause(pausedBy.engine);
    else this.#unpause(pausedBy.engine);
  }

  /** Replies already given still go out; what the peer still sends is read and dropped, since a reset would overtake them. */
  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#onData = undefined;
    this.#paused = 0;
    this.#socket.resume();
    this.#socket.end();
    const linger = setTimeout(() => this.#socket.destroy(), lingerMs);
    this.#socket.once("close", () => clearTimeout(linger));
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #pause(reason: number): void {
    if (this.#closing) return;
    if (this.#paused === 0) this.#socket.pause();
    this.#paused |= reason;
  }

  #unpause(reason: number): void {
    if ((this.#paused & reason) === 0) return;
    this.#paused &= ~reason;
    if (this.#paused === 0) this.#socket.resume();
  }

  #gone(): void {
    if (this.#closed) return;
    this.#seat.leave();
    this.#closing = true;
    this.#closed = true;
    this.#onClose?.();
  }
}
