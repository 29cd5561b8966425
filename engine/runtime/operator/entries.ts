import type { Clock } from "../../sdk/index.ts";
import type { Entry, MessagePage, MessageSummary, Search, Store, StoreCare } from "../../store/store.ts";
import type { Selection } from "./selection.ts";

/** What is asked of the record here. */
export type Finds = Pick<Store, "list"> & Pick<StoreCare, "search">;

/** Messages that one look takes; between two looks the engine works on. */
const page = 500;

/** How long one answer may look. */
const patienceMs = 500;

/**
 * A page of a search. One look of the record is bounded and may end early with less than there is; it is asked on until the page is full, nothing
 * is left, or it has taken long enough: then `more` says where to go on.
 */
export async function pageOf(record: Pick<Finds, "search">, query: Search, clock: Pick<Clock, "monotonic">, pause: () => Promise<void>): Promise<MessagePage> {
  const until = clock.monotonic() + patienceMs;
  let found = record.search(query);
  const page = [...found];
  while (page.length < query.limit && found.more !== undefined && clock.monotonic() < until) {
    await pause();
    found = record.search({ ...query, before: found.more, limit: query.limit - page.length });
    page.push(...found);
  }
  return found.more === undefined ? page : Object.assign(page, { more: found.more });
}

/** Lets everything that waits for this thread have its turn. */
export function turnOf(clock: Clock): () => Promise<void> {
  return () => new Promise((resolve) => void clock.after(0, resolve));
}

/** Every message of a search, newest first; page by page, so that a long look never holds up the engine. */
export async function* messagesOf(record: Finds, search: Omit<Search, "before" | "limit">, pause: () => Promise<void>): AsyncGenerator<MessageSummary> {
  let before: number | undefined;
  for (;;) {
    const found = record.search({ ...search, limit: page, ...(before === undefined ? {} : { before }) });
    yield* found;
    if (found.more === undefined) return;
    before = found.more;
    await pause();
  }
}

/**
 * Every entry of a search, lane by lane: with several lanes in one search a time or a state could be that of a sibling, and what a person
 * chose for one lane must not happen to another.
 */
export async function* entriesOf(
  record: Finds,
  lanes: readonly string[],
  { ids, ...search }: Omit<Search, "before" | "limit" | "lanes"> & Pick<Selection, "ids">,
  pause: () => Promise<void>,
): AsyncGenerator<Entry & { readonly bytes: number }> {
  for (const lane of lanes) {
    const messages = ids === undefined ? messagesOf(record, { ...search, lanes: [lane] }, pause) : byNumber(record, ids);
    for await (const message of messages) {
      for (const entry of message.entries) if (entry.lane === lane && isMeant(entry, search)) yield { ...entry, bytes: message.bytes };
    }
    await pause();
  }
}

function isMeant(entry: Entry, { states, code }: Pick<Search, "states" | "code">): boolean {
  return (states === undefined || states.includes(entry.state)) && (code === undefined || entry.code === code);
}

function* byNumber(record: Finds, ids: readonly number[]): Generator<MessageSummary> {
  for (const id of ids) {
    const [found] = record.list({ before: id + 1, limit: 1 });
    if (found?.id === id) yield found;
  }
}
