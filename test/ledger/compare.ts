import type { ArrivalLine, SenderLine } from "./ledger.ts";

export interface Verdict {
  /** Messages with a positive acknowledgement. */
  readonly acked: number;
  /** Acked, and missing (or arrived only damaged) in a lane they belong to; counted once per lane. */
  readonly lost: number;
  /** First arrivals that came after one which was sent only when this one was already acked. */
  readonly reordered: number;
  /** Arrivals beyond the first, per lane. */
  readonly duplicates: number;
  /** Arrivals whose content is not what was sent under that id; they do not count as arrived. */
  readonly damaged: number;
}

/**
 * What the two ledgers say, and nothing else. `lanesOf` names the lanes a connection's messages belong to.
 *
 * Order: A was acked before B was first sent, so A came before B for everybody who could see. On one connection this is the order of
 * sending; across the connections of a channel it is all the order there is.
 */
export function compare(sender: readonly SenderLine[], receiver: readonly ArrivalLine[], lanesOf: (connection: string) => readonly string[]): Verdict {
  const sent = new Map<string, { readonly connection: string; readonly mark: string; readonly at: number }>();
  const ackedAt = new Map<string, number>();
  sender.forEach((line, at) => {
    if (line.kind === "sent") {
      if (!sent.has(line.id)) sent.set(line.id, { connection: line.connection, mark: line.mark, at });
    } else if (line.code === "AA" && !ackedAt.has(line.id)) ackedAt.set(line.id, at);
  });

  const arrived = new Map<string, Set<string>>();
  const latestSent = new Map<string, number>();
  let [reordered, duplicates, damaged] = [0, 0, 0];
  for (const { lane, id, mark } of receiver) {
    const origin = sent.get(id);
    if (origin === undefined || origin.mark !== mark || !lanesOf(origin.connection).includes(lane)) {
      damaged += 1;
      continue;
    }
    const here = arrived.get(lane) ?? new Set<string>();
    arrived.set(lane, here);
    if (here.has(id)) {
      duplicates += 1;
      continue;
    }
    here.add(id);
    const latest = latestSent.get(lane) ?? -1;
    if ((ackedAt.get(id) ?? Number.POSITIVE_INFINITY) < latest) reordered += 1;
    latestSent.set(lane, Math.max(latest, origin.at));
  }

  let lost = 0;
  for (const id of ackedAt.keys()) {
    for (const lane of lanesOf(sent.get(id)?.connection ?? "")) if (!arrived.get(lane)?.has(id)) lost += 1;
  }
  return { acked: ackedAt.size, lost, reordered, duplicates, damaged };
}
