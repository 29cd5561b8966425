import { durationMs, type InboundReply, type Listening, sleep, type Source, type SourceContext } from "../../engine/sdk/index.ts";
import { RoundEnded } from "./ask.ts";
import { exported } from "./export.ts";
import type { SourceOptions } from "./options.ts";
import { search } from "./search.ts";

/** Notifications are not read, so no more of them is taken than a resource may be. */
const largestNotification = 1024 * 1024;

/** Fetches what has changed at a FHIR server, round after round; each resource is one message. */
export function fhirPollSource(options: SourceOptions): Source {
  let ended = new AbortController();
  let rounds: Promise<void> = Promise.resolve();
  let wake = () => {};
  let isNotified = false;
  const listening: Listening[] = [];

  return {
    async start(ctx) {
      ended = new AbortController();
      isNotified = false;
      if (options.hook) await listen(options.hook, ctx);
      rounds = run(ctx, ended.signal);
    },

    async stop() {
      await Promise.all(listening.splice(0).map((each) => each.close()));
      ended.abort();
      await rounds;
    },
  };

  /** R4 3.2.5: an empty notification is a POST, one with the resource a PUT below the path. Both say that there is something to fetch. */
  async function listen({ path, port, host, tls, auth }: NonNullable<SourceOptions["hook"]>, ctx: SourceContext): Promise<void> {
    const notified = async (): Promise<InboundReply> => {
      isNotified = true;
      wake();
      return { status: 200 };
    };
    for (const [method, below] of [["POST", ""], ["PUT", "/*"], ["POST", "/*"]] as const) {
      listening.push(await ctx.serve({ method, path: path + below, port, host, maxBody: largestNotification, ...(tls ? { tls } : {}), ...(auth ? { auth } : {}) }, notified));
    }
  }

  async function run(ctx: SourceContext, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !ctx.signal.aborted) {
      isNotified = false;
      const askedMs = await round(ctx, signal);
      const pause = new AbortController();
      wake = () => {
        // Whoever asked to be left alone is, whatever it notifies.
        if (askedMs === undefined) pause.abort();
      };
      if (isNotified) wake();
      await sleep(ctx.clock, Math.max(durationMs(options.every), askedMs ?? 0), AbortSignal.any([signal, ctx.signal, pause.signal]));
    }
  }

  /** Gives how long the server wants to be left alone. Rejects never. */
  async function round(ctx: SourceContext, signal: AbortSignal): Promise<number | undefined> {
    try {
      if (options.export) await exported(options, ctx);
      else for (const type of options.types) if (!signal.aborted) await search(type, options, ctx);
      return undefined;
    } catch (error) {
      if (signal.aborted || ctx.signal.aborted) return undefined;
      const { code, afterMs } = error instanceof RoundEnded ? error : new RoundEnded("FHP-108");
      ctx.problem(code);
      return afterMs;
    }
  }
}
