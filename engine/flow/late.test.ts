import { expect, test } from "vitest";
import type { Partner } from "../config/project.ts";
import { isReleased } from "../phi/index.ts";
import { entry, partner, setUp } from "./flow.fixture.ts";

const signal = AbortSignal.timeout(5000);
const ended = { ...partner("ward"), agreements: partner("ward").agreements.map((each) => ({ ...each, terminated: "1960-02-01" })) } as Partner;

/** A registry whose ward is `now.ward` at the moment of asking. */
function live(): { readonly now: { ward: Partner }; readonly partners: Readonly<Record<string, Partner>> } {
  const now = { ward: partner("ward") };
  return { now, partners: { get ward() { return now.ward; } } };
}

test("an agreement that ends while the link's rate is waited for lets nothing go", async () => {
  const { now, partners } = live();
  const { lane, sent } = setUp({ partners, turn: async () => void (now.ward = ended) });
  expect(await lane.prepare(entry())).toEqual({ kind: "ready" });
  expect(await lane.attempt(entry(), 1, signal)).toMatchObject({ kind: "suspended", code: "PHI-203" });
  expect(sent).toEqual([]);
});

test("nor one that ends while the ledger is written", async () => {
  const { now, partners } = live();
  const { lane, sent } = setUp({ partners, store: { intend: async () => void (now.ward = ended) } });
  const filled = entry({ filled: true, sent: entry().raw });
  expect(await lane.prepare(filled)).toEqual({ kind: "ready" });
  expect(await lane.attempt(filled, 1, signal)).toMatchObject({ kind: "suspended", code: "PHI-203" });
  expect(sent).toEqual([]);
});

test("what was released stands for the socket only while the partner of the moment may have it, at the address it has", async () => {
  const { now, partners } = live();
  const stood: boolean[] = [];
  const { lane } = setUp({
    partners,
    send: async (released) => {
      for (const ward of [partner("ward"), ended, { ...partner("ward"), endpoints: [] }]) {
        now.ward = ward;
        stood.push(isReleased(released, 0));
      }
      return { kind: "delivered" };
    },
  });
  await lane.prepare(entry());
  await lane.attempt(entry(), 1, signal);
  expect(stood).toEqual([true, false, false]);
});
