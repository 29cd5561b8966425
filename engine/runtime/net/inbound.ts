import { type Clock, type Code, codeOf, type InboundReply, type InboundRequest, type InboundWire, type Listening, type ListenOptions, type RouteOptions, type SecretRef } from "../../sdk/index.ts";
import type { Budget } from "../budget.ts";
import type { Secret } from "../secrets.ts";
import type { Authenticators } from "./authenticators.ts";
import { HttpPort, hostOf } from "./http-port.ts";
import { Intake } from "./intake.ts";
import { Listener, type Tenancy } from "./listener.ts";
import { Route } from "./route.ts";

export interface InboundPorts {
  readonly clock: Clock;
  readonly budget: Budget;
  /** Turns a path of the configuration into one of the disk. */
  readonly resolvePath: (path: string) => string;
  readonly openSecret: (ref: SecretRef) => Secret;
  readonly authenticators: Authenticators;
  readonly onProblem: (code: Code, counts?: Readonly<Record<string, number>>) => void;
}

/** What belongs to one channel among the engine's sockets. */
export interface InboundScope {
  /** Problems of this channel; default: the engine's `onProblem`. */
  readonly onProblem?: InboundPorts["onProblem"];
  /** The channel. Its sockets stay when its source is replaced by another that listens at the same place (DESIGN 7). */
  readonly owner?: string;
}

/** Every socket that others open to the engine. */
export class Inbound {
  readonly #ports: InboundPorts;
  readonly #intake: Intake;
  readonly #listeners = new Set<Listener>();
  readonly #http = new Map<string, HttpPort>();

  constructor(ports: InboundPorts) {
    this.#ports = ports;
    this.#intake = new Intake(ports.budget);
  }

  /** Bytes of messages that are not whole yet. */
  get unfinishedBytes(): number {
    return this.#intake.unfinishedBytes;
  }

  /** Listens on a port of its own, or goes on with the one its owner has there. Rejects with EngineError `NET-*`. */
  async listen(options: ListenOptions, onWire: (wire: InboundWire) => void, scope: InboundScope = {}): Promise<Tenancy> {
    const { resolvePath, onProblem } = this.#ports;
    const tenant = { options, onWire, problem: scope.onProblem ?? onProblem };
    const { owner } = scope;
    const kept = owner === undefined ? undefined : [...this.#listeners].find((each) => each.owner === owner && each.fits(options));
    if (kept) return kept.join(tenant);
    const listener = new Listener(options, owner, { intake: this.#intake, resolvePath, onEnd: () => this.#listeners.delete(listener) });
    const tenancy = listener.join(tenant);
    await listener.open();
    this.#listeners.add(listener);
    return tenancy;
  }

  /** Adds a route to a port that many channels may share; the owner's own route there is replaced. Rejects with EngineError `NET-*` or `SEC-*`. */
  async serve(
    options: RouteOptions,
    handler: (request: InboundRequest) => Promise<InboundReply>,
    scope: InboundScope = {},
  ): Promise<Listening> {
    const { clock, budget, resolvePath, openSecret, authenticators, onProblem } = this.#ports;
    const problem = scope.onProblem ?? onProblem;
    const route = new Route(options, handler, { clock, budget, openSecret, authenticators, problem, intake: this.#intake }, scope.owner);
    // Port 0 asks for any free one, so it is never shared by that number.
    const shared = options.port === 0 ? undefined : this.#http.get(`${hostOf(options)}:${options.port}`);
    const server = shared ?? new HttpPort(options, resolvePath, onProblem);
    server.add(route);
    if (!shared && options.port !== 0) this.#http.set(`${hostOf(options)}:${options.port}`, server);
    try {
      await server.open();
    } catch (error) {
      this.#drop(server, route);
      throw error;
    }
    this.#http.set(`${hostOf(options)}:${server.port}`, server);
    return { port: server.port, close: async () => this.#drop(server, route) };
  }

  /** As `SourceContext.idToken`. */
  idToken(...of: Parameters<Authenticators["idToken"]>): ReturnType<Authenticators["idToken"]> {
    return this.#ports.authenticators.idToken(...of);
  }

  /** Goes on with certificates that were renewed on the disk, and gives the ports that did. Those that cannot be used are a problem, and the old ones stay. */
  renewTls(): readonly number[] {
    const servers = new Set<Listener | HttpPort>([...this.#listeners, ...this.#http.values()]);
    return [...servers].flatMap((server) => {
      try {
        return server.renewTls() ? [server.port] : [];
      } catch (error) {
        this.#ports.onProblem(codeOf(error, "NET-103"), { port: server.port });
        return [];
      }
    });
  }

  /** Closes every port and every wire. */
  async close(): Promise<void> {
    for (const listener of [...this.#listeners]) listener.destroy();
    for (const server of this.#http.values()) server.destroy();
    this.#listeners.clear();
    this.#http.clear();
  }

  #drop(server: HttpPort, route: Route): void {
    server.remove(route);
    if (!server.empty) return;
    for (const [key, value] of this.#http) if (value === server) this.#http.delete(key);
    server.close();
  }
}
