import { codeOf, type Receipt, type Schedule, sleep, type Source, type SourceContext, type Timer } from "../../engine/sdk/index.ts";
import { planOf, type SourceOptions } from "./options.ts";
import { place, readTick, type Tick, writeTick } from "./tick.ts";

/** A sleep ends at the latest after so long: the wall clock may have been set meanwhile. */
const longestSleepMs = 60_000;
const pauseMs = 1_000;
/** Moments missed are counted as far as this. */
const mostMissed = 10_000;

/** A clock that is set back by less leaves the timer silent for so long: no moment comes twice. */
const setBackMs = 600_000;

/** Makes a message at each due moment, one after another. */
export function timerSource(options: SourceOptions): Source {
  let running: { stop(): Promise<void> } | undefined;
  return {
    async start(ctx) {
      running = run(ctx, ctx.schedule(planOf(options)));
    },
    async stop() {
      await running?.stop();
      running = undefined;
    },
  };

  function run(ctx: SourceContext, schedule: Schedule): { stop(): Promise<void> } {
    const { clock } = ctx;
    const stopping = new AbortController();
    let timer: Timer | undefined;
    let round = Promise.resolve();
    let last: Tick = readTick(ctx.checkpoint(place)) ?? { due: clock.now(), sequence: 0 };
    const wait = () => {
      const due = schedule.next(last.due);
      if (due === undefined || stopping.signal.aborted) return;
      timer = clock.after(Math.min(longestSleepMs, Math.max(0, due - clock.now())), () => {
        round = look(due).then(comeBack).then(wait);
      });
    };
    round = comeBack().then(wait);
    return {
      stop: async () => {
        stopping.abort();
        timer?.cancel();
        await round;
      },
    };

    /** A clock that was once wrong, and is right again, would silence the timer for as long as it was ahead. */
    async function comeBack(): Promise<void> {
      const now = clock.now();
      const next = schedule.next(now);
      if (next === undefined || last.due <= next + setBackMs) return;
      ctx.problem("TIM-103", { seconds: Math.round((last.due - now) / 1000) });
      last = { due: now, sequence: last.sequence };
      try {
        await ctx.moveCheckpoint({ of: place, value: writeTick(last) });
      } catch (error) {
        // The next message brings the record along.
        ctx.problem(codeOf(error, "TIM-103"));
      }
    }

    async function look(due: number): Promise<void> {
      if (clock.now() < due) return;
      const { latest, passed } = caughtUp(schedule, due, clock.now());
      if (passed > 0) ctx.problem("TIM-102", { passed });
      // One that is due now is no missed one, however many went before it.
      const isMissed = clock.now() - latest >= longestSleepMs;
      if (isMissed && options.missed === "skip") {
        last = { due: latest, sequence: last.sequence };
        return;
      }
      await make({ due: latest, sequence: last.sequence + 1 });
    }

    /** The same message again until the engine has it: it is one moment, however often it is tried. */
    async function make(tick: Tick): Promise<void> {
      for (;;) {
        const receipt = await ctx.receive(textOf(tick, options), { checkpoint: { of: place, value: writeTick(tick) } });
        // A commit whose answer was lost stands in the record all the same.
        if (receipt.kind !== "unavailable" || ctx.checkpoint(place) === writeTick(tick)) {
          last = tick;
          return report(receipt);
        }
        if (!(await sleep(clock, pauseMs, stopping.signal))) return;
      }
    }

    function report({ kind, code }: Receipt): void {
      if (kind !== "refused") return;
      if (code !== undefined) ctx.problem(code);
      ctx.problem("TIM-101");
    }
  }
}

/** The last moment that is not after `now`, and how many before it passed. */
function caughtUp(schedule: Schedule, due: number, now: number): { readonly latest: number; readonly passed: number } {
  let latest = due;
  for (let passed = 0; ; passed++) {
    const next = schedule.next(latest);
    if (next === undefined || next > now || passed >= mostMissed) return { latest, passed };
    latest = next;
  }
}

function textOf({ due, sequence }: Tick, { message }: SourceOptions): Uint8Array {
  return new TextEncoder().encode(message ?? JSON.stringify({ at: new Date(due).toISOString(), sequence }));
}
