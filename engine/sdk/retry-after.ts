/** Longest wait a partner may ask for; the retry policy has the say beyond it. */
const longestMs = 24 * 3_600_000;

/** `Retry-After` (RFC 9110 10.2.3) in milliseconds: seconds, or a date against `now`. `undefined` when it says nothing usable. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), longestMs) : undefined;
}
