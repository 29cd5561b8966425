import type { Store } from "../store/store.ts";

/**
 * received × destinations − (ends + in flight), from the rows of the record and not from counters that move together: entries that the
 * messages ask for and that are not there, and what the counters of the lanes say beyond or below the rows.
 */
export function conservation(store: Pick<Store, "census">): number {
  const { gap, received, expected, whole } = store.census();
  return gap + (whole ? Math.abs(received - expected) : 0);
}
