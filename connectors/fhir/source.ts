import { type InboundReply, type InboundRequest, type Listening, type Receipt, type Source, type SourceContext, sizeBytes } from "../../engine/sdk/index.ts";
import { capabilityStatement } from "./capability.ts";
import { isFhirJson, mediaType } from "./media-type.ts";
import { refusal, taken } from "./operation-outcome.ts";
import type { SourceOptions } from "./options.ts";
import { Questions } from "./questions.ts";

type Read = Readonly<Record<string, unknown>>;

/** What a request asks for, once it is known to be taken here. */
interface Asked {
  readonly as: "create" | "update" | "bundle";
  readonly resource: Read;
}

/** A FHIR server's front: each request that the channel takes is one message, and its answer leaves after the engine's receipt. */
export function fhirSource(options: SourceOptions): Source {
  const listening: Listening[] = [];
  const open = new Set<Promise<unknown>>();

  return {
    async start(ctx) {
      const { path, port, host, tls, auth } = options;
      const about = new TextEncoder().encode(JSON.stringify(capabilityStatement(options, ctx.clock.now())));
      const route = (method: string, below: string) => ({ method, path: path + below, port, host, maxBody: sizeBytes(options.maxBody), ...(tls ? { tls } : {}), ...(auth ? { auth } : {}) });
      const serve = async (method: string, below: string, handler: (request: InboundRequest) => Promise<InboundReply>) => {
        listening.push(
          await ctx.serve(route(method, below), (request) => {
            const reply = handler(request);
            open.add(reply);
            return reply.finally(() => open.delete(reply));
          }),
        );
      };
      await serve("POST", "", (request) => take(request, ctx));
      const questions = new Questions(options, ctx);
      await serve("POST", "/*", (request) => questions.search(request) ?? take(request, ctx));
      await serve("PUT", "/*", (request) => take(request, ctx));
      if (options.read.length + options.search.length > 0) await serve("GET", "/*", (request) => questions.get(request));
      await serve("GET", "/metadata", async () => ({ status: 200, headers: { "content-type": mediaType }, body: about }));
    },

    async stop() {
      await Promise.all(listening.splice(0).map((each) => each.close()));
      await Promise.allSettled([...open]);
    },
  };

  async function take(request: InboundRequest, ctx: SourceContext): Promise<InboundReply> {
    if (!isFhirJson(request.headers["content-type"])) return refusal(415, "not-supported", "FHC-102");
    // A condition that nobody checks would be taken for one that held.
    if (["if-none-exist", "if-match", "if-none-match"].some((name) => request.headers[name] !== undefined)) return refusal(400, "not-supported", "FHC-104");
    const asked = askedBy(request);
    if ("status" in asked) return asked;
    const identity = options.id && request.headers[options.id.header.toLowerCase()];
    // An id that is cut short or empty would make messages look alike.
    if (identity !== undefined && !/^[!-~]([ -~]{0,253}[!-~])?$/.test(identity)) return refusal(400, "invalid", "FHC-105");
    return replyTo(await ctx.receive(request.body, { whole: true, ...(request.principal && { principal: request.principal }), ...(identity !== undefined && { identity }) }), asked, ctx.ack);
  }

  function askedBy({ method, rest, body }: InboundRequest): Asked | InboundReply {
    const [type = "", id, ...more] = rest?.split("/") ?? [];
    const resource = read(body);
    const named = String(resource?.resourceType ?? "");
    if (more.length > 0) return refusal(404, "not-supported", "FHC-103");
    if (rest === undefined) {
      const isTaken = named !== "Bundle" || options.bundles.some((each) => each === resource?.type);
      if (!resource || named !== "Bundle") return refusal(400, "structure", "FHC-101");
      return isTaken ? { as: "bundle", resource } : refusal(422, "not-supported", "FHC-103");
    }
    const as = method === "PUT" ? "update" : "create";
    if ((as === "create") !== (id === undefined) || !options[as].includes(type)) return refusal(404, "not-supported", "FHC-103");
    if (!resource || named !== type) return refusal(400, "structure", "FHC-101");
    // R4 3.1.0.5: the id of an update stands in the resource too, and is the same.
    return as === "update" && resource.id !== id ? refusal(400, "invalid", "FHC-101") : { as, resource };
  }

  /** 202 where the channel answers before anything was done with the message; else as a server that has done it. */
  function replyTo(receipt: Receipt, asked: Asked, ack: SourceContext["ack"]): InboundReply {
    const { kind, id, code, response, problems } = receipt;
    if (kind === "unavailable") return refusal(503, "transient", code);
    if (kind === "unanswered") return refusal(504, "timeout", code);
    if (response) return { status: kind === "refused" ? 422 : 200, headers: { "content-type": mediaType }, body: response.bytes };
    // What is known of its case does not let it in (R4 3.1.0.5, "Managing Resource Contention").
    if (kind === "refused" && code?.startsWith("CAS-")) return refusal(409, "conflict", code, problems);
    if (kind === "refused") return refusal(422, "processing", code, problems);
    const isDone = ack !== "stored";
    if (asked.as === "bundle") return { status: isDone ? 200 : 202, headers: { "content-type": mediaType }, body: bundleAnswer(asked.resource, isDone) };
    const location = asked.as === "create" ? { location: `${options.path}/${String(asked.resource.resourceType)}/${id ?? ""}` } : {};
    return taken(isDone ? (asked.as === "create" ? 201 : 200) : 202, location);
  }
}

/** Entry for entry what was taken: all of a Bundle is one message, so they share its fate. */
function bundleAnswer({ type, entry }: Read, isDone: boolean): Uint8Array {
  const entries = Array.isArray(entry) ? (entry as readonly Read[]) : [];
  const statusOf = ({ request }: Read) => (!isDone ? "202 Accepted" : (request as Read | undefined)?.method === "POST" ? "201 Created" : "200 OK");
  return new TextEncoder().encode(JSON.stringify({ resourceType: "Bundle", type: `${String(type)}-response`, entry: entries.map((each) => ({ response: { status: statusOf(each) } })) }));
}

function read(body: Uint8Array): Read | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Read) : undefined;
  } catch {
    return undefined;
  }
}
