import { type Code, type InboundReply, type InboundRequest, type Listening, type Receipt, type Source, type SourceContext, sizeBytes } from "../../engine/sdk/index.ts";
import { mediaTypes } from "./media-types.ts";
import type { SourceOptions } from "./options.ts";

/** Takes one message per request. 202 leaves only after the engine has given its receipt, and says no more than an id. */
export function httpSource(options: SourceOptions): Source {
  let listening: Listening | undefined;
  const open = new Set<Promise<unknown>>();

  return {
    async start(ctx) {
      const { method, path, port, host, tls, auth } = options;
      const route = { method, path, port, host, maxBody: sizeBytes(options.maxBody), ...(tls ? { tls } : {}), ...(auth ? { auth } : {}) };
      listening = await ctx.serve(route, (request) => {
        const reply = answer(request, ctx);
        open.add(reply);
        return reply.finally(() => open.delete(reply));
      });
    },

    async stop() {
      await listening?.close();
      listening = undefined;
      await Promise.allSettled([...open]);
    },
  };

  async function answer(request: InboundRequest, ctx: SourceContext): Promise<InboundReply> {
    if (!taken(request.headers["content-type"])) return problem(415, "HTP-102");
    if (request.body.length === 0) return problem(400, "HTP-101");
    const { principal } = request;
    const stated = options.evidence && request.headers[options.evidence.header.toLowerCase()];
    const given = { whole: true, ...(principal && { principal }), ...(stated !== undefined && { evidence: stated }) };
    // What is signed is recognised by its signed bytes: a replay gets the first one's answer, also after a restart.
    const identity = options.id ? request.headers[options.id.header.toLowerCase()] : request.signed;
    if (identity === undefined) return replyTo(await ctx.receive(request.body, given));
    // An id that is cut short or empty would make messages look alike.
    if (!/^[!-~]([ -~]{0,253}[!-~])?$/.test(identity)) return problem(400, "HTP-103");
    return replyTo(await ctx.receive(request.body, { ...given, identity }));
  }

  function taken(contentType: string | undefined): boolean {
    const type = contentType?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
    return options.contentTypes.length === 0 || options.contentTypes.includes(type);
  }
}

/**
 * 202 for what is kept, 200 with the destination's answer where the channel responds from one. 504 when the answer was due while the message
 * may have arrived: like any 504 it says nothing of the message's fate, and the same request sent again joins it. A connection that is closed
 * instead would look to most clients like a message that was never sent.
 */
function replyTo(receipt: Receipt): InboundReply {
  const { kind, id, code, response, problems } = receipt;
  const said = answerOf(receipt);
  if (said) return said;
  if (kind === "unavailable") return { ...problem(503, code), headers: { ...jsonHeaders, "retry-after": "5" } };
  if (kind === "unanswered") return json(504, { code, id });
  const taken = kind !== "refused";
  if (response) return { status: taken ? 200 : 422, headers: { "content-type": mediaTypes[response.format] }, body: response.bytes };
  // What is known of its case does not let it in: not the message is wrong, but the moment.
  if (!taken && code?.startsWith("CAS-")) return json(409, { code });
  return taken ? json(202, { id }) : json(422, { code, ...(problems && { problems: problems.slice(0, mostProblems) }) });
}

/** A message can have thousands; the first ones are enough to mend it. */
const mostProblems = 50;

/** The answer of a format that answers with a message of its own (SCRIPT Status or Error): what the engine says is in it, and the status is of HTTP alone. */
function answerOf({ kind, ack, ackFormat, response }: Receipt): InboundReply | undefined {
  if (!ack || !ackFormat || response || kind === "unanswered") return undefined;
  const headers = { "content-type": mediaTypes[ackFormat] };
  return kind === "unavailable" ? { status: 503, headers: { ...headers, "retry-after": "5" }, body: ack } : { status: kind === "refused" && ackFormat !== "script" ? 422 : 200, headers, body: ack };
}

const problem = (status: number, code: Code | undefined) => json(status, { code });
const jsonHeaders = { "content-type": "application/json" };
const json = (status: number, value: object): InboundReply => ({
  status,
  headers: jsonHeaders,
  body: new TextEncoder().encode(JSON.stringify(value)),
});
