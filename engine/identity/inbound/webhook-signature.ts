import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { RequestHead, Verdict } from "../../runtime/net/authenticators.ts";
import { type Clock, durationMs, type InboundAuth } from "../../sdk/index.ts";
import { refusal } from "./claims.ts";

type Signature = NonNullable<InboundAuth["signature"]>;

/**
 * Whether a webhook is signed with our key and of now. `signed` is the same for the same event: of Stripe the body, which holds the event's id and comes again with another
 * time; else time and body.
 */
export function verifyWebhook(how: Signature, key: string, head: RequestHead, body: Uint8Array, clock: Clock): Verdict<{ readonly signed: string }> {
  const given = how.scheme === "stripe" ? stripe(head) : generic(how, head);
  if (given === undefined) return refusal(401, "IDN-209");
  const { time, signatures } = given;
  const expected = createHmac("sha256", key).update(time === undefined ? "" : `${time}.`).update(body).digest();
  // All are compared, so that the time taken does not tell which was nearest.
  const isSigned = signatures.map((signature) => signature.length === expected.length && timingSafeEqual(signature, expected)).includes(true);
  if (!isSigned) return refusal(401, "IDN-209");
  if (time !== undefined && Math.abs(clock.now() - Number(time) * 1000) > durationMs(how.tolerance ?? "5m")) return refusal(401, "IDN-210");
  const digest = createHash("sha256").update(how.scheme === "stripe" || time === undefined ? "" : `${time}.`).update(body).digest("base64url");
  return { signed: `${how.scheme}:${digest}` };
}

interface Given {
  /** As it was signed, in Unix seconds. */
  readonly time?: string;
  readonly signatures: readonly Buffer[];
}

const unixSeconds = /^[0-9]{1,12}$/;

/** `t=…,v1=…[,v1=…]`: while a key is rolled there are several. Other schemes in it count for nothing. */
function stripe({ headers }: RequestHead): Given | undefined {
  const parts = (headers["stripe-signature"] ?? "").split(",").map((part) => part.trim().split("="));
  const [time, ...more] = parts.filter(([name]) => name === "t").map(([, value]) => value ?? "");
  const signatures = parts.flatMap(([name, value]) => (name === "v1" ? decoded(value ?? "") : []));
  return time !== undefined && more.length === 0 && unixSeconds.test(time) ? { time, signatures } : undefined;
}

function generic({ header = "x-signature-256", timestamp }: Signature, { headers }: RequestHead): Given | undefined {
  const signatures = decoded((headers[header.toLowerCase()] ?? "").replace(/^sha256=/i, ""));
  if (timestamp === undefined) return { signatures };
  const time = headers[timestamp.toLowerCase()] ?? "";
  return unixSeconds.test(time) ? { time, signatures } : undefined;
}

function decoded(text: string): Buffer[] {
  if (/^[0-9a-f]{64}$/i.test(text)) return [Buffer.from(text, "hex")];
  return /^[A-Za-z0-9+/]{43}=$/.test(text) ? [Buffer.from(text, "base64")] : [];
}
