import { durationMs, retryAfterMs, sleep, type SourceContext } from "../../engine/sdk/index.ts";
import { ask, fhirJson, RoundEnded } from "./ask.ts";
import { Lines } from "./lines.ts";
import type { SourceOptions } from "./options.ts";
import { take } from "./take.ts";

/** Longest line of a file: a resource, within what a message may be. */
const longestLine = 10 * 1024 * 1024;
/** How often a server that does not say is asked whether its files are written. */
const usualPauseMs = 10_000;
const place = "export";

type Read = Readonly<Record<string, unknown>>;

/**
 * One export (FHIR Bulk Data Access 2.0, "Bulk Data Kick-off Request" to "Bulk Data Output File Request"): started, waited for, its files read line by
 * line, then deleted there. The place moves to the server's `transactionTime` when every line is taken.
 */
export async function exported(options: SourceOptions, ctx: SourceContext): Promise<void> {
  const { export: asked, types } = options;
  if (!asked) return;
  const since = ctx.checkpoint(place) ?? options.since;
  const query = { _type: types.join(","), _outputFormat: "application/fhir+ndjson", ...(since !== undefined && { _since: since }) };
  const started = await ask({ method: "GET", path: asked.path, query, headers: { accept: fhirJson, prefer: "respond-async" } }, options, ctx);
  const job = started.headers["content-location"];
  if (started.status !== 202 || job === undefined) throw new RoundEnded("FHP-109");
  const { at, files, left } = manifestOf(await written(job, durationMs(asked.within), options, ctx));
  for (const file of files) await fetchFile(file, options, ctx);
  if (left > 0) ctx.problem("FHP-113", { files: left });
  await ctx.moveCheckpoint({ of: place, value: at });
  // Its files hold patients: they need not lie there any longer. A server that keeps them anyway has lost us nothing.
  await ask({ method: "DELETE", link: job, headers: { accept: fhirJson } }, options, ctx).catch(() => undefined);
}

async function written(job: string, withinMs: number, options: SourceOptions, ctx: SourceContext): Promise<Uint8Array> {
  const until = ctx.clock.monotonic() + withinMs;
  for (;;) {
    const { status, headers, body } = await ask({ method: "GET", link: job, headers: { accept: "application/json" } }, options, ctx);
    if (status !== 202) return body;
    const pauseMs = Math.max(1000, retryAfterMs(headers["retry-after"], ctx.clock.now()) ?? usualPauseMs);
    if (ctx.clock.monotonic() + pauseMs > until) throw new RoundEnded("FHP-110");
    if (!(await sleep(ctx.clock, pauseMs, ctx.signal))) throw new RoundEnded("NET-210");
  }
}

function manifestOf(body: Uint8Array): { readonly at: string; readonly files: readonly string[]; readonly left: number } {
  try {
    const { transactionTime, output, error } = JSON.parse(new TextDecoder().decode(body)) as Read;
    const files = (output as readonly Read[]).map(({ url }) => url);
    if (typeof transactionTime === "string" && Number.isFinite(Date.parse(transactionTime)) && files.every((url) => typeof url === "string")) {
      return { at: transactionTime, files: files as string[], left: Array.isArray(error) ? error.length : 0 };
    }
  } catch {
    // The error's text would quote the answer.
  }
  throw new RoundEnded("FHP-111");
}

async function fetchFile(link: string, options: SourceOptions, ctx: SourceContext): Promise<void> {
  const lines = new Lines(longestLine, () => new RoundEnded("FHP-112"));
  let ended: RoundEnded | undefined;
  const each = async (all: Iterable<Uint8Array>) => {
    try {
      for (const line of all) {
        const resource = ctx.fhir.resource(line);
        if (!resource) throw new RoundEnded("FHP-112");
        await take(resource, ctx);
      }
    } catch (error) {
      // The exchange ends with a code of its own; this one says why.
      if (error instanceof RoundEnded) ended = error;
      throw error;
    }
  };
  try {
    await ask({ method: "GET", link, headers: { accept: "application/fhir+ndjson" } }, options, ctx, { onBody: (piece) => each(lines.push(piece)) });
    await each(lines.end());
  } catch (error) {
    throw ended ?? error;
  }
}
