import fc from "fast-check";
import { expect, test } from "vitest";
import { type End, ends, type Flight, type Store, type StoreCare } from "./store.ts";

export type WholeStore = Store & StoreCare;

/** One record that can be opened again and again, whatever keeps it. */
export interface StoreHarness {
  open(): Promise<WholeStore>;
  remove(): Promise<void>;
}

const lane = "lab/ehr";
const other = "lab/portal";
const at = Date.UTC(2026, 0, 5, 8);

/** Random histories against a model of three lines: what is open may end, what is set aside may come back or be cancelled. */
export function storeModel(make: () => Promise<StoreHarness>, runs = 20): void {
  test("received = ends + waiting + held, for every lane, after anything", { timeout: 60_000 }, async () => {
    const command = fc.oneof(
      fc.record({ kind: fc.constant("accept" as const), lanes: fc.subarray([lane, other]) }),
      fc.record({ kind: fc.constantFrom("fill" as const, "requeue" as const, "cancel" as const, "replay" as const), lane: fc.constantFrom(lane, other), pick: fc.nat(1000) }),
      fc.record({
        kind: fc.constant("settle" as const),
        lane: fc.constantFrom(lane, other),
        pick: fc.nat(1000),
        state: fc.constantFrom<Flight | End>("waiting", "held", ...ends),
      }),
      fc.record({ kind: fc.constantFrom("reopen" as const, "together" as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 10, maxLength: 80 }), async (commands) => {
        const harness = await make();
        let store = await harness.open();
        const reopen = async () => {
          await store.close();
          store = await harness.open();
        };
        try {
          const model = new Map<string, { state: Flight | End; order: number }>();
          const received = new Map<string, number>();
          /** Ends that a replay followed: they stay counted. */
          const left = new Map<string, number>();
          const ids = new Set<number>();
          let messages = 0;
          let order = 0;
          const pending: Promise<unknown>[] = [];
          for (const step of commands) {
            switch (step.kind) {
              case "accept": {
                const id = ++order;
                messages = id;
                ids.add(id);
                const raw = { format: "text" as const, bytes: Buffer.from(`m${id}`) };
                pending.push(
                  store.accept({ channel: "lab", revision: "r1", receivedAt: at, raw, lanes: step.lanes }).then((accepted) => expect(accepted.id).toBe(id)),
                );
                for (const name of step.lanes) {
                  model.set(`${name} ${id}`, { state: "waiting", order: id });
                  received.set(name, (received.get(name) ?? 0) + 1);
                }
                break;
              }
              case "reopen":
                await Promise.all(pending.splice(0));
                await reopen();
                break;
              case "together":
                await Promise.all(pending.splice(0));
                break;
              default: {
                const id = 1 + (step.pick % Math.max(messages, 1));
                const entry = model.get(`${step.lane} ${id}`);
                const open = entry?.state === "waiting" || entry?.state === "held";
                const reopenable = entry !== undefined && ["held", "dead", "rejected", "refused"].includes(entry.state);
                if (step.kind === "fill") {
                  pending.push(allowed(open, entry !== undefined, store.fill(step.lane, id, { format: "text", bytes: Buffer.from("s") }, [])));
                } else if (step.kind === "settle") {
                  pending.push(allowed(open, entry !== undefined, store.settle({ lane: step.lane, id, state: step.state, at, attempts: 1 })));
                  if (entry && open) entry.state = step.state;
                } else if (step.kind === "cancel") {
                  pending.push(allowed(open || reopenable, entry !== undefined, store.cancel(step.lane, id, at, "r")));
                  if (entry && (open || reopenable)) entry.state = "cancelled";
                } else if (step.kind === "replay") {
                  pending.push(allowed(entry?.state !== "waiting" && ids.has(id), ids.has(id), store.replay(id, [step.lane], at, "r")));
                  if (!ids.has(id) || entry?.state === "waiting") break;
                  if (!reopenable) {
                    received.set(step.lane, (received.get(step.lane) ?? 0) + 1);
                    if (entry) left.set(`${step.lane} ${entry.state}`, (left.get(`${step.lane} ${entry.state}`) ?? 0) + 1);
                  }
                  model.set(`${step.lane} ${id}`, { state: "waiting", order: ++order });
                } else {
                  pending.push(allowed(reopenable, entry !== undefined, store.requeue(step.lane, id, at)));
                  if (entry && reopenable) {
                    entry.state = "waiting";
                    entry.order = ++order;
                  }
                }
              }
            }
            if (pending.length === 0) check(store, model, received, left);
          }
          await Promise.all(pending);
          check(store, model, received, left);
        } finally {
          await store.close();
          await harness.remove();
        }
      }),
      { numRuns: runs },
    );
  });
}

/** The store says what the model says, and its own figures add up. */
function check(
  store: Store,
  model: ReadonlyMap<string, { readonly state: Flight | End; readonly order: number }>,
  received: ReadonlyMap<string, number>,
  left: ReadonlyMap<string, number>,
): void {
  const census = store.census();
  expect(census).toMatchObject({ gap: 0, whole: true });
  expect([census.received, census.found]).toEqual([census.expected, census.expected]);
  for (const counts of store.counts()) {
    const sum = ends.reduce((total, end) => total + counts.ends[end], 0) + counts.waiting + counts.held;
    expect(sum).toBe(counts.received);
    expect(counts.received).toBe(received.get(counts.lane) ?? 0);
    const mine = [...model].filter(([key]) => key.startsWith(`${counts.lane} `));
    for (const end of ends) expect(counts.ends[end]).toBe(mine.filter(([, entry]) => entry.state === end).length + (left.get(`${counts.lane} ${end}`) ?? 0));
    expect(counts.oldestAt !== undefined).toBe(counts.waiting + counts.held > 0);
    const waiting = mine.filter(([, entry]) => entry.state === "waiting").sort(([, a], [, b]) => a.order - b.order);
    expect(store.claim(counts.lane, 0, { entries: 1000, bytes: 1e9 }).map((entry) => `${entry.lane} ${entry.id}`)).toEqual(waiting.map(([key]) => key));
  }
}

/** A change the model allows must succeed; any other must be refused with its code. */
async function allowed(isAllowed: boolean, exists: boolean, change: Promise<void>): Promise<void> {
  if (isAllowed) return change;
  await expect(change).rejects.toMatchObject({ code: exists ? "STO-302" : "STO-301" });
}
