const dayMs = 86_400_000;

/** Reporting periods by what a calendar on a wall of their zone shows: days, weeks that begin on Monday (ISO 8601), or months. */
export class Periods {
  readonly #every: "day" | "week" | "month";
  readonly #clock: Intl.DateTimeFormat;

  constructor({ every, timezone }: { readonly every: "day" | "week" | "month"; readonly timezone: string }) {
    this.#every = every;
    const numeric = "numeric";
    this.#clock = new Intl.DateTimeFormat("en-US", {
      timeZone: timezone, hourCycle: "h23", calendar: "iso8601", year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric,
    });
  }

  /** The period that an instant (ms since epoch) is in: its first instant, the first of the next one, and its first and last day as `YYYY-MM-DD`. */
  of(at: number): { readonly from: number; readonly to: number; readonly first: string; readonly last: string } {
    const wall = new Date(at + this.#offset(at));
    const [year, month, day] = [wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate()];
    const first = this.#every === "month" ? Date.UTC(year, month, 1) : Date.UTC(year, month, this.#every === "week" ? day - ((wall.getUTCDay() + 6) % 7) : day);
    const next = this.#every === "month" ? Date.UTC(year, month + 1, 1) : first + (this.#every === "week" ? 7 : 1) * dayMs;
    return { from: this.#midnight(first), to: this.#midnight(next), first: dayText(first), last: dayText(next - dayMs) };
  }

  /** The first instant of a day. Where summer time begins at midnight, that is an hour later by the wall. */
  #midnight(local: number): number {
    const guesses = [local - this.#offset(local - dayMs), local - this.#offset(local + dayMs)];
    const found = guesses.filter((at) => at + this.#offset(at) === local);
    return found.length > 0 ? Math.min(...found) : Math.max(...guesses);
  }

  /** What the wall shows, less UTC, in ms. */
  #offset(at: number): number {
    const parts = new Map(this.#clock.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
    const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
    return wall - Math.floor(at / 1000) * 1000;
  }
}

function dayText(local: number): string {
  return new Date(local).toISOString().slice(0, 10);
}
