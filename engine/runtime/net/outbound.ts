import { Agent } from "node:http";
import { Agent as TlsAgent } from "node:https";
import type { Endpoint } from "../../config/project.ts";
import { releasedBody } from "../../phi/release.ts";
import { codeOf, EngineError, type Clock, type Code, type OutboundResponse, type OutboundWire, type Released, type RequestOptions, type SecretRef } from "../../sdk/index.ts";
import type { Secret } from "../secrets.ts";
import { exchange } from "./exchange.ts";
import { openWire, type PinnedWire, spend } from "./outbound-wire.ts";
import { headersOf, pathOf } from "./request-parts.ts";
import { type Protocol, type Target, targetOf } from "./target.ts";
import { tlsMaterial, minVersion, RenewedTls, type TlsFiles, type TlsMaterial } from "./tls.ts";

export interface OutboundPorts {
  readonly clock: Clock;
  /** Turns a path of the configuration into one of the disk. */
  readonly resolvePath: (path: string) => string;
  /** A pinned endpoint of a partner, by its id. */
  readonly endpointOf: (partner: string, endpoint: string) => Endpoint | undefined;
  readonly openSecret: (ref: SecretRef) => Secret;
  /** Whether the guard made this value (`phi/release`). */
  readonly isReleased: (value: unknown) => boolean;
}

/** Every socket that the engine opens to others. */
export class Outbound {
  readonly #ports: OutboundPorts;
  readonly #ways = new Set<DestinationWay>();

  constructor(ports: OutboundPorts) {
    this.#ports = ports;
  }

  /** The connections of one destination, kept between its messages and shared with no other. */
  forDestination(): DestinationWay {
    const way = new DestinationWay(this.#ports, () => this.#ways.delete(way));
    this.#ways.add(way);
    return way;
  }

  /** New connections are made with certificates as they are on the disk now; gives how many destinations have other ones. Throws nothing. */
  renewTls(onProblem: (code: Code) => void): number {
    return [...this.#ways].filter((way) => way.renewTls(onProblem)).length;
  }

  async close(): Promise<void> {
    for (const way of [...this.#ways]) way.close();
  }
}

/** What one destination may open: the pinned endpoints of its partner, for what the guard released. */
export class DestinationWay {
  readonly #ports: OutboundPorts;
  readonly #onClose: () => void;
  readonly #wires = new Map<string, PinnedWire>();
  readonly #agents = new Map<string, { readonly agent: Agent; readonly renewed?: RenewedTls }>();

  constructor(ports: OutboundPorts, onClose: () => void) {
    this.#ports = ports;
    this.#onClose = onClose;
  }

  /** The wire to the envelope's endpoint, opened when there is none. Rejects with EngineError `NET-*`; nothing has left then. */
  async wire(released: Released, signal: AbortSignal): Promise<OutboundWire> {
    const target = this.#target(released, "mllp");
    const key = keyOf(released, target);
    const kept = this.#wires.get(key);
    if (kept && !kept.closed) return kept;
    const { clock, isReleased } = this.#ports;
    const wire = await openWire(released, target, { clock, isReleased, tls: () => this.#tls(target) }, signal);
    this.#wires.set(key, wire);
    return wire;
  }

  /** One HTTP exchange with the envelope's endpoint. Rejects with EngineError `NET-*` whose `safe.sent` tells whether bytes may have left. */
  async request(released: Released, signal: AbortSignal, options: RequestOptions = {}): Promise<OutboundResponse> {
    const target = this.#target(released, "http");
    const { envelope } = released;
    return exchange(
      {
        target,
        agent: this.#agent(keyOf(released, target), target),
        method: envelope.method ?? "POST",
        path: pathOf(envelope, target),
        // A look at `envelope.body` would copy it.
        headers: headersOf(envelope, releasedBody(released).length, this.#ports.openSecret),
        body: spend(released),
        mayLeave: () => this.#ports.isReleased(released),
        ...options,
      },
      this.#ports.clock,
      signal,
    );
  }

  /** Wires read their files when they are opened; connections kept for HTTP were opened with those of before, and end after their request. */
  renewTls(onProblem: (code: Code) => void): boolean {
    let some = false;
    for (const [key, { agent, renewed }] of this.#agents) {
      try {
        if (!renewed?.take()) continue;
      } catch (error) {
        onProblem(codeOf(error, "NET-103"));
        continue;
      }
      some = true;
      this.#agents.delete(key);
      agent.maxFreeSockets = 0;
      for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
    }
    return some;
  }

  close(): void {
    for (const wire of this.#wires.values()) wire.close();
    for (const { agent } of this.#agents.values()) agent.destroy();
    this.#wires.clear();
    this.#agents.clear();
    this.#onClose();
  }

  #target(released: Released, protocol: Protocol): Target {
    if (!this.#ports.isReleased(released)) throw new EngineError("NET-201", { sent: false });
    const { partner, envelope } = released;
    return targetOf(this.#ports.endpointOf(partner, envelope.endpoint), protocol, partner);
  }

  #tls(target: Target): TlsMaterial {
    return tlsMaterial(filesOf(target), this.#ports.resolvePath);
  }

  #agent(key: string, target: Target): Agent {
    const kept = this.#agents.get(key);
    if (kept) return kept.agent;
    const { servername } = target;
    const renewed = target.secure ? { renewed: new RenewedTls(filesOf(target), this.#ports.resolvePath) } : {};
    const agent = target.secure
      ? new TlsAgent({ keepAlive: true, maxSockets: 8, ...this.#tls(target), minVersion, ...(servername === undefined ? {} : { servername }) })
      : new Agent({ keepAlive: true, maxSockets: 8 });
    this.#agents.set(key, { agent, ...renewed });
    return agent;
  }
}

function filesOf({ endpoint }: Target): TlsFiles {
  const { ca, cert, key } = endpoint.tls ?? {};
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

/** A changed endpoint is another connection, so that a reload of `partners.yaml` never reuses the old host. */
const keyOf = (released: Released, { endpoint }: Target) => JSON.stringify([released.partner, endpoint]);
