import { describe, expect, test } from "vitest";
import type { RetryPolicy } from "../config/project.ts";
import type { Claimed, End, Flight } from "../store/store.ts";
import { fakeClock, seededRandom } from "../store/testing.ts";
import type { BatchRule } from "./batch.ts";
import { Lane } from "./lane.ts";
import { lane as name, ModelStore } from "./model-store.fixture.ts";
import type { Attempted, Prepared } from "./work.ts";

/** How a lane is made, and what a crash may repeat of each strict order. */
interface Kind {
  readonly parallel?: number;
  readonly idempotent: boolean;
  readonly batch?: BatchRule;
}

interface Plan extends Kind {
  readonly seed: number;
  readonly messages: number;
  readonly keys: number;
  /** The process is killed before this step, and at times of its own choice when absent. */
  readonly killAt?: number;
}

const policy: RetryPolicy = { attempts: 5, initialMs: 500, maxMs: 4000, maxAgeMs: 0 };
const mostSteps = 6000;

/** A whole life of one lane on one thread, chosen by a seed: every promise of the lane is checked after every step. */
class World {
  readonly #plan: Plan;
  readonly #random;
  readonly #clock = fakeClock();
  readonly #store = new ModelStore();
  /** What the partner has taken, in order, as often as it came. */
  readonly arrived: number[] = [];
  readonly ends = new Map<number, string>();
  #accepted = 0;
  #life = 0;
  #lane: Lane | undefined;
  #attempts: { readonly entries: readonly Claimed[]; answer(outcome: Attempted): void }[] = [];
  #prepares: { readonly id: number; answer(prepared: Prepared): void }[] = [];
  /** Answered in this life: their ends are in the record, or on their way there. */
  #answered = new Set<number>();
  #broken: unknown;
  #suspended = false;
  /** By member: the batch it went in last. */
  readonly #batches = new Map<number, readonly number[]>();
  /** Members of batches that may have arrived: nobody takes them out. */
  readonly #tied = new Set<number>();
  /** Attempts of several as one. */
  together = 0;
  #late: Claimed[] = [];
  /** Put back by a person: they have a new place. */
  readonly moved = new Set<number>();
  steps = 0;
  kills = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#random = seededRandom(plan.seed);
  }

  async run(): Promise<void> {
    this.#begin();
    while (this.#unfinished() && this.steps < mostSteps) {
      if (this.#plan.killAt === this.steps) this.#kill();
      else this.#step();
      this.steps++;
      await new Promise((resolve) => setImmediate(resolve));
      this.#check();
    }
  }

  get rows() {
    return this.#store.rows;
  }

  get waiting(): number {
    return this.rows.filter(({ state }) => state === "waiting").length;
  }

  #unfinished(): boolean {
    return this.#accepted < this.#plan.messages || this.waiting > 0 || this.#store.pending > 0;
  }

  #chance(of: number): boolean {
    return this.#random.next() < of;
  }

  #pick<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.#random.next() * list.length)];
  }

  #begin(): void {
    const life = ++this.#life;
    const alive = () => this.#life === life;
    const { parallel, idempotent, batch } = this.#plan;
    this.#lane = new Lane({
      name,
      store: this.#store.face(alive, () => this.#clock.now()),
      policy,
      clock: this.#clock,
      random: this.#random,
      window: { entries: 6, bytes: 100 },
      idempotent,
      ...(parallel !== undefined && { order: { parallel } }),
      ...(batch && { batch }),
      work: {
        prepare: ({ id }) => new Promise((answer) => alive() && this.#prepares.push({ id, answer })),
        attempt: (entry) => {
          if (!alive()) return new Promise(() => {});
          this.#seen(() => this.#attempted([entry]));
          return new Promise((answer) => this.#attempts.push({ entries: [entry], answer }));
        },
        attemptBatch: (entries) => {
          if (!alive()) return new Promise(() => {});
          this.#seen(() => {
            this.#attempted(entries);
            this.#isWhole(entries);
          });
          return new Promise((answer) => this.#attempts.push({ entries, answer }));
        },
        forget: () => {},
      },
      onSettled: (_lane, entry, state) => {
        if (alive()) this.#settled(entry, state);
      },
    });
    this.#lane.start();
  }

  #kill(): void {
    this.kills++;
    // What the partner has answered for and the record does not know: that, and no more, comes again.
    this.#store.crash(this.#random);
    const unknown = [...this.#answered].filter((id) => this.#store.row(id).state === "waiting");
    const perKey = new Map<string, number>();
    for (const id of unknown) perKey.set(this.#keyOf(id), (perKey.get(this.#keyOf(id)) ?? 0) + 1);
    for (const count of perKey.values()) expect(count).toBeLessThanOrEqual((this.#plan.idempotent ? 4 : 1) * (this.#plan.batch?.max ?? 1));
    this.#attempts = [];
    this.#prepares = [];
    this.#answered.clear();
    this.#late = [];
    this.#begin();
  }

  #step(): void {
    const lane = this.#lane as Lane;
    const of = this.#random.next();
    if (this.#accepted < this.#plan.messages && of < 0.3) return this.#accept(lane);
    if (of < 0.5) return this.#prepare();
    if (of < 0.72) return this.#answer();
    if (of < 0.86) return this.#store.commit();
    if (of < 0.93) return void this.#clock.toNextTimer();
    if (of < 0.94) return this.#store.fail();
    // In the end nobody helps: what was lost then stays lost.
    if (this.#accepted === this.#plan.messages) return this.#leaveAlone(lane);
    if (of < 0.945 && this.#plan.killAt === undefined) return this.#kill();
    return this.#person(lane);
  }

  #accept(lane: Lane): void {
    const key = Math.floor(this.#random.next() * (this.#plan.keys + 1));
    this.#accepted++;
    const entry = this.#store.accept(key === 0 ? undefined : `k${key}`, this.#clock.now());
    // Pushes come late, twice or never.
    const how = this.#random.next();
    if (how < 0.7) lane.push(entry);
    else if (how < 0.9) this.#late.push(entry);
    const late = this.#chance(0.3) ? this.#pick(this.#late) : undefined;
    if (late) lane.push(late);
    if (how >= 0.9) lane.ring();
  }

  #leaveAlone(lane: Lane): void {
    this.#suspended = false;
    lane.resume();
    // Reading on finds what was never pushed, and nothing at or before the place that has been read.
    lane.ring();
  }

  /** What people do: pause, hurry, put back, cancel. */
  #person(lane: Lane): void {
    const of = this.#random.next();
    if (of < 0.2) return lane.pause({ at: 1 });
    if (of < 0.5) return lane.resume();
    if (of < 0.6) return lane.retryNow();
    if (of < 0.65) {
      this.#suspended = !this.#suspended;
      return;
    }
    if (of < 0.8) {
      const row = this.#pick(this.rows.filter(({ state }) => state === "held" || state === "rejected"));
      if (row === undefined || this.#store.isEnding(row.id)) return;
      this.#answered.delete(row.id);
      this.moved.add(row.id);
      this.#tied.delete(row.id);
      this.#store.requeue(row.id, this.#clock.now());
      return lane.ring();
    }
    const row = this.#pick(this.rows.filter(({ state }) => state === "waiting"));
    const life = this.#life;
    if (row === undefined) return;
    const isTied = this.#tied.has(row.id);
    if (!isTied) this.moved.add(row.id);
    const change = () => this.#store.change(row.id, "cancelled");
    const tied = (how: string) => this.#seen(() => expect(isTied && how, `m${row.id}, seed ${this.#plan.seed}`).not.toBe("withdrawn"));
    void lane.withdraw(row.id, change).then(tied).catch(() => expect(this.#life).toBeGreaterThanOrEqual(life));
  }

  #prepare(): void {
    for (const { id, answer } of this.#prepares.splice(0, 1 + Math.floor(this.#random.next() * 4))) answer(this.#prepared(id));
  }

  /** What code makes of a message is always the same; the engine may fail at it now and then. */
  #prepared(id: number): Prepared {
    if (this.#chance(0.05)) return { kind: "retry", code: "BOX-1" };
    const of = seededRandom(1000 * this.#plan.seed + id).next();
    if (of < 0.92) return { kind: "ready" };
    return of < 0.96 || this.moved.has(id) ? { kind: "end", end: "filtered", code: "FLT-1" } : { kind: "held", code: "BOX-2" };
  }

  #answer(): void {
    const attempt = this.#pick(this.#attempts);
    if (attempt === undefined) return;
    this.#attempts = this.#attempts.filter((each) => each !== attempt);
    const { entries, answer } = attempt;
    const ids = entries.map(({ id }) => id);
    if (this.#suspended) return answer({ kind: "suspended", code: "PHI-210" });
    if (this.#plan.batch && ids.some((id) => id % 11 === 0)) {
      // They end, or each half goes by itself.
      for (const id of ids) this.#batches.delete(id);
      return answer({ kind: "refused", code: "PHI-201" });
    }
    const of = this.#random.next();
    // A key that is a multiple of three is poison: it mostly fails.
    const fails = ids.some((id) => this.#isPoison(id)) ? 0.85 : 0.1;
    if (of < fails) {
      const kind = this.#chance(0.5) ? "retry" : "unknown";
      if (kind === "unknown" && ids.length > 1) for (const id of ids) this.#tied.add(id);
      if (kind === "unknown" && this.#chance(0.5)) this.arrived.push(...ids);
      return answer({ kind, code: "MLLP-1" });
    }
    if (of > 0.97) {
      for (const id of ids) this.#answered.add(id);
      return answer({ kind: "rejected", code: "MLLP-2" });
    }
    this.arrived.push(...ids);
    for (const id of ids) this.#answered.add(id);
    answer({ kind: "delivered" });
  }

  #keyOf(id: number): string {
    return this.#plan.parallel === undefined ? "" : (this.#store.row(id).orderKey ?? "");
  }

  #isPoison(id: number): boolean {
    return Number(this.#store.row(id).orderKey?.slice(1) ?? 1) % 3 === 0;
  }

  /** What fails inside an attempt would be the lane's to handle: it is kept for `#check`. */
  #seen(look: () => void): void {
    try {
      look();
    } catch (error) {
      this.#broken ??= error;
    }
  }

  /** The heart: nothing of a strict order is sent before everything that stands before it has an end, or is held, or was withdrawn. */
  #attempted(entries: readonly Claimed[]): void {
    const [first] = entries;
    const key = this.#keyOf(first?.id ?? 0);
    const now = new Set(entries.map(({ id }) => id));
    for (const entry of entries) {
      for (const row of this.rows) {
        if (row.position >= (entry.position ?? entry.id) || this.#keyOf(row.id) !== key || row.state !== "waiting") continue;
        if (this.#answered.has(row.id) || this.#store.isEnding(row.id) || now.has(row.id)) continue;
        expect.fail(`m${entry.id} was sent before m${row.id}, seed ${this.#plan.seed}, step ${this.steps}`);
      }
      expect(this.#keyOf(entry.id)).toBe(key);
      expect(this.#store.row(entry.id).state, `m${entry.id} has ended`).toBe("waiting");
      expect(this.#answered.has(entry.id), `m${entry.id} was answered for`).toBe(false);
    }
    expect(this.#attempts.filter((other) => this.#keyOf(other.entries[0]?.id ?? 0) === key)).toEqual([]);
    expect(this.#attempts.length).toBeLessThan(this.#plan.parallel ?? 1);
  }

  /** A batch has the same members, in the same order, as often as it goes, through crashes too; unless a person has taken one out or put one back. */
  #isWhole(entries: readonly Claimed[]): void {
    const ids = entries.map(({ id }) => id);
    expect(ids.length).toBeLessThanOrEqual(this.#plan.batch?.max ?? 0);
    for (const id of ids) {
      const before = this.#batches.get(id);
      if (before && !before.some((other) => this.moved.has(other))) expect(ids, `seed ${this.#plan.seed}, step ${this.steps}`).toEqual(before);
      this.#batches.set(id, ids);
    }
    if (ids.length > 1) this.together++;
  }

  #settled(entry: Claimed, state: Flight | End): void {
    if (state === "waiting") return;
    this.ends.set(entry.id, state);
  }

  #check(): void {
    if (this.#broken !== undefined) throw this.#broken;
    const lane = this.#lane as Lane;
    // Bytes are one each: a due head may come above the limit, and one that was put back.
    expect(lane.heldBytes).toBeLessThanOrEqual((this.#plan.batch ? 60 : 6) + (this.#plan.parallel ?? 0) + 2);
  }
}

const kinds: readonly (readonly [string, Kind])[] = [
  ["in strict order", { idempotent: false }],
  ["in strict order, toward a partner that knows repeats", { idempotent: true }],
  ["by key", { parallel: 3, idempotent: false }],
  ["by key, toward a partner that knows repeats", { parallel: 3, idempotent: true }],
  ["in batches", { idempotent: false, batch: { max: 3, maxBytes: 100, withinMs: 2000 } }],
  ["in batches by key", { parallel: 3, idempotent: true, batch: { max: 3, maxBytes: 100, withinMs: 2000 } }],
  ["by key, one at a time", { parallel: 1, idempotent: true }],
];

async function finished(plan: Plan): Promise<World> {
  const world = new World(plan);
  await world.run();
  const { rows, arrived } = world;
  expect(rows.filter(({ state }) => state === "waiting"), `seed ${plan.seed} after ${world.steps} steps`).toEqual([]);
  expect(rows).toHaveLength(plan.messages);
  for (const { id, state } of rows) {
    if (state === "delivered") expect(arrived).toContain(id);
    if (state === "filtered") expect(arrived).not.toContain(id);
  }
  return world;
}

describe.each(kinds)("%s", (_name, kind) => {
  test("nothing is overtaken, lost or sent beside another, whatever partners, disks, people and crashes do", { timeout: 240_000 }, async () => {
    let [kills, together] = [0, 0];
    for (let seed = 1; seed <= 40; seed++) {
      const world = await finished({ ...kind, seed, messages: 60, keys: 7 });
      kills += world.kills;
      together += world.together;
    }
    expect(kills).toBeGreaterThan(10);
    expect(together > 10).toBe(kind.batch !== undefined);
  });

  test("and so when killed before every single step", { timeout: 240_000 }, async () => {
    const plan = { ...kind, seed: 4711, messages: 9, keys: 4 };
    const { steps } = await finished({ ...plan, killAt: -1 });
    expect(steps).toBeGreaterThan(50);
    for (let killAt = 0; killAt < Math.min(steps, 150); killAt++) expect((await finished({ ...plan, killAt })).kills).toBe(1);
  });
});
