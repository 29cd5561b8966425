import { durationMs, sleep, type Source, type SourceContext } from "../../engine/sdk/index.ts";
import { fetchCalendar, RoundEnded } from "./fetch-calendar.ts";
import { Known, type KnownCalendar } from "./known.ts";
import type { SourceOptions } from "./options.ts";
import { takeCalendar } from "./take-calendar.ts";

const aDay = 86_400_000;

/** Fetches calendars round after round; each event that is new, changed or gone is one message. */
export function icalPollSource(options: SourceOptions): Source {
  let ended = new AbortController();
  let rounds: Promise<void> = Promise.resolve();

  return {
    async start(ctx) {
      ended = new AbortController();
      rounds = run(ctx, AbortSignal.any([ended.signal, ctx.signal]));
    },

    async stop() {
      ended.abort();
      await rounds;
    },
  };

  async function run(ctx: SourceContext, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      let askedMs = 0;
      for (const [of, path] of Object.entries(options.calendars)) if (!signal.aborted) askedMs = Math.max(askedMs, await one(of, path, ctx, signal));
      await sleep(ctx.clock, Math.max(durationMs(options.every), askedMs), signal);
    }
  }

  /** Gives how long the server wants to be left alone. Rejects never: what goes wrong with one calendar is no other's. */
  async function one(of: string, path: string, ctx: SourceContext, signal: AbortSignal): Promise<number> {
    const known = new Known(ctx.memory, of);
    try {
      const before = known.calendar;
      const now = ctx.clock.now();
      const isStale = before !== undefined && now - before.changedAt >= durationMs(options.stale);
      // A server that says "not modified" for ever is asked for the whole.
      const fetched = await fetchCalendar(path, isStale ? undefined : before, options, ctx);
      if (fetched.body === undefined) return 0;
      const { changed, isEmpty } = await takeCalendar(fetched.body, of, known, options, ctx);
      const { body: _, ...validators } = fetched;
      const changedAt = changed || !before ? now : before.changedAt;
      // What is not believed yet is asked for again without a condition.
      known.calendar = { ...(isEmpty ? {} : validators), changedAt, ...(isEmpty && { wasEmpty: true }), ...told(changed ? undefined : before, now, ctx) };
      return 0;
    } catch (error) {
      if (signal.aborted) return 0;
      const { code, afterMs = 0, line } = error instanceof RoundEnded ? error : new RoundEnded("ICL-122");
      ctx.problem(code, line === undefined ? undefined : { line });
      stillStale(known, ctx);
      return afterMs;
    }
  }

  /** Whether it is told that nothing changes: once a day, for as long as that lasts. */
  function told(before: KnownCalendar | undefined, now: number, ctx: SourceContext): Pick<KnownCalendar, "toldAt"> {
    if (!before || now - before.changedAt < durationMs(options.stale)) return {};
    if (before.toldAt !== undefined && now - before.toldAt < aDay) return { toldAt: before.toldAt };
    ctx.problem("ICL-105", { count: Math.floor((now - before.changedAt) / aDay) });
    return { toldAt: now };
  }

  /** A calendar that cannot be fetched does not change either. */
  function stillStale(known: Known, ctx: SourceContext): void {
    try {
      const before = known.calendar;
      if (!before) return;
      const { toldAt } = told(before, ctx.clock.now(), ctx);
      if (toldAt !== before.toldAt && toldAt !== undefined) known.calendar = { ...before, toldAt };
    } catch {
      ctx.problem("ICL-122");
    }
  }
}
