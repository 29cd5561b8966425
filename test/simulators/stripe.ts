import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Arrivals } from "./arrivals.ts";
import { simulator } from "./simulator.ts";

/** What goes wrong with the next request. `lost`: the charge is made, and no answer comes. */
export type StripeTrouble = "declined" | "in-use" | "limited" | "lost" | "error" | "key-refused";

export interface StripeSimulator {
  /** For the next request that makes something, then the one after it, and so on. */
  trouble(...kinds: StripeTrouble[]): void;
  /** Nothing goes wrong any more of what was still to. */
  calm(): void;
  /** What was really made, in order: repeats under one key make nothing. */
  readonly made: readonly { readonly id: string; readonly object: string; readonly fields: Readonly<Record<string, string>> }[];
  /** Sends an event to a webhook, signed as Stripe signs (`t=…,v1=HMAC-SHA256(secret, t.body)`); gives the status of the answer. `at`: seconds, when it says it was sent. */
  notify(url: string, secret: string, event: unknown, at?: number): Promise<number>;
}

const params: Readonly<Record<string, RegExp>> = {
  payment_intents: /^(amount|currency|customer|payment_method|confirmation_token|confirm|capture_method|off_session|setup_future_usage|statement_descriptor_suffix|automatic_payment_methods\[(enabled|allow_redirects)\]|metadata\[\w+\]|description|receipt_email)$/,
  refunds: /^(payment_intent|amount|reason|metadata\[\w+\])$/,
  customers: /^(metadata\[\w+\]|email|name|description)$/,
};
const prefixes: Readonly<Record<string, string>> = { payment_intents: "pi", refunds: "re", customers: "cus" };

interface Answer {
  readonly status: number;
  readonly json: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const refusal = (status: number, error: Readonly<Record<string, string>>, headers?: Readonly<Record<string, string>>): Answer => ({ status, json: { error: { message: "refused", ...error } }, ...(headers && { headers }) });

/** Stripe as its API reference describes it: form-encoded requests, idempotency keys that answer as they did, error kinds, and no parameter that it does not know. */
export const stripe = simulator<StripeSimulator>("stripe", 8053, (arrivals: Arrivals) => {
  const troubles: StripeTrouble[] = [];
  const made: { id: string; object: string; fields: Record<string, string> }[] = [];
  const answered = new Map<string, { readonly print: string; readonly answer: Answer }>();

  function answerTo(object: string, fields: URLSearchParams, headers: IncomingMessage["headers"]): Answer | "lost" {
    if (!/^Bearer \S+$/.test(headers.authorization ?? "")) return refusal(401, { type: "invalid_request_error" });
    const trouble = troubles.shift();
    // These say nothing of the key: the same request may be sent again under it.
    if (trouble === "key-refused") return refusal(401, { type: "invalid_request_error", code: "api_key_expired" });
    if (trouble === "in-use") return refusal(409, { type: "idempotency_error", code: "idempotency_key_in_use" }, { "stripe-should-retry": "true" });
    if (trouble === "limited") return refusal(429, { type: "invalid_request_error", code: "rate_limit" }, { "retry-after": "1" });
    if (trouble === "error") return refusal(500, { type: "api_error" });
    const key = String(headers["idempotency-key"] ?? "");
    const print = `${object}?${fields}`;
    const before = answered.get(key);
    if (before) return before.print === print ? { ...before.answer, headers: { "idempotent-replayed": "true" } } : refusal(400, { type: "idempotency_error" });
    const answer = make(object, fields, key || print, trouble);
    if (key !== "") answered.set(key, { print, answer });
    return trouble === "lost" ? "lost" : answer;
  }

  function make(object: string, given: URLSearchParams, seed: string, trouble: StripeTrouble | undefined): Answer {
    const unknown = [...given.keys()].find((name) => !params[object]?.test(name));
    if (unknown !== undefined) return refusal(400, { type: "invalid_request_error", code: "parameter_unknown", param: unknown });
    const fields = Object.fromEntries(given);
    const amount = Number(fields["amount"]);
    if (object === "payment_intents" && (!Number.isInteger(amount) || amount < 50)) return refusal(400, { type: "invalid_request_error", code: "amount_too_small", param: "amount" });
    if (object === "refunds" && !made.some(({ id }) => id === fields["payment_intent"])) return refusal(404, { type: "invalid_request_error", code: "resource_missing", param: "payment_intent" });
    if (trouble === "declined") return refusal(402, { type: "card_error", code: "card_declined", decline_code: "insufficient_funds" });
    const id = `${prefixes[object]}_${createHash("sha256").update(seed).digest("hex").slice(0, 24)}`;
    const singular = object.slice(0, -1);
    made.push({ id, object: singular, fields });
    // Whom the card belongs to comes back with the charge, and must go no further than the engine.
    const payer = { latest_charge: { billing_details: { name: "Alma Testpatient", email: "alma@testpatient.example" }, receipt_url: "https://pay.example/receipts/1", last4: "4242" } };
    return { status: 200, json: { id, object: singular, ...(Number.isNaN(amount) ? {} : { amount }), currency: fields["currency"], status: "succeeded", livemode: false, created: 1_772_000_000, ...payer } };
  }

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      arrivals.push({ path: request.url ?? "", headers, body });
      const [, object = "", id] = /^\/v1\/(\w+)(?:\/(\w+))?$/.exec(request.url ?? "") ?? [];
      const found = id === undefined ? undefined : made.find((one) => one.id === id);
      const answer =
        request.method === "GET" && found ? { status: 200, json: { id: found.id, object: found.object, status: "succeeded" } }
        : request.method === "POST" && id === undefined && params[object] ? answerTo(object, new URLSearchParams(body), request.headers)
        : refusal(404, { type: "invalid_request_error" });
      if (answer === "lost") return void request.socket.destroy();
      response.writeHead(answer.status, { "content-type": "application/json", "request-id": `req_${arrivals.count}`, ...answer.headers }).end(JSON.stringify(answer.json));
    });
  });

  const told: StripeSimulator = {
    trouble: (...kinds) => void troubles.push(...kinds),
    calm: () => void (troubles.length = 0),
    made,
    notify: async (url, secret, event, at = Math.floor(Date.now() / 1000)) => {
      const body = JSON.stringify(event);
      const v1 = createHmac("sha256", secret).update(`${at}.${body}`).digest("hex");
      const { status } = await fetch(url, { method: "POST", body, headers: { "content-type": "application/json", "stripe-signature": `t=${at},v1=${v1}` } });
      return status;
    },
  };
  return { server, told };
});
