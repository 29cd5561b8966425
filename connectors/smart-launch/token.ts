import { type Code, codeOf, durationMs, type Principal, type SourceContext, withCredential } from "../../engine/sdk/index.ts";
import type { Launch } from "./launches.ts";
import type { SourceOptions } from "./options.ts";

type Read = Readonly<Record<string, unknown>>;

/** What a launch comes to: the message, and who launched. */
export interface Context {
  readonly message: Read;
  readonly principal?: Principal;
}

/** What of a token answer is no context: keys to the server, and how to use them. None of it is ever in a message. */
const keys: ReadonlySet<string> = new Set(["access_token", "refresh_token", "id_token", "token_type", "expires_in", "refresh_token_expires_in", "authorization_details"]);

/** Redeems a code and reads the context beside the token (SMART App Launch 2.2, "Launch context arrives with your access_token"). The token itself is dropped. */
export async function contextOf(code: string, launch: Launch, options: SourceOptions, ctx: SourceContext): Promise<Context | { readonly code: Code }> {
  const answer = await redeemed(code, launch, options, ctx);
  if ("code" in answer) return answer;
  const { token } = answer;
  let said: Read = {};
  let principal: Principal | undefined;
  if (options.issuer !== undefined) {
    if (typeof token.id_token !== "string") return { code: "IDN-225" };
    const read = await ctx.idToken(options.issuer, token.id_token);
    if ("code" in read) return { code: read.code };
    if (read.claims.nonce !== launch.nonce) return { code: "IDN-225" };
    principal = read.principal;
    // `profile` is what servers of SMART 1 call it.
    const user = read.claims.fhirUser ?? read.claims.profile;
    said = typeof user === "string" ? { fhirUser: user } : {};
  }
  const context = Object.fromEntries(Object.entries(token).filter(([key]) => !keys.has(key) && key !== "fhirUser"));
  const message: Read = { server: options.server, ...said, ...context };
  const lacks = options.needs.some((name) => typeof message[name] !== "string" || message[name] === "");
  return lacks ? { code: "IDN-225" } : { message, ...(principal && { principal }) };
}

async function redeemed(code: string, { verifier }: Launch, { endpoint = "", client, secret, redirect, timeout }: SourceOptions, ctx: SourceContext): Promise<{ readonly token: Read } | { readonly code: Code }> {
  const form = new URLSearchParams({ grant_type: "authorization_code", code, redirect_uri: redirect, code_verifier: verifier, ...(!secret && { client_id: client }) });
  const headers = { "content-type": "application/x-www-form-urlencoded", accept: "application/json" };
  try {
    const envelope = { endpoint, method: "POST", headers, body: new TextEncoder().encode(form.toString()), ...withCredential(secret && { basic: { user: client, password: secret } }) };
    const { status, body } = await ctx.ask(envelope, { timeoutMs: durationMs(timeout) });
    if (status !== 200) return { code: "IDN-224" };
    const token: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    if (typeof token !== "object" || token === null || Array.isArray(token)) return { code: "IDN-224" };
    const { access_token: access, token_type: type } = token as Read;
    return typeof access === "string" && typeof type === "string" && type.toLowerCase() === "bearer" ? { token: token as Read } : { code: "IDN-224" };
  } catch (error) {
    return { code: codeOf(error, "IDN-224") };
  }
}
