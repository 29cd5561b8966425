import { createServer, type Server } from "node:http";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import { Provider, type ClientMetadata } from "oidc-provider";

/** An identity provider that others wrote (oidc-provider): it gives tokens to clients and people, and shows its keys. */
export interface IdentityProvider {
  readonly server: Server;
  readonly told: {
    /** Nothing answers while it is down. */
    down: boolean;
    /** Requests by path, since the start. */
    readonly asked: ReadonlyMap<string, number>;
    /** Signs with a new key from now on; the old one is not shown any more. */
    rotate(): Promise<void>;
  };
}

export interface IdentityProviderOptions {
  readonly issuer: string;
  readonly clients: readonly ClientMetadata[];
  /** Whom its access tokens are for. */
  readonly audience: string;
  readonly scope?: string;
  /** `jwt` (RFC 9068) or `opaque`. */
  readonly format?: "jwt" | "opaque";
  /** Life of an access token in seconds. */
  readonly lifeSeconds?: number;
}

export async function identityProvider(options: IdentityProviderOptions): Promise<IdentityProvider> {
  let handle = await provider(options);
  const asked = new Map<string, number>();
  const told = { down: false, asked, rotate: async () => void (handle = await provider(options)) };
  const server = createServer((request, response) => {
    if (told.down) return void request.socket.destroy();
    const path = (request.url ?? "").split("?", 1)[0] ?? "";
    asked.set(path, (asked.get(path) ?? 0) + 1);
    handle(request, response);
  });
  return { server, told };
}

async function provider({ issuer, clients, audience, scope = "", format = "jwt", lifeSeconds = 300 }: IdentityProviderOptions) {
  const op = new Provider(issuer, {
    clients: [...clients],
    jwks: { keys: [await signingKey()] },
    clientDefaults: { id_token_signed_response_alg: "ES384" },
    // By itself it asks no address of this machine.
    fetch: (url: string, { method = "GET" }: RequestInit) => fetch(url, { method }),
    enabledJWA: { clientAuthSigningAlgValues: ["ES384", "RS384"], idTokenSigningAlgValues: ["ES384"] },
    ttl: { ClientCredentials: lifeSeconds },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({ scope, audience, accessTokenTTL: lifeSeconds, ...(format === "jwt" ? { accessTokenFormat: "jwt", jwt: { sign: { alg: "ES384" } } } : { accessTokenFormat: "opaque" }) }),
      },
    },
  });
  // What it would print are its own warnings about being run for a test.
  op.on("server_error", () => undefined);
  return op.callback();
}

async function signingKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair("ES384", { extractable: true });
  return { ...(await exportJWK(privateKey)), alg: "ES384", use: "sig", kid: crypto.randomUUID() };
}
