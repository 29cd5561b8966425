import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type State, states } from "./schema.ts";

/** Look for the marks again after so many settlements: the search then costs nothing per message. */
const stride = 64;

/** What the writer knows of a lane: counters and marks, kept in memory and written with each commit that touched them. */
export interface LaneRow {
  readonly id: number;
  readonly name: string;
  /** Highest position given out. */
  last: number;
  /** Nothing waits at or below. */
  idle: number;
  /** Nothing is in flight at or below. */
  clear: number;
  received: number;
  readonly count: Record<State, number>;
  settledSince: number;
}

/** All lanes of the record, as the only writer sees them. */
export class LaneBook {
  #byName = new Map<string, LaneRow>();
  #select: StatementSync;
  #insert: StatementSync;
  #update: StatementSync;
  #firstWaiting: StatementSync;
  #firstInFlight: StatementSync;
  #dirty = new Set<LaneRow>();

  constructor(db: DatabaseSync) {
    this.#select = db.prepare("SELECT * FROM lanes");
    this.#insert = db.prepare("INSERT INTO lanes VALUES(NULL, ?, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)");
    this.#update = db.prepare(`UPDATE lanes SET last=?, idle=?, clear=?, received=?, ${states.map((s) => `${s}=?`).join(", ")} WHERE id=?`);
    this.#firstWaiting = db.prepare("SELECT position FROM entries WHERE lane=? AND position>? AND state=0 ORDER BY position LIMIT 1");
    this.#firstInFlight = db.prepare("SELECT position FROM entries WHERE lane=? AND position>? AND state<2 ORDER BY position LIMIT 1");
    this.load();
  }

  /** Reads the lanes anew: at the start and after a rollback. */
  load(): void {
    this.#byName.clear();
    this.#dirty.clear();
    for (const row of this.#select.all() as unknown as (Record<State, number> & { id: number; name: string; last: number; idle: number; clear: number; received: number })[]) {
      const count = Object.fromEntries(states.map((state) => [state, row[state]])) as Record<State, number>;
      const { id, name, last, idle, clear, received } = row;
      this.#byName.set(name, { id, name, last, idle, clear, received, count, settledSince: 0 });
    }
  }

  get last(): number {
    let last = 0;
    for (const lane of this.#byName.values()) last = Math.max(last, lane.last);
    return last;
  }

  find(name: string): LaneRow | undefined {
    return this.#byName.get(name);
  }

  findOrAdd(name: string): LaneRow {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const id = Number(this.#insert.run(name).lastInsertRowid);
    const count = Object.fromEntries(states.map((state) => [state, 0])) as Record<State, number>;
    const lane: LaneRow = { id, name, last: 0, idle: 0, clear: 0, received: 0, count, settledSince: 0 };
    this.#byName.set(name, lane);
    return lane;
  }

  enter(lane: LaneRow, position: number): number {
    const previous = lane.last;
    lane.last = position;
    lane.count.waiting++;
    this.#dirty.add(lane);
    return previous;
  }

  move(lane: LaneRow, position: number, from: State, to: State): void {
    lane.count[from]--;
    lane.count[to]++;
    // Whoever leaves the head of a long settled run makes the marks worth a look at once.
    lane.settledSince += from === "held" ? stride : 1;
    if (to === "waiting" && from !== "waiting") lane.idle = Math.min(lane.idle, position - 1);
    this.#dirty.add(lane);
  }

  leave(lane: LaneRow, from: State): void {
    lane.count[from]--;
    if (from === "held") lane.settledSince += stride;
    this.#dirty.add(lane);
  }

  /** An ended entry is deleted with its message. */
  forget(id: number, state: State): void {
    for (const lane of this.#byName.values()) {
      if (lane.id !== id) continue;
      lane.received--;
      lane.count[state]--;
      this.#dirty.add(lane);
    }
  }

  /** Writes what changed, as the last step of the transaction. */
  flush(): void {
    for (const lane of this.#dirty) {
      if (lane.settledSince >= stride) this.#advance(lane);
      this.#update.run(lane.last, lane.idle, lane.clear, lane.received, ...states.map((state) => lane.count[state]), lane.id);
    }
    this.#dirty.clear();
  }

  #advance(lane: LaneRow): void {
    lane.settledSince = 0;
    const position = (statement: StatementSync, after: number) => (statement.get(lane.id, after) as { position: number } | undefined)?.position;
    lane.idle = (position(this.#firstWaiting, lane.idle) ?? lane.last + 1) - 1;
    lane.clear = lane.count.held === 0 ? lane.idle : (position(this.#firstInFlight, lane.clear) ?? lane.last + 1) - 1;
  }
}
