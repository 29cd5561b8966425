import { createHash, type X509Certificate } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { TLSSocket } from "node:tls";
import { RateLimit } from "../../flow/rate-limit.ts";
import type { Clock, Code, InboundReply, InboundRequest, Principal, RouteOptions, SecretRef } from "../../sdk/index.ts";
import type { Budget } from "../budget.ts";
import type { Secret } from "../secrets.ts";
import type { Authenticators, Refusal, RequestHead, Verdict } from "./authenticators.ts";
import { basicMatches, bearerMatches } from "./bearer.ts";
import { readBody } from "./body.ts";
import type { Intake } from "./intake.ts";

export interface RoutePorts {
  readonly clock: Clock;
  readonly budget: Budget;
  readonly intake: Intake;
  readonly problem: (code: Code, counts?: Readonly<Record<string, number>>) => void;
  readonly openSecret: (ref: SecretRef) => Secret;
  readonly authenticators: Authenticators;
}

/** One method and path of a shared port, and what stands before its handler: credential, rate, budget, size. */
export class Route {
  readonly options: RouteOptions;
  readonly owner: string | undefined;
  readonly #handler: (request: InboundRequest) => Promise<InboundReply>;
  readonly #ports: RoutePorts;
  readonly #rate: RateLimit | undefined;

  constructor(options: RouteOptions, handler: (request: InboundRequest) => Promise<InboundReply>, ports: RoutePorts, owner?: string) {
    this.options = options;
    this.owner = owner;
    this.#handler = handler;
    this.#ports = ports;
    this.#rate = options.rate && new RateLimit(options.rate, ports.clock);
    // A missing secret stops the start, not the first request.
    const { bearer, basic, signature } = options.auth ?? {};
    for (const ref of [bearer, basic?.password, signature?.secret]) if (ref) ports.openSecret(ref);
  }

  async answer(request: IncomingMessage, response: ServerResponse, rest?: string): Promise<void> {
    const refusal = this.#refusal(request);
    if (refusal) return refuse(response, refusal);
    const sender = await this.#sender(request);
    if ("refusal" in sender) return this.#turnAway(response, sender.refusal);
    // Who waited for an answer of an identity provider may have left meanwhile.
    if (request.destroyed) return;
    if (request.headers.expect === "100-continue") response.writeContinue();
    const { budget, intake } = this.#ports;
    const body = await readBody(request, this.options.maxBody, intake);
    if (body === "too large") {
      this.#ports.problem("NET-111");
      return refuse(response, { status: 413, code: "NET-111" });
    }
    if (body === "broken") return;
    const proof = this.#proofOf(request, body);
    if ("refusal" in proof) return this.#turnAway(response, proof.refusal);
    budget.take(body.length);
    try {
      const reply = await this.#handler({ method: request.method ?? "", path: this.options.path, ...(rest !== undefined && { rest }), query: queryOf(request.url), headers: flat(request), body, ...sender, ...proof });
      send(response, reply);
    } finally {
      budget.give(body.length);
    }
  }

  /** Decided from the head alone; no byte of the body has been read. */
  #refusal(request: IncomingMessage): Refusal | undefined {
    const { auth, maxBody, rate } = this.options;
    const { problem, intake } = this.#ports;
    if (auth?.bearer && !bearerMatches(request.headers.authorization, this.#ports.openSecret(auth.bearer).expose())) {
      problem("NET-109");
      return { status: 401, code: "NET-109", headers: { "www-authenticate": "Bearer" } };
    }
    if (auth?.basic && !basicMatches(request.headers.authorization, auth.basic.user, this.#ports.openSecret(auth.basic.password).expose())) {
      problem("NET-109");
      return { status: 401, code: "NET-109", headers: { "www-authenticate": 'Basic realm="sluice", charset="UTF-8"' } };
    }
    if (rate && this.#rate?.tryTake() === false) {
      problem("NET-110");
      return { status: 429, code: "NET-110", headers: { "retry-after": String(Math.ceil(1 / rate.perSecond)) } };
    }
    if (intake.exhausted) {
      problem("NET-112");
      return { status: 503, code: "NET-112", headers: { "retry-after": "5" } };
    }
    if (Number(request.headers["content-length"] ?? 0) > maxBody) {
      problem("NET-111");
      return { status: 413, code: "NET-111" };
    }
    return undefined;
  }

  /** Where a token or a certificate is asked for: who sent this, by its head alone. */
  async #sender(request: IncomingMessage): Promise<Verdict<{ readonly principal?: Principal }>> {
    const { auth } = this.options;
    if (auth?.certificate) return this.#ports.authenticators.certificate(auth.certificate, headOf(request));
    return auth?.token === undefined ? {} : this.#ports.authenticators.token({ ...auth, token: auth.token }, headOf(request));
  }

  #proofOf(request: IncomingMessage, body: Uint8Array): Verdict<{ readonly signed?: string }> {
    const { signature } = this.options.auth ?? {};
    return signature === undefined ? {} : this.#ports.authenticators.signature(signature, headOf(request), body);
  }

  #turnAway(response: ServerResponse, refusal: Refusal): void {
    this.#ports.problem(refusal.code);
    refuse(response, refusal);
  }
}

function headOf(request: IncomingMessage): RequestHead {
  const { headersDistinct, socket } = request;
  // A header that comes twice says two things: it counts as none.
  const headers = Object.fromEntries(Object.entries(headersDistinct).map(([name, values]) => [name, values?.length === 1 ? values[0] : undefined]));
  const certificate = socket instanceof TLSSocket && socket.authorized ? socket.getPeerX509Certificate() : undefined;
  return { headers, ...(certificate && { certificate: createHash("sha256").update(certificate.raw).digest("base64url"), certificateNames: namesIn(certificate) }) };
}

/** A name that Node has put into quotes holds what could be taken for another name: it counts as none. */
function namesIn({ subjectAltName = "" }: X509Certificate): readonly string[] {
  if (subjectAltName.includes('"')) return [];
  return subjectAltName.split(", ").flatMap((name) => {
    const [, kind, value = ""] = /^(DNS|URI):(.+)$/.exec(name) ?? [];
    return kind === undefined ? [] : [kind === "DNS" ? `dns:${value.toLowerCase()}` : `uri:${value}`];
  });
}

/** Answers without having read the body; the connection ends, so that the body is not taken for a next request. */
export function refuse(response: ServerResponse, { status, code, headers }: Refusal): void {
  const body = JSON.stringify({ code });
  response.writeHead(status, { "content-type": "application/json", "content-length": body.length, connection: "close", ...headers });
  response.end(body);
}

function send(response: ServerResponse, reply: InboundReply): void {
  if (response.destroyed) return;
  const body = reply.body ?? new Uint8Array();
  response.writeHead(reply.status, { ...reply.headers, "content-length": body.length });
  response.end(body);
}

/** A name that comes twice is left out. */
function queryOf(url = ""): Readonly<Record<string, string>> {
  const at = url.indexOf("?");
  const given = new URLSearchParams(at < 0 ? "" : url.slice(at + 1));
  return Object.fromEntries([...given].filter(([name]) => given.getAll(name).length === 1));
}

function flat(request: IncomingMessage): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    // The credential has done its work; no connector gets to see it.
    if (value === undefined || name === "authorization") continue;
    headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return headers;
}
