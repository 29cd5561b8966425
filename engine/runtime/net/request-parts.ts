import { type CredentialRef, EngineError, type Envelope, type SecretRef } from "../../sdk/index.ts";
import type { Secret } from "../secrets.ts";
import type { Target } from "./target.ts";

/** Headers that decide where bytes go, how they are framed, or who is asking: the engine's alone. */
const ownHeaders = /^(host|connection|keep-alive|content-length|transfer-encoding|te|trailer|upgrade|expect|authorization|cookie|proxy-.*)$/i;
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Path and query below the pinned endpoint. Throws EngineError `NET-213` when they would leave it. */
export function pathOf(envelope: Envelope, target: Target): string {
  const { path, query, link } = envelope;
  if (link !== undefined) return linkOf(link, target);
  let full = target.basePath;
  if (path !== undefined) {
    const segments = path.split("/");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    const odd = !path.startsWith("/") || /[\\?#\s\u0000-\u001f\u007f]|%2e|%2f|%5c/i.test(path) || path.startsWith("//");
    if (odd || segments.includes("..") || segments.includes(".")) throw new EngineError("NET-213", { sent: false });
    full += path;
  }
  const search = new URLSearchParams(query ?? {}).toString();
  return (full === "" ? "/" : full) + (search === "" ? "" : `?${search}`);
}

/** What a partner gave stays as it is; the guard has looked where it leads, and so does this. */
function linkOf(link: string, { endpoint }: Target): string {
  const url = URL.parse(link);
  if (url?.origin !== URL.parse(endpoint.url)?.origin || !url || url.hash !== "") throw new EngineError("NET-213", { sent: false });
  return url.pathname + url.search;
}

/** The envelope's headers, those of the body, and what says who is asking, which is added here: after release. */
export function headersOf(envelope: Envelope, bodyLength: number, authorization?: string) {
  const headers: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(envelope.headers ?? {})) {
    if (ownHeaders.test(name) || !token.test(name)) throw new EngineError("NET-212", { sent: false });
    headers[name.toLowerCase()] = value;
  }
  if (bodyLength > 0 || !/^(GET|HEAD|DELETE)$/.test(envelope.method ?? "")) headers["content-length"] = bodyLength;
  if (authorization !== undefined) headers.authorization = authorization;
  return headers;
}

type FixedCredential = Exclude<CredentialRef, { readonly kind: "named" }>;

/** The `Authorization` header of a credential whose secret stands in the configuration (RFC 6750, RFC 7617). */
export function authorizationOf(credential: FixedCredential, openSecret: (ref: SecretRef) => Secret): string {
  const value = openSecret(credential.secret).expose();
  return credential.kind === "bearer" ? `Bearer ${value}` : `Basic ${Buffer.from(`${credential.user}:${value}`).toString("base64")}`;
}
