import type { DeliveryWindow } from "../config/delivery-window.ts";

const dayMs = 86_400_000;
const minuteMs = 60_000;
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
/** Days looked ahead for the next change; a window changes within a week, or never. */
const horizonMs = 8 * dayMs;

/**
 * The hours in which a destination is sent to, by what a clock on a wall of its zone shows: where summer time skips the opening, it opens at the
 * next minute that exists; an hour that comes twice counts twice. `to` at or before `from` belongs to the day after.
 */
export class DeliveryHours {
  readonly #days: ReadonlySet<number>;
  readonly #from: number;
  readonly #to: number;
  readonly #clock: Intl.DateTimeFormat;
  #known: { readonly from: number; readonly until: number; readonly open: boolean } | undefined;

  constructor({ days, from, to, timezone }: DeliveryWindow) {
    this.#days = new Set(days.map((day) => weekdays.indexOf(day)));
    this.#from = minutesOf(from) * minuteMs;
    this.#to = minutesOf(to) * minuteMs;
    const numeric = "numeric";
    this.#clock = new Intl.DateTimeFormat("en-US", {
      timeZone: timezone, hourCycle: "h23", calendar: "iso8601", year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric,
    });
  }

  /** Whether it is open at `now` (ms since epoch), and until when that holds, as far as eight days ahead. */
  at(now: number): { readonly open: boolean; readonly until: number } {
    if (this.#known === undefined || now < this.#known.from || now >= this.#known.until) this.#known = this.#look(now);
    return this.#known;
  }

  #look(now: number): { readonly from: number; readonly until: number; readonly open: boolean } {
    let at = now;
    let offset = this.#offset(at);
    const open = this.#isOpen(at + offset);
    while (at < now + horizonMs) {
      [at, offset] = this.#next(at, offset);
      if (this.#isOpen(at + offset) !== open) break;
    }
    return { from: now, until: at, open };
  }

  /** The next instant at which something could change: an hour of the window, midnight, or the zone's offset. */
  #next(at: number, offset: number): readonly [at: number, offset: number] {
    const time = modulo(at + offset, dayMs);
    const next = Math.min(...[this.#from, this.#to, 0].map((mark) => at + (modulo(mark - time, dayMs) || dayMs)));
    const then = this.#offset(next);
    if (then === offset) return [next, then];
    let [before, after] = [at, next];
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (this.#offset(middle) === offset) before = middle;
      else after = middle;
    }
    return [after, this.#offset(after)];
  }

  #isOpen(local: number): boolean {
    const time = modulo(local, dayMs);
    const day = modulo(Math.floor(local / dayMs) + 4, 7);
    if (this.#from < this.#to) return this.#days.has(day) && time >= this.#from && time < this.#to;
    return (this.#days.has(day) && time >= this.#from) || (this.#days.has(modulo(day - 1, 7)) && time < this.#to);
  }

  /** What the wall shows, less UTC, in ms. */
  #offset(at: number): number {
    const parts = new Map(this.#clock.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
    const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
    return wall - Math.floor(at / 1000) * 1000;
  }
}

/** `HH:MM`, as the schema has checked it. */
function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
