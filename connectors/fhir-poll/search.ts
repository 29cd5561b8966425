import { durationMs, type FhirBundle, type SourceContext } from "../../engine/sdk/index.ts";
import { ask, fhirJson, RoundEnded } from "./ask.ts";
import type { SourceOptions } from "./options.ts";
import { take } from "./take.ts";

/** Pages of one search; a server that gives more gives them without end. */
const mostPages = 10_000;

/**
 * Fetches what has changed of one type since the last search: by POST `_search` (DESIGN 3), oldest first, page by page. The place moves when the last page is
 * taken, to the latest stamp of the server's own clock; a round that ends before begins again there.
 */
export async function search(type: string, options: SourceOptions, ctx: SourceContext): Promise<void> {
  const since = ctx.checkpoint(type) ?? (await begin(type, options, ctx));
  const from = new Date(Date.parse(since) - durationMs(options.overlap)).toISOString();
  const form = new URLSearchParams({ _lastUpdated: `ge${from}`, _sort: "_lastUpdated", _count: String(options.page) });
  const headers = { accept: fhirJson, "content-type": "application/x-www-form-urlencoded" };
  let response = await ask({ method: "POST", path: `/${type}/_search`, headers, body: new TextEncoder().encode(form.toString()) }, options, ctx);
  let latest = since;
  const seen = new Set<string>();
  for (;;) {
    const page = searchset(ctx.fhir.bundle(response.body));
    for (const { resource, mode } of page.entries) {
      if (!resource || mode === "outcome" || resource.type === "OperationOutcome") continue;
      await take(resource, ctx);
      if (resource.type === type && Date.parse(resource.lastUpdated) > Date.parse(latest)) latest = resource.lastUpdated;
    }
    const next = page.links.get("next");
    if (next === undefined) break;
    if (seen.has(next) || seen.size >= mostPages) throw new RoundEnded("FHP-106");
    seen.add(next);
    // Opaque, and fetched as it is; that it leads to the endpoint's own origin the guard sees to.
    response = await ask({ method: "GET", link: next, headers: { accept: fhirJson } }, options, ctx);
  }
  if (latest !== since) await ctx.moveCheckpoint({ of: type, value: latest });
}

async function begin(type: string, { since }: SourceOptions, ctx: SourceContext): Promise<string> {
  const value = since ?? new Date(ctx.clock.now()).toISOString();
  await ctx.moveCheckpoint({ of: type, value });
  return value;
}

function searchset(bundle: FhirBundle | undefined): FhirBundle {
  if (bundle?.type !== "searchset") throw new RoundEnded("FHP-105");
  return bundle;
}
