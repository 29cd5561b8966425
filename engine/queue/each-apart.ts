import type { Claimed, ClaimedKeys, ClaimedPage, Store } from "../store/store.ts";

/** An entry with an order key of its own: none of its lane waits for another. */
export function apart(entry: Claimed): Claimed {
  return { ...entry, orderKey: keyOf(entry) };
}

/** The record, as a lane sees it whose entries do not wait for each other. */
export function eachApart<S extends Pick<Store, "claim" | "list" | "settle" | "settleAll">>(store: S): Pick<Store, "claim" | "list" | "settle" | "settleAll"> {
  return {
    list: (query) => store.list(query),
    settle: (settlement) => store.settle(settlement),
    settleAll: (settlements) => store.settleAll(settlements),
    claim: (lane, after, limit, keys) => claim(store, lane, after, limit, keys),
  };
}

function claim(store: Pick<Store, "claim">, lane: string, after: number, limit: Parameters<Store["claim"]>[2], keys: ClaimedKeys | undefined): ClaimedPage {
  if (keys !== undefined && "only" in keys) {
    const wanted = Number(keys.only);
    if (wanted <= after || wanted > keys.upTo) return [];
    return store.claim(lane, wanted - 1, { ...limit, entries: 1 }).filter((entry) => keyOf(entry) === keys.only).map(apart);
  }
  const except = new Set(keys?.except);
  for (let from = after; ; ) {
    const page = store.claim(lane, from, limit);
    const last = page.at(-1);
    const found = page.map(apart).filter(({ orderKey = "" }) => !except.has(orderKey));
    if (last === undefined || found.length > 0) return found;
    from = last.position ?? last.id;
  }
}

function keyOf({ id, position }: Claimed): string {
  return String(position ?? id);
}
