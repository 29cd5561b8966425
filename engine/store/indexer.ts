import type { FactsReader } from "./facts.ts";
import type { SearchIndex } from "./search-index.ts";
import type { MessageId } from "./store.ts";

/** So many changed messages are remembered; beyond that all that the index has in flight is looked at again. */
const mostChanged = 100_000;

/**
 * Brings the search index after the record, in bounded steps and behind every acknowledgement. What is new is read by number. Settled entries
 * are told by the store and kept in memory alone: after a crash they are among those that the index still has in flight, and all of these are read
 * again. Ends that were changed again stand in the record's table `touched` until the index has them.
 */
export class Indexer {
  readonly #facts: FactsReader;
  readonly #index: SearchIndex;
  #mark: MessageId;
  #changed = new Set<MessageId>();
  /** How far the entries in flight were read again; undefined: the index is right about everything else. */
  #again: MessageId | undefined;

  constructor(facts: FactsReader, index: SearchIndex) {
    this.#facts = facts;
    this.#index = index;
    this.#mark = Number(index.about("mark") ?? 0);
    const salt = index.about("salt");
    if (salt instanceof Uint8Array ? !facts.knows(salt) : this.#mark > 0) throw new Error("an index of another record");
    this.#again = index.about("clean") === 1 ? undefined : 0;
    if (this.#again === undefined) index.setAbout("clean", 0);
  }

  /** The last message that the index holds. */
  get mark(): MessageId {
    return this.#mark;
  }

  /** Entries in flight in the index may have ended. */
  get stale(): boolean {
    return this.#again !== undefined;
  }

  get pending(): ReadonlySet<MessageId> {
    return this.#changed;
  }

  changed(id: MessageId): void {
    if (id > this.#mark) return;
    this.#changed.add(id);
    if (this.#changed.size <= mostChanged) return;
    this.#changed.clear();
    this.#again = 0;
  }

  /** Messages to be brought in, but for those that a person or retention touched. */
  get lag(): number {
    return this.#changed.size + Math.max(0, this.#facts.last() - this.#mark);
  }

  get behind(): boolean {
    return this.isBehindNumbers || this.#facts.touched(1).length > 0;
  }

  /** Behind in what does not have to be crossed out in the record. */
  get isBehindNumbers(): boolean {
    return this.#changed.size > 0 || this.#again !== undefined || this.#facts.last() > this.#mark;
  }

  /** Brings in about so many messages. Gives the step of `touched` up to which the record may forget. */
  step(messages: number): number | undefined {
    const fresh = this.#facts.after(this.#mark, messages);
    const touched = this.#facts.touched(messages);
    const changed = [...take(this.#changed, messages)];
    const again = this.#again === undefined ? [] : this.#index.inFlight(this.#again, messages);
    if (fresh.length + touched.length + changed.length + again.length > 0) {
      this.#index.transaction(() => {
        for (const facts of fresh) this.#index.put(facts);
        for (const id of new Set([...touched.map(({ message }) => message), ...changed, ...again])) this.#refresh(id);
        this.#index.setAbout("mark", fresh.at(-1)?.id ?? this.#mark);
        const salt = this.#facts.salt();
        if (salt !== undefined) this.#index.setAbout("salt", salt);
      });
    }
    this.#mark = fresh.at(-1)?.id ?? this.#mark;
    for (const id of changed) this.#changed.delete(id);
    if (this.#again !== undefined) this.#again = again.length < messages ? undefined : (again.at(-1) ?? 0);
    return touched.at(-1)?.step;
  }

  /** Says in the index that nothing is missing from it, so that the next start need not look. */
  finish(): void {
    if (this.#changed.size === 0 && this.#again === undefined) this.#index.setAbout("clean", 1);
  }

  #refresh(id: MessageId): void {
    const facts = this.#facts.of(id);
    if (facts === undefined) this.#index.remove(id);
    else if (id <= this.#mark) this.#index.put(facts);
  }
}

function* take(ids: ReadonlySet<MessageId>, most: number): Generator<MessageId> {
  let left = most;
  for (const id of ids) {
    if (left-- <= 0) return;
    yield id;
  }
}
