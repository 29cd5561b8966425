import { expect, test } from "vitest";
import { temporaryStore } from "../store/testing.ts";
import { DeadLetters } from "./dead.ts";

test("lists, puts back and cancels what waits for a person", async () => {
  const { store, clock, remove } = await temporaryStore();
  try {
    for (let i = 0; i < 4; i++) {
      await store.accept({ channel: "lab", revision: "r", receivedAt: clock.now(), raw: { format: "text", bytes: Buffer.from("x") }, lanes: ["lab/a", "lab/b"] });
    }
    const states = ["dead", "delivered", "held", "refused"] as const;
    for (const [index, state] of states.entries()) await store.settle({ lane: "lab/a", id: index + 1, state, at: clock.now(), attempts: 1 });
    let rung = 0;
    const dead = new DeadLetters({ store, clock, lane: () => ({ ring: () => void rung++ }) });
    expect(dead.list({ limit: 10 }).map(({ lane, id, state }) => `${lane} ${id} ${state}`)).toEqual(["lab/a 4 refused", "lab/a 3 held", "lab/a 1 dead"]);
    expect(dead.list({ limit: 2 })).toHaveLength(2);
    expect(dead.list({ limit: 10, lane: "lab/b" })).toEqual([]);
    expect(dead.list({ limit: 10, channel: "other" })).toEqual([]);

    await dead.retry("lab/a", 1);
    expect(rung).toBe(1);
    await dead.discard("lab/a", 3, "sent by phone");
    expect(dead.list({ limit: 10 }).map(({ id }) => id)).toEqual([4]);
    expect(store.message(3)?.history.at(-1)).toMatchObject({ state: "cancelled", reason: "sent by phone" });
    await expect(dead.retry("lab/a", 2)).rejects.toMatchObject({ code: "STO-302" });
    await expect(dead.discard("lab/a", 99, "")).rejects.toMatchObject({ code: "STO-301" });
    await expect(dead.retry("lab/none", 1)).rejects.toMatchObject({ code: "STO-301" });
  } finally {
    await remove();
  }
});
