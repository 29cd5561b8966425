import type { KeySetRoute, Partner } from "../../config/project.ts";
import type { Inbound } from "../../runtime/net/inbound.ts";
import type { Secret } from "../../runtime/secrets.ts";
import { type Code, codeOf, type InboundReply, type Listening, type SecretRef } from "../../sdk/index.ts";
import { keySet } from "./key-set.ts";

export interface KeySetPorts {
  readonly inbound: Pick<Inbound, "serve">;
  readonly partners: () => Iterable<Partner>;
  readonly openSecret: (ref: SecretRef) => Secret;
  readonly onProblem: (code: Code) => void;
}

/** Public by its nature: anyone may ask, and not too often. */
const rate = { perSecond: 10, burst: 20 };

/** An hour: a rotation is announced a day before. */
const headers = { "content-type": "application/jwk-set+json", "cache-control": "public, max-age=3600" };

/** Serves our key set where `identity.keySet` says (SMART App Launch 2.2, `jwks_uri`). Rejects with EngineError `NET-*`. */
export function serveKeySet({ port, host, path, tls }: KeySetRoute, { inbound, partners, openSecret, onProblem }: KeySetPorts): Promise<Listening> {
  const handler = async (): Promise<InboundReply> => {
    try {
      return { status: 200, headers, body: new TextEncoder().encode(JSON.stringify(await keySet(partners(), openSecret))) };
    } catch (error) {
      onProblem(codeOf(error, "IDN-104"));
      return { status: 503, headers: { "retry-after": "60" } };
    }
  };
  return inbound.serve({ method: "GET", port, host, path, maxBody: 1, rate, ...(tls && { tls }) }, handler, { onProblem });
}
