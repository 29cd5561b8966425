import type { SecretRef } from "../sdk/index.ts";

/** `identity` of `sluice.yaml`. */
export interface IdentitySettings {
  readonly keySet?: KeySetRoute;
}

/** Where our key set is served. */
export interface KeySetRoute {
  readonly port: number;
  readonly host: string;
  readonly path: string;
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca?: string };
}

/** A client of a partner's token endpoint: OAuth 2.0 client credentials, SMART Backend Services. */
export interface OAuth2Credential {
  /** Id of an endpoint of the same partner. */
  readonly token: string;
  readonly client: string;
  readonly method: "private_key_jwt" | "client_secret_basic" | "client_secret_post";
  readonly key?: SecretRef;
  readonly secret?: SecretRef;
  readonly algorithm: "ES384" | "RS384";
  readonly keyId?: string;
  /** Signs from `fromMs` (wall clock) on. */
  readonly next?: { readonly key: SecretRef; readonly fromMs: number; readonly keyId?: string };
  readonly scope?: string;
  readonly audience?: string;
}
