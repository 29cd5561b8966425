import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { EngineError, type Code, type InboundWire, type Listening, type ListenOptions } from "../../sdk/index.ts";
import { SocketWire } from "./inbound-wire.ts";
import type { Intake } from "./intake.ts";
import { handshakeTimeoutMs, minVersion, tlsMaterial } from "./tls.ts";

export interface ListenerPorts {
  /** Says which wires may read. */
  readonly intake: Intake;
  readonly problem: (code: Code, counts?: Readonly<Record<string, number>>) => void;
  readonly resolvePath: (path: string) => string;
  /** It is closed and its last wire has gone. */
  readonly onEnd: () => void;
}

/** What the engine promises when nothing was said. */
const defaultMaxConnections = 1024;
let lastWireId = 0;

/** One TCP or TLS port of one source, and the wires it has accepted. */
export class Listener implements Listening {
  readonly #server: Server;
  readonly #options: ListenOptions;
  readonly #ports: ListenerPorts;
  readonly #onWire: (wire: InboundWire) => void;
  readonly #wires = new Set<SocketWire>();
  readonly #peers = new Map<string, number>();
  readonly #handshakes = new Set<string>();
  #raw = 0;

  constructor(options: ListenOptions, onWire: (wire: InboundWire) => void, ports: ListenerPorts) {
    this.#options = options;
    this.#onWire = onWire;
    this.#ports = ports;
    this.#server = this.#createServer();
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address ? address.port : this.#options.port;
  }

  async open(): Promise<this> {
    await bind(this.#server, this.#options.port, this.#options.host ?? "127.0.0.1");
    return this;
  }

  async close(): Promise<void> {
    // Closes the port at once; the callback would wait for the wires, which stay until their connector is done with them.
    if (this.#server.listening) this.#server.close();
    this.#endWhenEmpty();
  }

  /** Ends every wire, for the end of the engine. */
  destroy(): void {
    void this.close();
    for (const wire of this.#wires) wire.destroy();
  }

  #endWhenEmpty(): void {
    if (this.#server.listening || this.#wires.size > 0) return;
    this.#ports.onEnd();
  }

  #createServer(): Server {
    const { tls } = this.#options;
    if (!tls) return createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#admit(socket) && this.#accept(socket));
    const server = createTlsServer({
      ...tlsMaterial(tls, this.#ports.resolvePath),
      minVersion,
      allowHalfOpen: true,
      handshakeTimeout: handshakeTimeoutMs,
      requestCert: tls.ca !== undefined,
      rejectUnauthorized: tls.ca !== undefined,
    });
    // Counted before the handshake: a peer that never finishes one must not be free.
    server.on("connection", (socket: Socket) => this.#admit(socket) && this.#awaitHandshake(socket));
    server.on("secureConnection", (socket) => {
      this.#handshakes.delete(nameOf(socket));
      this.#accept(socket);
    });
    server.on("tlsClientError", (_error, socket) => socket.destroy());
    return server;
  }

  #admit(socket: Socket): boolean {
    const { maxConnections = defaultMaxConnections, maxConnectionsPerPeer = maxConnections } = this.#options;
    const peer = socket.remoteAddress ?? "";
    const ofPeer = this.#peers.get(peer) ?? 0;
    if (this.#raw >= maxConnections || ofPeer >= maxConnectionsPerPeer) {
      this.#ports.problem("NET-106", { open: this.#raw });
      socket.destroy();
      return false;
    }
    this.#raw++;
    this.#peers.set(peer, ofPeer + 1);
    socket.once("close", () => this.#leave(peer));
    return true;
  }

  /** Node tells of some failed handshakes and not of others; a connection that closes before it was secure is one for certain. */
  #awaitHandshake(socket: Socket): void {
    const name = nameOf(socket);
    this.#handshakes.add(name);
    socket.once("close", () => this.#handshakes.delete(name) && this.#ports.problem("NET-107"));
  }

  #leave(peer: string): void {
    this.#raw--;
    const left = (this.#peers.get(peer) ?? 1) - 1;
    if (left > 0) this.#peers.set(peer, left);
    else this.#peers.delete(peer);
  }

  #accept(socket: Socket): void {
    const wire = new SocketWire(++lastWireId, socket, this.#ports.intake);
    this.#wires.add(wire);
    socket.once("close", () => {
      this.#wires.delete(wire);
      this.#endWhenEmpty();
    });
    this.#onWire(wire);
  }
}

const nameOf = (socket: Socket) => `${socket.remoteAddress} ${socket.remotePort}`;

/** Listens, or says why not with the port's number. */
export function bind(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new EngineError("NET-101", { port, host })
          : new EngineError("NET-102", { port, host, reason: error.code }),
      );
    server.once("error", failed);
    server.listen({ port, host }, () => {
      server.off("error", failed);
      // Running out of descriptors while accepting must not end the engine; the peer tries again.
      server.on("error", () => {});
      resolve();
    });
  });
}
