import { durationMs, type InboundReply, type InboundRequest, type SourceContext } from "../../engine/sdk/index.ts";
import { refusal } from "./operation-outcome.ts";
import type { SourceOptions } from "./options.ts";
import { Pages } from "./pages.ts";
import { type Found, foundIn, readReply, searchReply, unanswered } from "./read-answer.ts";
import { askedOf, isWrong, pageQuestion, question } from "./search-parameters.ts";

/** A FHIR id (R4 2.24.0.1). */
const anId = /^[A-Za-z0-9\-.]{1,64}$/;
const aHost = /^(?:[A-Za-z0-9.-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;

/**
 * Reads and searches: each is a message of type Parameters, and the answer is that of the destination which the channel responds from. What is asked stands in bodies; addresses hold a
 * type, an id that a server assigned, or a token.
 */
export class Questions {
  readonly #options: SourceOptions;
  readonly #ctx: SourceContext;
  readonly #pages: Pages;
  #asked = 0;

  constructor(options: SourceOptions, ctx: SourceContext) {
    this.#options = options;
    this.#ctx = ctx;
    this.#pages = new Pages(ctx.clock, durationMs(options.pagesFor));
  }

  /** `GET [base]/Type/id`, and `GET [base]/_page/token`. */
  async get(request: InboundRequest): Promise<InboundReply> {
    const [type = "", id, ...more] = request.rest?.split("/") ?? [];
    if (type === "_page" && id !== undefined && more.length === 0) return this.#page(id, request);
    // A search in an address would stand in every log on its way.
    if (id === undefined && this.#options.search.includes(type)) return refusal(405, "not-supported", "FHC-111");
    if (more.length > 0 || id === undefined || !this.#options.read.includes(type)) return refusal(404, "not-supported", "FHC-103");
    if (!anId.test(id)) return refusal(404, "not-found", "FHC-109");
    const found = await this.#ask(question(this.#name(), type, [{ name: "_id", value: id }]), type, request);
    return "status" in found ? found : readReply(found.found, id);
  }

  /** `POST [base]/Type/_search`; `undefined`: it is none. */
  search(request: InboundRequest): Promise<InboundReply> | undefined {
    const [type = "", verb, ...more] = request.rest?.split("/") ?? [];
    return verb === "_search" && more.length === 0 ? this.#search(type, request) : undefined;
  }

  async #search(type: string, request: InboundRequest): Promise<InboundReply> {
    if (!this.#options.search.includes(type)) return refusal(404, "not-supported", "FHC-103");
    if (!/^application\/x-www-form-urlencoded\b/i.test(request.headers["content-type"] ?? "")) return refusal(415, "not-supported", "FHC-102");
    if (Object.keys(request.query ?? {}).length > 0) return refusal(405, "not-supported", "FHC-111");
    const asked = askedOf(type, new URLSearchParams(new TextDecoder().decode(request.body)), this.#options.page);
    if (isWrong(asked)) return refusal(400, "invalid", asked[0]?.code, asked.map(({ code, path }) => ({ code, path, line: 1 })));
    return this.#listed(type, await this.#ask(question(this.#name(), type, asked), type, request), request);
  }

  async #page(token: string, request: InboundRequest): Promise<InboundReply> {
    const page = this.#pages.find(token, request.principal);
    if (!page) return refusal(410, "not-found", "FHC-110");
    return this.#listed(page.type, await this.#ask(pageQuestion(this.#name(), page.type, page.link), page.type, request), request);
  }

  #listed(type: string, answer: Answered | InboundReply, request: InboundRequest): InboundReply {
    if ("status" in answer) return answer;
    const { found, id } = answer;
    const base = this.#base(request);
    if (found.next === undefined) return searchReply(found, `${base}/${type}/_search`, undefined);
    const token = this.#ctx.opaque(`page\n${id}`);
    this.#pages.hold(token, { type, link: found.next }, request.principal);
    return searchReply(found, `${base}/${type}/_search`, `${base}/_page/${encodeURIComponent(token)}`);
  }

  async #ask(bytes: Uint8Array, type: string, { principal }: InboundRequest): Promise<Answered | InboundReply> {
    const receipt = await this.#ctx.receive(bytes, { whole: true, ...(principal && { principal }) });
    const none = unanswered(receipt);
    if (none) return none;
    const found = receipt.response && foundIn(receipt.response.bytes, type, this.#ctx.fhir);
    return found ? { found, id: receipt.id ?? "" } : refusal(502, "processing", "FHC-108");
  }

  /** Another for each question, and nothing of it. */
  #name(): string {
    this.#asked += 1;
    return this.#ctx.opaque(`question\n${this.#ctx.clock.now()}\n${this.#asked}`).replace(/[^A-Za-z0-9-]/g, "").slice(0, 32);
  }

  /** As the client reached it, where it says so in a form that can stand in an address. */
  #base({ headers }: InboundRequest): string {
    const { host } = headers;
    const { path, tls } = this.#options;
    return host !== undefined && aHost.test(host) ? `${tls ? "https" : "http"}://${host}${path}` : path;
  }
}

interface Answered {
  readonly found: Found;
  readonly id: string;
}
