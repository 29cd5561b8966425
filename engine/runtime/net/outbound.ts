import { Agent } from "node:http";
import { Agent as TlsAgent } from "node:https";
import type { Endpoint } from "../../config/project.ts";
import { codeOf, EngineError, type Clock, type Code, type OutboundResponse, type OpenedStream, type OutboundWire, type Released, type RequestOptions, type SecretRef, type SendStream } from "../../sdk/index.ts";
import type { Secret } from "../secrets.ts";
import type { Credentials } from "./credentials.ts";
import { exchange } from "./exchange.ts";
import { openSocket, openWire, type PinnedWire, spend } from "./outbound-wire.ts";
import { openedStream, PinnedStream } from "./pinned-stream.ts";
import { authorizationOf, headersOf, pathOf } from "./request-parts.ts";
import { type Protocol, type Target, targetOf } from "./target.ts";
import { tlsMaterial, minVersion, RenewedTls, type TlsFiles, type TlsMaterial } from "./tls.ts";

export interface OutboundPorts {
  readonly clock: Clock;
  /** Turns a path of the configuration into one of the disk. */
  readonly resolvePath: (path: string) => string;
  /** A pinned endpoint of a partner, by its id. */
  readonly endpointOf: (partner: string, endpoint: string) => Endpoint | undefined;
  readonly openSecret: (ref: SecretRef) => Secret;
  readonly credentials: Credentials;
  /** Whether the guard made this value (`phi/release`). */
  readonly isReleased: (value: unknown) => boolean;
}

/** What shows a token endpoint who asks (RFC 6749 section 2.3): a header, or fields of the form. */
export interface ClientProof {
  readonly authorization?: string;
  readonly form?: Readonly<Record<string, string>>;
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

  /** A connection to a pinned endpoint for a source that asks its partner by a library. Rejects with EngineError `NET-*`. */
  async streamTo(partner: string, endpoint: string, signal: AbortSignal): Promise<OpenedStream> {
    return openStream(targetOf(this.#ports.endpointOf(partner, endpoint), "stream", partner), this.#ports, signal);
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
  readonly #streams = new Map<OpenedStream["stream"], string>();
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
    // Looked at first: without a way nothing is spent, and no token is asked for.
    const target = this.#target(released, "http");
    const { credential } = released.envelope;
    if (credential?.kind !== "named") {
      const authorization = credential && authorizationOf(credential, this.#ports.openSecret);
      return this.#exchange(target, released, spend(released), authorization, signal, options);
    }
    const { credentials } = this.#ports;
    const { partner } = released;
    const authorization = await credentials.authorization(partner, credential.name, signal);
    const body = spend(released);
    const answer = await this.#exchange(target, released, body, authorization, signal, options);
    if (answer.status !== 401) return answer;
    credentials.refused(partner, credential.name, authorization);
    // A partner that says 401 has not taken the message: the same bytes go once more, with a token that is fresh.
    return this.#exchange(target, released, body, await credentials.authorization(partner, credential.name, signal), signal, options);
  }

  /**
   * A question of the engine itself to a token endpoint (`engine/identity`). What proves who asks joins the released form here, after release and from
   * configuration alone, as an `Authorization` header does. Rejects as `request`.
   */
  async askForToken(released: Released, proof: ClientProof, signal: AbortSignal, options: RequestOptions = {}): Promise<OutboundResponse> {
    const target = this.#target(released, "http");
    const fields = new URLSearchParams(proof.form).toString();
    const body = spend(released);
    const whole = fields === "" ? body : Buffer.concat([body, Buffer.from(`${body.length === 0 ? "" : "&"}${fields}`)]);
    return this.#exchange(target, released, whole, proof.authorization, signal, options);
  }

  #exchange(target: Target, released: Released, body: Uint8Array, authorization: string | undefined, signal: AbortSignal, options: RequestOptions): Promise<OutboundResponse> {
    const { envelope } = released;
    const agent = this.#agent(keyOf(released, target), target);
    const headers = headersOf(envelope, body.length, authorization);
    const mayLeave = () => this.#ports.isReleased(released);
    return exchange({ target, agent, method: envelope.method ?? "POST", path: pathOf(envelope, target), headers, body, mayLeave, ...options }, this.#ports.clock, signal);
  }

  /**
   * A connection for a library: `kept` again while it is open and its endpoint is as it was. Spends the release. Rejects with EngineError
   * `NET-*`; nothing has left then.
   */
  async stream(released: Released, kept: OpenedStream | undefined, signal: AbortSignal): Promise<SendStream> {
    const target = this.#target(released, "stream");
    const key = keyOf(released, target);
    const isKept = kept !== undefined && !kept.stream.destroyed && this.#streams.get(kept.stream) === key;
    if (kept && !isKept) kept.stream.destroy();
    const opened = isKept ? kept : await openStream(target, this.#ports, signal);
    if (!isKept) {
      this.#streams.set(opened.stream, key);
      opened.stream.once("close", () => this.#streams.delete(opened.stream));
    }
    if (!this.#ports.isReleased(released)) throw new EngineError("NET-201", { sent: false });
    const body = spend(released);
    return { ...opened, body: () => new Uint8Array(body) };
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
    for (const stream of [...this.#streams.keys()]) stream.destroy();
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

async function openStream(target: Target, { clock, resolvePath, openSecret }: OutboundPorts, signal: AbortSignal): Promise<OpenedStream> {
  const material = () => tlsMaterial(filesOf(target), resolvePath);
  const tls = target.startsTls ? material() : {};
  return openedStream(new PinnedStream(await openSocket(target, { clock, tls: material }, signal)), target, { tls, openSecret });
}

function filesOf({ endpoint }: Target): TlsFiles {
  const { ca, cert, key } = endpoint.tls ?? {};
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

/** A changed endpoint is another connection, so that a reload of `partners.yaml` never reuses the old host. */
function keyOf({ partner }: Released, { endpoint }: Target): string {
  let written = endpoints.get(endpoint);
  if (written === undefined) endpoints.set(endpoint, (written = JSON.stringify(endpoint)));
  return `${JSON.stringify(partner)} ${written}`;
}

const endpoints = new WeakMap<Endpoint, string>();
