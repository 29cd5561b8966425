import type { Issuer } from "../../config/project.ts";
import { type Authenticators, established, type RequestHead, type Verdict } from "../../runtime/net/authenticators.ts";
import type { Code, InboundAuth, Principal } from "../../sdk/index.ts";
import { type Claims, invalidToken, isBoundElsewhere, lacking, principalOf, refusal } from "./claims.ts";
import { type IntrospectionPorts, introspect } from "./introspection.ts";
import { IssuerKeys } from "./issuer-keys.ts";
import { readJwt } from "./jwt.ts";
import { readAssertion, type SamlPorts } from "./saml/saml.ts";
import { verifyWebhook } from "./webhook-signature.ts";

export interface InboundAuthenticatorsPorts extends IntrospectionPorts, Pick<SamlPorts, "readFile" | "used"> {
  /** As of now: a reload may bring others. */
  readonly issuers: () => Readonly<Record<string, Issuer>>;
  /** Keyed hash of a subject (`store.keyedId`). */
  readonly hash: (issuer: string, subject: string) => string;
}

/** RFC 6750 section 2.1, and no longer than any header may be. */
const bearer = /^Bearer +([A-Za-z0-9._~+/-]{1,12288}=*)$/i;

/** Who sends to us: tokens and assertions of the issuers in `sluice.yaml`, and signatures of webhooks. */
export class InboundAuthenticators implements Authenticators {
  readonly #ports: InboundAuthenticatorsPorts;
  readonly #keys = new Map<string, { readonly place: string; readonly keys: IssuerKeys }>();

  constructor(ports: InboundAuthenticatorsPorts) {
    this.#ports = ports;
  }

  async token(how: InboundAuth & { readonly token: string }, { headers, certificate }: RequestHead): Promise<Verdict<{ readonly principal: Principal }>> {
    const token = bearer.exec(headers.authorization ?? "")?.[1];
    if (token === undefined) return refusal(401, "IDN-201", "Bearer");
    const issuer = this.#ports.issuers()[how.token];
    if (!issuer) return refusal(503, "IDN-207");
    const read = await this.#read(token, how.token, issuer);
    if ("code" in read) return read.code === "IDN-207" ? refusal(503, read.code) : refusal(401, read.code, invalidToken);
    const { claims } = read;
    if (isBoundElsewhere(claims, certificate)) return refusal(401, "IDN-208", invalidToken);
    const principal = principalOf(how.token, claims, issuer, (subject) => this.#ports.hash(how.token, subject));
    if (!principal) return refusal(401, "IDN-202", invalidToken);
    return lacking(principal, how) ?? { principal: established(principal) };
  }

  async idToken(name: string, token: string): Promise<{ readonly principal: Principal; readonly claims: Claims } | { readonly code: Code }> {
    const issuer = this.#ports.issuers()[name];
    if (!issuer?.jwks) return { code: "IDN-207" };
    const read = await readJwt(token, issuer, this.#keysOf(name, issuer.jwks), this.#ports.clock);
    if ("code" in read) return read;
    const principal = principalOf(name, read.claims, issuer, (subject) => this.#ports.hash(name, subject));
    return principal ? { principal: established(principal), claims: read.claims } : { code: "IDN-202" };
  }

  /** Any name that is allowed says who it is; one that two certificates share is one sender. */
  certificate(allowed: readonly string[], { certificate, certificateNames = [] }: RequestHead): Verdict<{ readonly principal: Principal }> {
    const names = certificate === undefined ? [] : [...certificateNames, `sha256:${Buffer.from(certificate, "base64url").toString("hex")}`];
    const name = allowed.find((each) => names.includes(each));
    if (name === undefined) return refusal(403, "IDN-211");
    return { principal: established({ issuer: "certificate", subject: this.#ports.hash("certificate", name), kind: "system", scopes: [] }) };
  }

  signature(how: NonNullable<InboundAuth["signature"]>, head: RequestHead, body: Uint8Array): Verdict<{ readonly signed: string }> {
    return verifyWebhook(how, this.#ports.openSecret(how.secret).expose(), head, body, this.#ports.clock);
  }

  async #read(token: string, name: string, issuer: Issuer): ReturnType<typeof readJwt> {
    const { jwks, introspection, saml } = issuer;
    if (saml) return readAssertion(token, name, issuer, saml, { ...this.#ports, hash: (of, id) => this.#ports.hash(of, `assertion ${id}`) });
    if (introspection) return introspect(token, issuer, introspection, this.#ports);
    const unknown: { readonly code: Code } = { code: "IDN-207" };
    return jwks ? readJwt(token, issuer, this.#keysOf(name, jwks), this.#ports.clock) : unknown;
  }

  #keysOf(name: string, jwks: NonNullable<Issuer["jwks"]>): IssuerKeys {
    const place = JSON.stringify([jwks, this.#ports.partner(jwks.partner)?.endpoints.find(({ id }) => id === jwks.endpoint)?.url]);
    const kept = this.#keys.get(name);
    if (kept?.place === place) return kept.keys;
    const keys = new IssuerKeys(jwks, this.#ports);
    this.#keys.set(name, { place, keys });
    return keys;
  }
}
