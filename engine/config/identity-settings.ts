import type { SecretRef } from "../sdk/index.ts";

/** `identity` of `sluice.yaml`. */
export interface IdentitySettings {
  readonly keySet?: KeySetRoute;
  /** Whose access tokens sources may take, by name. */
  readonly issuers: Readonly<Record<string, Issuer>>;
}

/** An issuer of access tokens: JWTs whose keys are fetched, opaque ones that it is asked about, or SAML 2.0 assertions. */
export interface Issuer {
  /** `iss` of its tokens. */
  readonly issuer: string;
  /** `aud`: one of these must be in a token. */
  readonly audience: readonly string[];
  readonly algorithms: readonly string[];
  /** Where its key set is; keys that were fetched serve `keepMs` while it cannot be reached. */
  readonly jwks?: PinnedPlace & { readonly keepMs: number };
  /** Where it is asked about a token (RFC 7662), as the client of a credential of that partner. */
  readonly introspection?: PinnedPlace & { readonly credential: string };
  /** SAML 2.0 assertions: keys that sign them (PEM files, relative to the project), and the address that must stand in them as `Recipient`. */
  readonly saml?: { readonly certificates: readonly string[]; readonly recipient: string };
  readonly skewMs: number;
  /** What its `acr` values, of SAML the classes of AuthnContextClassRef, say of identity and authenticator assurance (NIST SP 800-63-3). */
  readonly assurance: Readonly<Record<string, { readonly ial?: 1 | 2 | 3; readonly aal?: 1 | 2 | 3 }>>;
}

/** A pinned endpoint of a partner. */
export interface PinnedPlace {
  readonly partner: string;
  readonly endpoint: string;
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
