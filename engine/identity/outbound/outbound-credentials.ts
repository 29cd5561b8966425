import type { OAuth2Credential, Partner } from "../../config/project.ts";
import { asWritten } from "../../flow/same-way.ts";
import type { Events } from "../../runtime/events.ts";
import type { Credentials } from "../../runtime/net/credentials.ts";
import { named } from "../../runtime/safe-field.ts";
import { type Clock, EngineError } from "../../sdk/index.ts";
import { ask, type QuestionPorts } from "../token-question.ts";
import { clientProof, type ProofPorts } from "./client-proof.ts";
import { readTokenAnswer, type Token } from "./token-answer.ts";
import { TokenSource } from "./token-source.ts";

export interface OutboundCredentialsPorts extends QuestionPorts, ProofPorts {
  readonly clock: Clock;
  readonly events: Pick<Events, "log">;
  /** Aborts when the engine stops. */
  readonly signal: AbortSignal;
}

/** The credentials of `partners.yaml` at work: OAuth 2.0 client credentials and SMART Backend Services. */
export class OutboundCredentials implements Credentials {
  readonly #ports: OutboundCredentialsPorts;
  readonly #sources = new Map<string, { readonly key: string; readonly source: TokenSource }>();

  constructor(ports: OutboundCredentialsPorts) {
    this.#ports = ports;
  }

  async authorization(partner: string, name: string, signal: AbortSignal): Promise<string> {
    return this.#source(partner, name).authorization(signal);
  }

  refused(partner: string, name: string, authorization: string): void {
    this.#sources.get(nameOf(partner, name))?.source.refused(authorization);
  }

  /** What has changed in `partners.yaml` begins anew: a token of the client before is not used. */
  #source(partner: string, name: string): TokenSource {
    const found = this.#ports.partner(partner);
    const credential = found?.credentials?.[name];
    if (!found || !credential) throw new EngineError("NET-215", { partner, credential: name, sent: false });
    const key = JSON.stringify([credential, found.endpoints.find(({ id }) => id === credential.token)], asWritten);
    const kept = this.#sources.get(nameOf(partner, name));
    if (kept?.key === key) return kept.source;
    const { clock, random, events } = this.#ports;
    const source = new TokenSource({
      clock,
      random,
      fetch: () => this.#fetch(found, credential),
      onTrouble: (code) => events.log("credential-failed", { partner: named(partner), code }),
      onRelief: () => events.log("credential-works", { partner: named(partner) }),
    });
    this.#sources.set(nameOf(partner, name), { key, source });
    return source;
  }

  async #fetch({ name: partner, endpoints }: Partner, credential: OAuth2Credential): Promise<Token> {
    const endpoint = endpoints.find(({ id }) => id === credential.token);
    if (!endpoint) throw new EngineError("NET-202", { partner, sent: false });
    const { scope } = credential;
    const body = new URLSearchParams({ grant_type: "client_credentials", ...(scope !== undefined && { scope }) }).toString();
    const envelope = {
      endpoint: endpoint.id,
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
      body: new TextEncoder().encode(body),
    };
    const proof = await clientProof(credential, endpoint.url, this.#ports);
    const answer = await ask({ partner, envelope, words: [body, ...(scope?.split(" ") ?? [])], proof }, this.#ports, this.#ports.signal);
    return readTokenAnswer(answer);
  }
}

const nameOf = (partner: string, name: string) => `${partner}/${name}`;
