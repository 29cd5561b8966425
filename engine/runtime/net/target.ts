import { isIP } from "node:net";
import type { Endpoint } from "../../config/project.ts";
import { isLoopback } from "../../config/index.ts";
import { EngineError } from "../../sdk/index.ts";
import { checkLiteral } from "./address.ts";

/** `stream`: what a library speaks. */
export type Protocol = "mllp" | "http" | "stream";

const schemes: Readonly<Record<string, { readonly protocol: Protocol; readonly secure: boolean; readonly port?: number; readonly startsTls?: true }>> = {
  "mllp:": { protocol: "mllp", secure: false },
  "mllps:": { protocol: "mllp", secure: true },
  "http:": { protocol: "http", secure: false, port: 80 },
  "https:": { protocol: "http", secure: true, port: 443 },
  "sftp:": { protocol: "stream", secure: false, port: 22 },
  "postgres:": { protocol: "stream", secure: false, port: 5432, startsTls: true },
  "mysql:": { protocol: "stream", secure: false, port: 3306, startsTls: true },
  "smtp:": { protocol: "stream", secure: false, port: 587, startsTls: true },
  "smtps:": { protocol: "stream", secure: true, port: 465 },
};

/** A pinned endpoint, taken apart. */
export interface Target {
  readonly endpoint: Endpoint;
  /** TLS from the first byte. */
  readonly secure: boolean;
  /** TLS begins inside the protocol: always off loopback, and where the endpoint has `tls`. */
  readonly startsTls: boolean;
  readonly host: string;
  readonly port: number;
  /** Base path without a final slash; empty at the root. */
  readonly basePath: string;
  /** The name the certificate must carry; absent when it is the address itself. */
  readonly servername?: string;
}

const read = new WeakMap<Endpoint, { readonly protocol: Protocol; readonly target: Target }>();

/** An endpoint for one protocol, its URL read at the first use. Throws EngineError `NET-202` or `NET-203`. */
export function targetOf(endpoint: Endpoint | undefined, protocol: Protocol, partner: string): Target {
  if (!endpoint) throw new EngineError("NET-202", { partner });
  const known = read.get(endpoint);
  if (known?.protocol === protocol) return known.target;
  const target = readTarget(endpoint, protocol, partner);
  read.set(endpoint, { protocol, target });
  return target;
}

function readTarget(endpoint: Endpoint, protocol: Protocol, partner: string): Target {
  const url = URL.parse(endpoint.url);
  const scheme = url ? schemes[url.protocol] : undefined;
  const port = Number(url?.port || scheme?.port || 0);
  if (!url || scheme?.protocol !== protocol || url.hostname === "" || port === 0 || url.username || url.password)
    throw new EngineError("NET-202", { partner, endpoint: endpoint.id });
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  checkLiteral(host);
  const servername = endpoint.tls?.servername ?? (isIP(host) === 0 ? host : undefined);
  return {
    endpoint,
    secure: scheme.secure,
    startsTls: scheme.startsTls === true && (endpoint.tls !== undefined || !isLoopback(host)),
    host,
    port,
    basePath: url.pathname.replace(/\/+$/, ""),
    ...(servername === undefined ? {} : { servername }),
  };
}
