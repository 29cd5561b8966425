import { isIP } from "node:net";
import type { Endpoint } from "../../config/project.ts";
import { EngineError } from "../../sdk/index.ts";
import { checkLiteral } from "./address.ts";

export type Protocol = "mllp" | "http";

const schemes: Readonly<Record<string, { readonly protocol: Protocol; readonly secure: boolean; readonly port?: number }>> = {
  "mllp:": { protocol: "mllp", secure: false },
  "mllps:": { protocol: "mllp", secure: true },
  "http:": { protocol: "http", secure: false, port: 80 },
  "https:": { protocol: "http", secure: true, port: 443 },
};

/** A pinned endpoint, taken apart. */
export interface Target {
  readonly endpoint: Endpoint;
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** Base path without a final slash; empty at the root. */
  readonly basePath: string;
  /** The name the certificate must carry; absent when it is the address itself. */
  readonly servername?: string;
}

/** Reads the URL of an endpoint for one protocol. Throws EngineError `NET-202` or `NET-203`. */
export function targetOf(endpoint: Endpoint | undefined, protocol: Protocol, partner: string): Target {
  if (!endpoint) throw new EngineError("NET-202", { partner });
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
    host,
    port,
    basePath: url.pathname.replace(/\/+$/, ""),
    ...(servername === undefined ? {} : { servername }),
  };
}
