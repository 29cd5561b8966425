import type { Issuer } from "../../config/project.ts";
import { type Clock, type Code, codeOf, EngineError } from "../../sdk/index.ts";
import { clientProof, type ProofPorts } from "../outbound/client-proof.ts";
import { ask, type QuestionPorts } from "../token-question.ts";
import type { Claims } from "./claims.ts";

export interface IntrospectionPorts extends QuestionPorts, ProofPorts {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** What the issuer says of a token (RFC 7662), or the code of why it is not taken. Asked for every request: a token that was revoked lets nobody in. */
export async function introspect(token: string, issuer: Issuer, place: NonNullable<Issuer["introspection"]>, ports: IntrospectionPorts): Promise<{ readonly claims: Claims } | { readonly code: Code }> {
  const partner = ports.partner(place.partner);
  const credential = partner?.credentials?.[place.credential];
  const endpoint = partner?.endpoints.find(({ id }) => id === place.endpoint);
  if (!credential || !endpoint) return { code: "IDN-207" };
  try {
    const proof = await clientProof(credential, endpoint.url, ports);
    const envelope = { endpoint: endpoint.id, method: "POST", headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" }, body: new Uint8Array() };
    // The token is the issuer's own; it joins after release like what proves us.
    const form = { token, token_type_hint: "access_token", ...proof.form };
    const { status, body } = await ask({ partner: place.partner, envelope, words: [], proof: { ...proof, form } }, ports, ports.signal);
    if (status !== 200) return { code: "IDN-207" };
    return judged(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)) as Claims, issuer, ports.clock.now() / 1000);
  } catch (error) {
    return { code: error instanceof EngineError && codeOf(error, "IDN-207").startsWith("IDN-2") ? error.code : "IDN-207" };
  }
}

/** Only what says `active` with a boolean is active; what else it states must be so. */
function judged(claims: Claims, { issuer, audience, skewMs }: Issuer, now: number): { readonly claims: Claims } | { readonly code: Code } {
  const skew = skewMs / 1000;
  if (claims.active !== true) return { code: "IDN-203" };
  if (claims.iss !== undefined && claims.iss !== issuer) return { code: "IDN-204" };
  const named = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
  if (!named.some((each) => typeof each === "string" && audience.includes(each))) return { code: "IDN-204" };
  if (typeof claims.exp === "number" && claims.exp + skew <= now) return { code: "IDN-203" };
  if (typeof claims.nbf === "number" && claims.nbf - skew > now) return { code: "IDN-203" };
  return { claims };
}
