import type { MessageId } from "../store/store.ts";
import type { FlowPorts, LaneDoor } from "./ports.ts";
import { isEnd, type Standing } from "./standing.ts";
import { lateCode, nowIn } from "./verdict.ts";
import type { Wait } from "./wait.ts";

/**
 * Takes a message out of all lanes that its answer waits for and cancels it in the record, or out of none: what has left for one destination goes
 * on to the others. `later`: an attempt is under way, and its outcome says whether it has left.
 */
export async function withdrawn(
  id: MessageId,
  standings: ReadonlyMap<string, Standing>,
  wait: Wait,
  doors: ReadonlyMap<string, LaneDoor>,
  { clock, store }: Pick<FlowPorts, "clock" | "store">,
): Promise<"cancelled" | "left" | "later"> {
  const lanes = [...wait.reach].filter(([lane, { ended }]) => ended && standings.has(lane)).map(([lane]) => nowIn(lane, wait, standings));
  const its = lanes.flatMap((lane) => standings.get(lane) ?? []);
  if (its.some(({ left }) => left)) return "left";
  if (its.some(({ sending }) => sending)) return "later";
  const open = lanes.filter((lane) => !isEnd(standings.get(lane)?.state ?? "waiting"));
  const all = Promise.withResolvers<boolean>();
  let taken = 0;
  const out = open.map((lane) => {
    const cancel = async () => {
      taken += 1;
      if (await all.promise) await store.settle({ lane, id, state: "cancelled", at: clock.now(), attempts: standings.get(lane)?.attempts ?? 0, code: lateCode });
    };
    // Held entries are in no lane's hands: only a person would move them.
    return standings.get(lane)?.state === "held" ? cancel() : doors.get(lane)?.withdraw?.(id, cancel);
  });
  // Every lane has been asked within this turn: none can have sent since its standing was looked at.
  const whole = taken === open.length;
  all.resolve(whole);
  try {
    await Promise.all(out);
  } catch {
    return "left";
  }
  if (!whole) return "later";
  for (const lane of open) Object.assign(standings.get(lane) ?? {}, { state: "cancelled", code: lateCode });
  return "cancelled";
}
