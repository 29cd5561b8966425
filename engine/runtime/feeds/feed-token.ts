import { createHmac, timingSafeEqual } from "node:crypto";

/** What a feed's address is made of besides the secret. */
export interface FeedAddress {
  /** Channel and destination. */
  readonly lane: string;
  readonly feed: string;
  readonly epoch: number;
}

/** The unguessable part of a feed's address: HMAC-SHA-256 over its name and epoch, 43 signs of base64url. */
export function feedToken(secret: string, { lane, feed, epoch }: FeedAddress): string {
  return createHmac("sha256", secret).update(JSON.stringify(["feed address", lane, feed, epoch])).digest("base64url");
}

/** UID of a busy time: a keyed pseudonym, the same as long as it begins when it does. */
export function busyUid(secret: string, { lane, feed }: Omit<FeedAddress, "epoch">, since: number): string {
  return createHmac("sha256", secret).update(JSON.stringify(["busy uid", lane, feed, since])).digest("hex").slice(0, 32);
}

/** The feed that a token belongs to. All are compared whole, whichever fits: the time taken tells nothing. */
export function feedOf(token: string, secret: string, lane: string, feeds: Readonly<Record<string, number>>): string | undefined {
  const given = digest(secret, token);
  let found: string | undefined;
  for (const [feed, epoch] of Object.entries(feeds)) {
    if (timingSafeEqual(given, digest(secret, feedToken(secret, { lane, feed, epoch })))) found = feed;
  }
  return found;
}

/** Of one length, whatever was given. */
function digest(secret: string, text: string): Uint8Array {
  return createHmac("sha256", secret).update(`compare ${text}`).digest();
}
