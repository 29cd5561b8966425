import { createHash } from "node:crypto";

/** A short name for all that decides what a channel does. Lengths stand between the parts, so that none can run into the next. */
export function revisionOf(parts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}\n`).update(part);
  return hash.digest("hex").slice(0, 16);
}
