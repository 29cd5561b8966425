import type { Code, InboundAuth, Principal } from "../../sdk/index.ts";

/** What of a request's head counts for who sent it. */
export interface RequestHead {
  /** Header names are lower-case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** SHA-256 of the client's certificate (DER), base64url, where it showed one (mTLS). */
  readonly certificate?: string;
  /** Names in it (RFC 5280 4.2.1.6): `dns:` in lower case, `uri:`. */
  readonly certificateNames?: readonly string[];
}

/** Why a request is turned away; nothing of it is repeated. */
export interface Refusal {
  readonly status: number;
  readonly code: Code;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Verdict<T> = T | { readonly refusal: Refusal };

/** Who is asking, where a secret of the configuration alone does not say it; `engine/identity` implements it. */
export interface Authenticators {
  /** A token of an issuer, by the head alone. Never rejects: what cannot be decided is refused with 503. */
  token(how: InboundAuth & { readonly token: string }, head: RequestHead): Promise<Verdict<{ readonly principal: Principal }>>;
  /** An id token, as `SourceContext.idToken`. */
  idToken(issuer: string, token: string): Promise<{ readonly principal: Principal; readonly claims: Readonly<Record<string, unknown>> } | { readonly code: Code }>;
  /** A client certificate that the listener's authority signed. */
  certificate(allowed: readonly string[], head: RequestHead): Verdict<{ readonly principal: Principal }>;
  /** A signature over the whole body. `signed`: the same for the same signed bytes. */
  signature(how: NonNullable<InboundAuth["signature"]>, head: RequestHead, body: Uint8Array): Verdict<{ readonly signed: string }>;
}

/** An engine that knows no issuer: nobody is let in. */
export const noAuthenticators: Authenticators = {
  token: async () => ({ refusal: { status: 503, code: "IDN-207" } }),
  idToken: async () => ({ code: "IDN-207" }),
  certificate: () => ({ refusal: { status: 503, code: "IDN-207" } }),
  signature: () => ({ refusal: { status: 503, code: "IDN-207" } }),
};

const made = new WeakSet<Principal>();

/** The engine itself has established who this is. */
export function established(principal: Principal): Principal {
  const own = Object.freeze({ ...principal, scopes: Object.freeze([...principal.scopes]) });
  made.add(own);
  return own;
}

/** Whether the engine itself made this very value. */
export function isEstablished(principal: Principal): boolean {
  return made.has(principal);
}
