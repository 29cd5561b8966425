import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, Server as TlsServer } from "node:tls";
import { EngineError, type Code, type InboundWire, type Listening, type ListenOptions } from "../../sdk/index.ts";
import { SocketWire } from "./inbound-wire.ts";
import type { Intake } from "./intake.ts";
import { handshakeTimeoutMs, minVersion, RenewedTls, tlsMaterial } from "./tls.ts";

export interface ListenerPorts {
  /** Says which wires may read. */
  readonly intake: Intake;
  readonly resolvePath: (path: string) => string;
  /** It is closed and its last wire has gone. */
  readonly onEnd: () => void;
}

/** Who takes the wires of a listener: a source, or after a reload the one that follows it. */
export interface Tenant {
  readonly options: ListenOptions;
  readonly onWire: (wire: InboundWire) => void;
  readonly problem: (code: Code, counts?: Readonly<Record<string, number>>) => void;
}

/** A source's part of a listener. */
export interface Tenancy extends Listening {
  /** Whether another source takes the new wires of this port now. */
  readonly succeeded: boolean;
  /** Resolves when the wires that this source took have gone and it takes no more. */
  readonly idle: Promise<void>;
}

interface Living extends Tenant {
  readonly wires: Set<SocketWire>;
  readonly whenIdle: () => void;
}

/** What the engine promises when nothing was said. */
const defaultMaxConnections = 1024;
let lastWireId = 0;

/**
 * One TCP or TLS port of one channel, and the wires it has accepted. When the channel's source is replaced the socket stays: new wires go to
 * the latest tenant, and those of the one before stay with it until they close (DESIGN 7).
 */
export class Listener {
  /** Whose port it is: another owner may not take it over. */
  readonly owner: string | undefined;
  readonly #server: Server;
  readonly #options: ListenOptions;
  readonly #ports: ListenerPorts;
  /** The last one takes new wires. */
  readonly #tenants: Living[] = [];
  readonly #wires = new Set<SocketWire>();
  readonly #peers = new Map<string, number>();
  readonly #handshakes = new Set<string>();
  readonly #renewed: RenewedTls | undefined;
  #raw = 0;

  constructor(options: ListenOptions, owner: string | undefined, ports: ListenerPorts) {
    this.#options = options;
    this.owner = owner;
    this.#ports = ports;
    this.#renewed = options.tls && new RenewedTls(options.tls, ports.resolvePath);
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

  /** Whether the socket serves these options as it stands. */
  fits(options: ListenOptions): boolean {
    const where = ({ port, host, tls }: ListenOptions) => JSON.stringify([port, host ?? "127.0.0.1", tls?.cert, tls?.key, tls?.ca]);
    return this.#server.listening && where(options) === where(this.#options);
  }

  /** From now on this tenant takes the new wires. */
  join(tenant: Tenant): Tenancy {
    let whenIdle = () => {};
    const idle = new Promise<void>((resolve) => {
      whenIdle = resolve;
    });
    const living: Living = { ...tenant, wires: new Set(), whenIdle };
    const before = this.#tenants.at(-1);
    this.#tenants.push(living);
    if (before?.wires.size === 0) before.whenIdle();
    const isLast = () => this.#tenants.at(-1) === living;
    const listener = this;
    return {
      get port() {
        return listener.port;
      },
      get succeeded() {
        return !isLast();
      },
      idle,
      close: async () => this.#leave(living),
    };
  }

  /** Goes on with certificates that were renewed on the disk; open connections keep theirs. Throws EngineError `NET-103`, and the old ones stay. */
  renewTls(): boolean {
    const material = this.#renewed?.take();
    if (!material || !(this.#server instanceof TlsServer)) return false;
    this.#server.setSecureContext({ ...material, minVersion });
    return true;
  }

  /** The tenant takes no more; the one before it does, when it is still there. Without a tenant the port is closed. */
  #leave(tenant: Living): void {
    const at = this.#tenants.indexOf(tenant);
    if (at >= 0) this.#tenants.splice(at, 1);
    if (tenant.wires.size === 0) tenant.whenIdle();
    if (this.#tenants.length === 0) this.#close();
  }

  #close(): void {
    // Closes the port at once; the callback would wait for the wires, which stay until their connector is done with them.
    if (this.#server.listening) this.#server.close();
    this.#endWhenEmpty();
  }

  /** Ends every wire, for the end of the engine. */
  destroy(): void {
    this.#close();
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
    const tenant = this.#tenants.at(-1);
    const { maxConnections = defaultMaxConnections, maxConnectionsPerPeer = maxConnections } = tenant?.options ?? this.#options;
    const peer = socket.remoteAddress ?? "";
    const ofPeer = this.#peers.get(peer) ?? 0;
    if (this.#raw >= maxConnections || ofPeer >= maxConnectionsPerPeer) {
      tenant?.problem("NET-106", { open: this.#raw });
      socket.destroy();
      return false;
    }
    this.#raw++;
    this.#peers.set(peer, ofPeer + 1);
    socket.once("close", () => this.#gone(peer));
    return true;
  }

  /** Node tells of some failed handshakes and not of others; a connection that closes before it was secure is one for certain. */
  #awaitHandshake(socket: Socket): void {
    const name = nameOf(socket);
    this.#handshakes.add(name);
    socket.once("close", () => this.#handshakes.delete(name) && this.#tenants.at(-1)?.problem("NET-107"));
  }

  #gone(peer: string): void {
    this.#raw--;
    const left = (this.#peers.get(peer) ?? 1) - 1;
    if (left > 0) this.#peers.set(peer, left);
    else this.#peers.delete(peer);
  }

  #accept(socket: Socket): void {
    const tenant = this.#tenants.at(-1);
    if (!tenant) return void socket.destroy();
    const wire = new SocketWire(++lastWireId, socket, this.#ports.intake);
    this.#wires.add(wire);
    tenant.wires.add(wire);
    socket.once("close", () => {
      this.#wires.delete(wire);
      tenant.wires.delete(wire);
      if (tenant.wires.size === 0 && tenant !== this.#tenants.at(-1)) tenant.whenIdle();
      this.#endWhenEmpty();
    });
    tenant.onWire(wire);
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
