import type { Partner } from "../config/project.ts";
import type { Envelope } from "../sdk/index.ts";

/** Set after release, from configuration only. */
const ours = new Set(["authorization", "proxy-authorization", "cookie", "host", "transfer-encoding", "content-length"]);

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Which part of an envelope points away from the partner's pinned endpoints, or takes what the engine sets itself. */
export function misaddressed(envelope: Envelope, partner: Partner): string | undefined {
  const pinned = partner.endpoints.find(({ id }) => id === envelope.endpoint);
  if (!pinned) return "endpoint";
  const { path, headers, method, link } = envelope;
  if (link !== undefined && (path !== undefined || envelope.query !== undefined || !isOfOrigin(link, pinned.url))) return "link";
  if (path !== undefined && !isBelow(path)) return "path";
  if (method !== undefined && !methods.has(method)) return "method";
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (ours.has(name.toLowerCase()) || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) || hasControl(value)) return "header";
  }
  return undefined;
}

/** An address at the very origin of the endpoint: nothing that a partner answers sends anything elsewhere. */
function isOfOrigin(link: string, pinned: string): boolean {
  const [there, ours] = [URL.parse(link), URL.parse(pinned)];
  return there !== null && ours !== null && /^https?:$/.test(ours.protocol) && there.origin === ours.origin && there.username === "" && there.password === "" && there.hash === "" && !hasControl(link) && link.length <= 4096;
}

/** Begins with one slash and cannot climb out of the endpoint's own path. */
function isBelow(path: string): boolean {
  if (!/^\/(?!\/)/.test(path) || /[\\?#\s]/.test(path) || hasControl(path)) return false;
  return !path.split("/").some((part) => /^(\.|%2e){1,2}$/i.test(part));
}

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if ((unit < 32 && unit !== 9) || unit === 127) return true;
  }
  return false;
}
