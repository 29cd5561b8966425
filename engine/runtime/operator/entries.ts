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
 * chose for one lane must not happen to another. With `ids` all the rest must hold as well.
 */
export async function* entriesOf(
  record: Finds,
  lanes: readonly string[],
  { ids, ...search }: Omit<Search, "before" | "limit" | "lanes"> & Pick<Selection, "ids">,
  pause: () => Promise<void>,
): AsyncGenerator<Entry & { readonly bytes: number }> {
  for (const lane of lanes) {
    const messages = ids === undefined ? messagesOf(record, { ...search, lanes: [lane] }, pause) : byNumber(record, ids, { ...search, lanes: [lane] }, pause);
    for await (const message of messages) {
      for (const entry of message.entries) if (entry.lane === lane && isMeant(entry, search)) yield { ...entry, bytes: message.bytes };
    }
    await pause();
  }
}

function isMeant(entry: Entry, { states, code }: Pick<Search, "states" | "code">): boolean {
  return (states === undefined || states.includes(entry.state)) && (code === undefined || entry.code === code);
}

async function* byNumber(record: Finds, ids: readonly number[], search: Omit<Search, "before" | "limit">, pause: () => Promise<void>): AsyncGenerator<MessageSummary> {
  const { controlId, type, received, settled, parent } = search;
  const isPlain = [controlId, type, received, settled, parent].every((condition) => condition === undefined);
  for (const id of ids) {
    const found = isPlain ? record.list({ before: id + 1, limit: 1 })[0] : await nextOf(record, id, search, pause);
    if (found?.id === id && (search.channel === undefined || found.channel === search.channel)) yield found;
  }
}

/** The first message of a search that is a given one or older; the search may tell of it in several looks. */
async function nextOf(record: Finds, id: number, search: Omit<Search, "before" | "limit">, pause: () => Promise<void>): Promise<MessageSummary | undefined> {
  for (let before: number | undefined = id + 1; before !== undefined && before > id; ) {
    const found: MessagePage = record.search({ ...search, before, limit: 1 });
    if (found[0] !== undefined) return found[0];
    before = found.more;
    await pause();
  }
  return undefined;
}
