import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from "node:http";
import { createServer as createTlsServer, Server as TlsServer } from "node:https";
import { EngineError, type Code, type RouteOptions, type ServerTls } from "../../sdk/index.ts";
import { bind } from "./listener.ts";
import { restOf } from "./rest-of.ts";
import { refuse, type Route } from "./route.ts";
import { handshakeTimeoutMs, minVersion, RenewedTls, tlsMaterial } from "./tls.ts";

/** Explicit, whatever Node's defaults become (threat T16). */
const limits: ServerOptions = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 15_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16 * 1024,
  insecureHTTPParser: false,
  noDelay: true,
};
const maxConnections = 4096;

/** One HTTP server that many routes share. */
export class HttpPort {
  readonly #server: Server;
  /** By method and path. The last one answers; before it may stand those it follows after a reload. */
  readonly #routes = new Map<string, readonly Route[]>();
  readonly #tls: string;
  readonly #requested: number;
  readonly #host: string;
  readonly #renewed: RenewedTls | undefined;
  #opened: Promise<void> | undefined;

  constructor(options: RouteOptions, resolvePath: (path: string) => string, problem: (code: Code) => void) {
    this.#tls = tlsKey(options.tls);
    this.#requested = options.port;
    this.#host = hostOf(options);
    this.#renewed = options.tls && new RenewedTls(options.tls, resolvePath);
    this.#server = create(options.tls, resolvePath);
    this.#server.maxConnections = maxConnections;
    const answer = (request: IncomingMessage, response: ServerResponse) => this.#answer(request, response, problem);
    this.#server.on("request", answer);
    this.#server.on("checkContinue", answer);
    this.#server.on("tlsClientError", () => problem("NET-107"));
    this.#server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
      if (error.code !== "ECONNRESET") problem("NET-108");
      const status = error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? "408 Request Timeout" : "400 Bad Request";
      // The error's text would quote the request; the answer says nothing.
      if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      else socket.destroy();
    });
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address ? address.port : this.#requested;
  }

  /** As `Listener.renewTls`. */
  renewTls(): boolean {
    const material = this.#renewed?.take();
    if (!material || !(this.#server instanceof TlsServer)) return false;
    this.#server.setSecureContext({ ...material, minVersion });
    return true;
  }

  get empty(): boolean {
    return this.#routes.size === 0;
  }

  add(route: Route): void {
    const { port, path } = route.options;
    if (tlsKey(route.options.tls) !== this.#tls) throw new EngineError("NET-105", { port });
    const key = routeKey(route.options.method, path);
    const before = this.#routes.get(key) ?? [];
    const isOwn = route.owner !== undefined && before.every(({ owner }) => owner === route.owner);
    if (before.length > 0 && !isOwn) throw new EngineError("NET-104", { port, path });
    this.#routes.set(key, [...before, route]);
  }

  remove(route: Route): void {
    const key = routeKey(route.options.method, route.options.path);
    const left = (this.#routes.get(key) ?? []).filter((each) => each !== route);
    if (left.length > 0) this.#routes.set(key, left);
    else this.#routes.delete(key);
  }

  open(): Promise<void> {
    this.#opened ??= bind(this.#server, this.#requested, this.#host);
    return this.#opened;
  }

  /** Stops accepting; requests under way are answered. */
  close(): void {
    this.#server.close();
    this.#server.closeIdleConnections();
  }

  destroy(): void {
    this.close();
    this.#server.closeAllConnections();
  }

  /** The route of this very path; else the longest that takes what is below it. */
  #find(method: string, path: string): { readonly route: Route | undefined; readonly rest?: string } | undefined {
    const own = this.#routes.get(routeKey(method, path))?.at(-1);
    if (own && !path.endsWith("/*")) return { route: own };
    let longest: { readonly route: Route; readonly rest: string } | undefined;
    for (const each of this.#routes.values()) {
      const route = each.at(-1);
      const rest = route && route.options.method.toUpperCase() === method.toUpperCase() ? restOf(route.options.path, path) : undefined;
      if (route && rest !== undefined && (!longest || route.options.path.length > longest.route.options.path.length)) longest = { route, rest };
    }
    return longest;
  }

  #answer(request: IncomingMessage, response: ServerResponse, problem: (code: Code) => void): void {
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    const { route, rest } = this.#find(request.method ?? "", path) ?? {};
    if (!route) {
      const known = [...this.#routes.values()].some(([other]) => other && (other.options.path === path || restOf(other.options.path, path) !== undefined));
      refuse(response, { status: known ? 405 : 404, code: "NET-108" });
      return;
    }
    route.answer(request, response, rest).catch(() => {
      problem("NET-108");
      if (!response.headersSent) refuse(response, { status: 500, code: "NET-108" });
      else response.destroy();
    });
  }
}

export function hostOf(options: { readonly host?: string }): string {
  return options.host ?? "127.0.0.1";
}

function create(tls: ServerTls | undefined, resolvePath: (path: string) => string): Server {
  if (!tls) return createServer(limits);
  const mutual = tls.ca !== undefined;
  return createTlsServer({
    ...limits,
    ...tlsMaterial(tls, resolvePath),
    minVersion,
    handshakeTimeout: handshakeTimeoutMs,
    requestCert: mutual,
    rejectUnauthorized: mutual,
  });
}

const routeKey = (method: string, path: string) => `${method.toUpperCase()} ${path}`;
const tlsKey = (tls: ServerTls | undefined) => (tls ? JSON.stringify([tls.cert, tls.key, tls.ca]) : "");
