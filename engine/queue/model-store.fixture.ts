import type { Code, Random } from "../sdk/index.ts";
import { EngineError } from "../sdk/index.ts";
import type { Claimed, ClaimedKeys, End, Entry, Flight, MessagePage, MessageSummary, Settlement } from "../store/store.ts";

export const lane = "lab/ehr";

interface Row {
  readonly id: number;
  position: number;
  readonly orderKey: string | undefined;
  state: Flight | End;
  attempts: number;
  nextAt: number;
  requeuedAt?: number;
  code?: Code | undefined;
  filled: boolean;
}

interface Pending {
  readonly rows: readonly Row[];
  /** What the record holds once it is committed; throws what the record refuses. */
  apply(): void;
  resolve(): void;
  reject(error: unknown): void;
}

const isEnd = (state: Flight | End): state is End => state !== "waiting" && state !== "held";

/** One lane's record in memory: what is asked for takes effect at the next commit, and a crash forgets what has not been committed. */
export class ModelStore {
  readonly rows: Row[] = [];
  #pending: Pending[] = [];
  #last = 0;

  get pending(): number {
    return this.#pending.length;
  }

  accept(orderKey: string | undefined, now: number): Claimed {
    const previous = this.#last;
    this.#last += 1;
    const row: Row = { id: this.#last, position: this.#last, orderKey, state: "waiting", attempts: 0, nextAt: 0, filled: false };
    this.rows.push(row);
    return { ...this.#claimed(row, now), previous };
  }

  /** Put back by a person, at the end of the lane. */
  requeue(id: number, now: number): void {
    const row = this.row(id);
    Object.assign(row, { state: "waiting", position: ++this.#last, requeuedAt: now, attempts: 0, nextAt: 0, code: undefined });
    this.rows.sort((a, b) => a.position - b.position);
  }

  row(id: number): Row {
    const row = this.rows.find((each) => each.id === id);
    if (row === undefined) throw new EngineError("STO-301");
    return row;
  }

  /** A group commit of everything asked for so far. */
  commit(): void {
    for (const { apply, resolve, reject } of this.#pending.splice(0)) {
      try {
        apply();
        resolve();
      } catch (error) {
        reject(error);
      }
    }
  }

  /** The disk fails once for everything asked for so far. */
  fail(): void {
    for (const { reject } of this.#pending.splice(0)) reject(new Error("disk"));
  }

  /** Whether an end of this entry is on its way to the disk. */
  isEnding(id: number): boolean {
    return this.#pending.some(({ rows }) => rows.some((row) => row.id === id));
  }

  /** The machine stops: some of the last list may have become durable, whatever nobody was told. */
  crash(random: Random): void {
    const durable = Math.floor(random.next() * (this.#pending.length + 1));
    for (const { apply } of this.#pending.splice(0).slice(0, durable)) {
      try {
        apply();
      } catch {
        // The record refused it.
      }
    }
  }

  change(id: number, state: Flight | End, then: (row: Row) => void = () => {}): Promise<void> {
    return new Promise((resolve, reject) => {
      const row = this.row(id);
      const apply = () => {
        if (isEnd(row.state)) throw new EngineError("STO-302");
        row.state = state;
        then(row);
      };
      this.#pending.push({ rows: [row], apply, resolve, reject });
    });
  }

  /** All change, or none. */
  changeAll(settlements: readonly Settlement[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const rows = settlements.map(({ id }) => this.row(id));
      const apply = () => {
        if (rows.some(({ state }) => isEnd(state))) throw new EngineError("STO-302");
        for (const settlement of settlements) settle(this.row(settlement.id), settlement);
      };
      this.#pending.push({ rows, apply, resolve, reject });
    });
  }

  /** The lane's own face of it. `alive` turns false with the process that holds it. */
  face(alive: () => boolean, now: () => number) {
    const never = new Promise<void>(() => {});
    return {
      settle: (settlement: Settlement): Promise<void> => (alive() ? this.change(settlement.id, settlement.state, (row) => settle(row, settlement)) : never),
      settleAll: (settlements: readonly Settlement[]): Promise<void> => (alive() ? this.changeAll(settlements) : never),
      claim: (_lane: string, after: number, limit: { readonly entries: number; readonly bytes: number }, keys?: ClaimedKeys): readonly Claimed[] =>
        this.rows
          .filter((row) => row.state === "waiting" && row.position > after && allows(keys, row))
          .slice(0, Math.max(1, Math.min(limit.entries, limit.bytes)))
          .map((row) => this.#claimed(row, now())),
      list: ({ before = 0 }: { readonly before?: number }): MessagePage => {
        const found = this.rows.find((row) => row.id === before - 1);
        if (found === undefined) return [];
        const entry: Entry = this.#claimed(found, now());
        const summary: MessageSummary = { id: found.id, channel: "lab", receivedAt: 0, bytes: 1, entries: [entry] };
        return [summary];
      },
    };
  }

  #claimed({ id, position, orderKey, state, attempts, nextAt, requeuedAt, filled, code }: Row, now: number): Claimed {
    return {
      lane, id, channel: "lab", revision: "r1", receivedAt: now, state, attempts, nextAt, filled,
      ...(position !== id && { position }),
      ...(code !== undefined && { code }),
      ...(requeuedAt !== undefined && { requeuedAt }),
      ...(orderKey !== undefined && { orderKey }),
      raw: { format: "text", bytes: Uint8Array.of(id % 256) },
    };
  }
}

function settle(row: Row, { state, attempts, nextAt = 0, code }: Settlement): void {
  Object.assign(row, { state, attempts, nextAt, code });
}

function allows(keys: ClaimedKeys | undefined, { orderKey = "", position }: Row): boolean {
  if (keys === undefined) return true;
  return "except" in keys ? !keys.except.includes(orderKey) : keys.only === orderKey && position <= keys.upTo;
}
