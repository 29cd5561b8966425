import { type Code, durationMs, type InboundReply, type InboundRequest, type Listening, type Source, type SourceContext } from "../../engine/sdk/index.ts";
import { Launches } from "./launches.ts";
import type { SourceOptions } from "./options.ts";
import { contextOf } from "./token.ts";

const cookieName = "sluice-launch";

/** SMART App Launch from an electronic record: who signed in there, and whom they have before them, is one message. */
export function smartLaunchSource(options: SourceOptions): Source {
  const listening: Listening[] = [];
  const open = new Set<Promise<unknown>>();
  const { path, port, host, tls } = options;
  const isSealed = options.redirect.startsWith("https:");
  const cookieRules = `Path=${path}; HttpOnly; ${options.embedded ? "Secure; SameSite=None; Partitioned" : `SameSite=Lax${isSealed ? "; Secure" : ""}`}`;

  return {
    async start(ctx) {
      const launches = new Launches(ctx, durationMs(options.within));
      const serve = async (below: string, handler: (request: InboundRequest) => Promise<InboundReply>) => {
        const route = { method: "GET", path: path + below, port, host, maxBody: 0, ...(tls ? { tls } : {}) };
        listening.push(
          await ctx.serve(route, (request) => {
            const reply = handler(request);
            open.add(reply);
            return reply.finally(() => open.delete(reply));
          }),
        );
      };
      await serve("/launch", (request) => launch(request, launches, ctx));
      await serve("/callback", (request) => callback(request, launches, ctx));
    },

    async stop() {
      await Promise.all(listening.splice(0).map((each) => each.close()));
      await Promise.allSettled([...open]);
    },
  };

  /** `iss` and `launch` from the record (EHR launch), or nothing: somebody opens us by themselves (standalone launch). */
  async function launch({ query = {} }: InboundRequest, launches: Launches, ctx: SourceContext): Promise<InboundReply> {
    const { iss, launch: handle } = query;
    const isStandalone = iss === undefined && handle === undefined;
    if (!isStandalone && (iss === undefined || handle === undefined || bare(iss) !== bare(options.server))) return refused(400, "IDN-221", ctx);
    const begun = launches.begin();
    if (!begun) return refused(503, "IDN-226", ctx);
    const { authorize, client, redirect, scope, server } = options;
    const to = new URL(authorize);
    const parameters = { response_type: "code", client_id: client, redirect_uri: redirect, scope: scopeFor(scope, isStandalone), state: begun.state, aud: server, code_challenge: begun.challenge, code_challenge_method: "S256", nonce: begun.nonce, ...(handle !== undefined && { launch: handle }) };
    for (const [name, value] of Object.entries(parameters)) to.searchParams.set(name, value);
    return { status: 302, headers: { ...closed, location: to.toString(), "set-cookie": `${cookieName}=${begun.cookie}; Max-Age=${Math.ceil(durationMs(options.within) / 1000)}; ${cookieRules}` } };
  }

  async function callback({ query = {}, headers }: InboundRequest, launches: Launches, ctx: SourceContext): Promise<InboundReply> {
    const { state, code, error } = query;
    const known = state === undefined ? undefined : launches.end(state, cookieIn(headers.cookie));
    if (!known) return refused(400, "IDN-222", ctx);
    if (error !== undefined || code === undefined) return refused(403, "IDN-223", ctx);
    const context = await contextOf(code, known, options, ctx);
    if ("code" in context) return refused(isOurs(context.code) ? 403 : 503, context.code, ctx);
    const { message, principal } = context;
    const receipt = await ctx.receive(new TextEncoder().encode(JSON.stringify(message)), { whole: true, ...(principal && { principal }) });
    if (receipt.kind === "refused") return refused(422, receipt.code, ctx);
    if (receipt.kind === "unavailable" || receipt.kind === "unanswered") return refused(503, receipt.code, ctx);
    const over = { ...closed, "set-cookie": `${cookieName}=; Max-Age=0; ${cookieRules}` };
    return options.landing === undefined ? { ...text(200, "Done. This window can be closed."), headers: { ...plain, ...over } } : { status: 303, headers: { ...over, location: options.landing } };
  }
}

/** A server's address with a slash at its end is the same server. */
const bare = (url: string) => url.replace(/\/+$/, "");

/** Without a record there is no launch to refer to: the server asks its user for a patient. */
function scopeFor(scope: string, isStandalone: boolean): string {
  return isStandalone ? scope.split(" ").map((each) => (each === "launch" ? "launch/patient" : each)).join(" ") : scope;
}

/** What came is at fault, or whoever sent it; anything else may be otherwise soon. */
const isOurs = (code: Code) => /^IDN-(225|20[0-6])$/.test(code);

function cookieIn(header = ""): string | undefined {
  const found = header.split(";").map((each) => each.trim()).filter((each) => each.startsWith(`${cookieName}=`));
  return found.length === 1 ? found[0]?.slice(cookieName.length + 1) : undefined;
}

/** Codes and states stand in these addresses: nobody keeps them, and no next page learns them. */
const closed = { "cache-control": "no-store", "referrer-policy": "no-referrer" };
const plain = { "content-type": "text/plain; charset=utf-8" };

function text(status: number, line: string): InboundReply {
  return { status, headers: { ...closed, ...plain }, body: new TextEncoder().encode(`${line}\n`) };
}

function refused(status: number, code: Code | undefined, ctx: SourceContext): InboundReply {
  if (code) ctx.problem(code);
  const said = text(status, `This launch did not work (${code ?? status}). Start again from your record.`);
  return status === 503 ? { ...said, headers: { ...said.headers, "retry-after": "5" } } : said;
}
