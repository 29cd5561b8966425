import { expect, test } from "vitest";
import { temporaryStore } from "../store/testing.ts";
import type { MessageDetail } from "../store/store.ts";
import { show, timelineOf } from "./contents.ts";

test("what a person wrote is shown for a purpose alone; the engine's own reasons are in the timeline", async () => {
  const { store, clock } = await temporaryStore();
  try {
    const [lane, second] = ["lab/ehr", "lab/second"];
    const raw = { format: "text" as const, bytes: new TextEncoder().encode("A") };
    await store.accept({ channel: "lab", revision: "r", receivedAt: clock.now(), raw, identity: { key: "k" }, lanes: [lane] });
    await store.settle({ lane, id: 1, state: "dead", at: clock.now(), attempts: 1, code: "LAN-102", reason: "last: NET-205", fallback: second });
    await store.cancel(second, 1, clock.now() + 1, "Rivera phoned");
    await store.replay(1, [lane], clock.now() + 2, "MRN-90017734 was lost");
    const message = store.message(1) as MessageDetail;
    expect(timelineOf(message).history.map(({ state, reason }) => `${state} ${reason ?? ""}`)).toEqual(["dead last: NET-205", "waiting fallback LAN-102", "cancelled ", "waiting "]);
    expect(show(message, undefined).reasons).toBeUndefined();
    expect(show(message, undefined, "HOPERAT").reasons).toEqual(["Rivera phoned", "MRN-90017734 was lost"]);
  } finally {
    await store.close();
  }
});
