import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Keyed anew at each start: both sides become digests of one length, so the time taken tells nothing of either. */
const key = randomBytes(32);
const digest = (text: string) => createHmac("sha256", key).update(text).digest();

/** Whether an `Authorization` header carries this bearer token. */
export function bearerMatches(header: string | undefined, token: string): boolean {
  const given = /^bearer +([^\s]+)$/i.exec(header ?? "")?.[1];
  const same = timingSafeEqual(digest(given ?? ""), digest(token));
  return given !== undefined && same;
}

/** Whether an `Authorization` header carries this user and password (RFC 7617). */
export function basicMatches(header: string | undefined, user: string, password: string): boolean {
  const given = /^basic +([A-Za-z0-9+/]+=*)$/i.exec(header ?? "")?.[1];
  const same = timingSafeEqual(digest(Buffer.from(given ?? "", "base64").toString()), digest(`${user}:${password}`));
  return given !== undefined && same;
}
