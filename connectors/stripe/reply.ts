import type { Content } from "../../engine/sdk/index.ts";

/** What is kept of an answer: who paid, with which card and where the receipt lies is not (phi.md 2.10). */
const kept = ["id", "object", "status", "amount", "amount_received", "currency", "created", "livemode", "payment_intent"] as const;
/** Of an error its kind; the text of it may quote what was sent. */
const keptOfError = ["type", "code", "decline_code", "param"] as const;

export interface Reply {
  readonly content: Content;
  /** `error.type`, where there is one. */
  readonly error?: string;
  /** `error.code`. */
  readonly code?: string;
}

/** The answer without everything that could be somebody's; `undefined`: it is none of Stripe's. */
export function readReply(body: Uint8Array): Reply | undefined {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const { error } = value;
  const said = isRecord(error) ? { error: pick(error, keptOfError) } : pick(value, kept);
  const content: Content = { format: "json", bytes: new TextEncoder().encode(JSON.stringify(said)) };
  if (!isRecord(error)) return typeof value["id"] === "string" ? { content } : undefined;
  return { content, ...(typeof error["type"] === "string" && { error: error["type"] }), ...(typeof error["code"] === "string" && { code: error["code"] }) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Plain values alone: an expanded object would bring its own fields along. */
function pick(from: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.flatMap((name) => (Object.hasOwn(from, name) && typeof from[name] !== "object" ? [[name, from[name]]] : [])));
}
