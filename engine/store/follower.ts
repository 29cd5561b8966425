import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../sdk/index.ts";
import { FactsReader } from "./facts.ts";
import { openIndex, removeIndex } from "./index-file.ts";
import { Indexer } from "./indexer.ts";
import type { Found } from "./listing.ts";
import { SearchIndex } from "./search-index.ts";
import { type Names, search } from "./searcher.ts";
import type { MessageId, Search } from "./store.ts";

export interface FollowerOptions {
  readonly dir: string;
  readonly db: DatabaseSync;
  readonly names: Names;
  readonly clock: Clock;
  /** Whether to work on its own, by timer; otherwise only when something is searched for. */
  readonly timer: boolean;
  /** Other work behind the record, when the index is not behind; true: there is more of it. */
  readonly onIdle: () => boolean;
  /** The record may forget what was touched up to this step. */
  readonly onIndexed: (step: number) => void;
}

/**
 * At most so long in one go, and then so long nothing. While messages come, the newest wait: most settle within that time and are then indexed once
 * instead of twice. Far behind, a tenth of a core is worth it; while nothing comes, a half.
 */
const goMs = 5;
const busyGoMs = 2;
const pauseMs = 50;
const idlePauseMs = 5;
const newest = 2000;
const farBehind = 50_000;
const startMs = 200;
const slice = 64;
/** What is brought in before a search, and what one go may do where the clock stands still. */
const mostAtOnce = 1000;
/** A stop waits so long for the index, so that commands find it whole while the engine is away. */
const stop = { ms: 1000, messages: 100_000 };
/** An index that breaks this often is left alone until the next start. */
const mostRebuilds = 3;

/** Keeps the search index behind the record. The index is never worth a message: whatever fails in it, it is made anew, or done without. */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #facts: FactsReader;
  #open: { readonly db: DatabaseSync; readonly index: SearchIndex; readonly indexer: Indexer } | undefined;
  #rebuilds = 0;
  #timer: ReturnType<Clock["after"]> | undefined;
  #closed = false;
  /** Something was committed since the last go. */
  #busy = false;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#facts = new FactsReader(options.db);
    this.#start();
    this.notice();
  }

  /** Something was committed. */
  notice(changed?: MessageId): void {
    this.#busy = true;
    if (changed !== undefined) this.#open?.indexer.changed(changed);
    if (!this.#options.timer || this.#timer !== undefined || this.#closed) return;
    this.#wake(startMs);
  }

  search(query: Search): Found {
    this.#guarded(() => this.#work(mostAtOnce));
    const parts = { facts: this.#facts, names: this.#options.names };
    const found = this.#guarded(() => this.#open && search(query, { ...parts, index: this.#open.index, progress: this.#open.indexer }));
    return found ?? search(query, { ...parts, progress: { mark: 0, stale: false, pending: new Set() } });
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    const { clock } = this.#options;
    const until = clock.monotonic() + stop.ms;
    this.#guarded(() => {
      // What was touched cannot be crossed out any more, and is looked at again after the next start.
      for (let done = 0; done < stop.messages && clock.monotonic() < until && (done === 0 || this.#open?.indexer.isBehindNumbers); done += mostAtOnce) this.#work(mostAtOnce);
      this.#open?.indexer.finish();
      this.#open?.db.close();
    });
    this.#open = undefined;
  }

  #go(): void {
    this.#timer = undefined;
    const { clock } = this.#options;
    const busy = this.#busy;
    this.#busy = false;
    const lag = this.#guarded(() => this.#open?.indexer.lag) ?? 0;
    if (busy && lag < newest && this.#open?.indexer.stale !== true) {
      this.#wake(startMs);
      return;
    }
    const until = clock.monotonic() + (busy && lag < farBehind ? busyGoMs : goMs);
    this.#guarded(() => {
      for (let done = 0; done < mostAtOnce && this.#open?.indexer.behind && clock.monotonic() < until; done += slice) this.#work(slice);
    });
    const more = this.#guarded(() => this.#open?.indexer.behind) === true || this.#idle();
    if (more) this.#wake(busy ? pauseMs : idlePauseMs);
  }

  #wake(ms: number): void {
    if (!this.#closed) this.#timer = this.#options.clock.after(ms, () => this.#go());
  }

  #idle(): boolean {
    try {
      return this.#options.onIdle();
    } catch {
      // The record itself is in trouble, and whoever writes or reads it next says so.
      return false;
    }
  }

  #work(messages: number): void {
    const step = this.#open?.indexer.step(messages);
    if (step !== undefined) this.#options.onIndexed(step);
  }

  #start(): void {
    this.#guarded(() => {
      const db = openIndex(this.#options.dir);
      try {
        const index = new SearchIndex(db);
        this.#open = { db, index, indexer: new Indexer(this.#facts, index) };
      } catch (error) {
        db.close();
        throw error;
      }
    });
  }

  #guarded<T>(run: () => T): T | undefined {
    try {
      return run();
    } catch {
      const { dir } = this.#options;
      if (this.#open?.db.isOpen) this.#open.db.close();
      this.#open = undefined;
      if (++this.#rebuilds > mostRebuilds) return undefined;
      try {
        removeIndex(dir);
      } catch {
        return undefined;
      }
      this.#start();
      return undefined;
    }
  }
}
