import { expect, test } from "vitest";
import { seal } from "../phi/release.ts";
import type { HandOff, Receipt } from "../sdk/index.ts";
import { HandOffs } from "./hand-offs.ts";
import { InTurn } from "./in-turn.ts";

const released = (partner = "self:second") => seal(partner, { endpoint: "channel", body: new TextEncoder().encode("text") });
const giver = { lane: "first/next", message: 7 };

test("the channel of the released party gets it, with a name of the lane and the message, and its parent", async () => {
  const offs = new HandOffs();
  const got: HandOff[] = [];
  offs.take("second", async (handOff) => {
    got.push(handOff);
    return { kind: "accepted", id: "m9" };
  });
  expect(await offs.give(released(), giver)).toEqual({ kind: "accepted", id: "m9" });
  await offs.give(released(), giver);
  await offs.give(released(), { ...giver, again: 9 });
  expect(got.map(({ identity }) => identity)).toEqual(["first/next#7", "first/next#7", "first/next#7@9"]);
  expect(offs.parentOf(got[0])).toBe(7);
  expect(offs.parentOf({ body: new Uint8Array(), identity: "first/next#7" })).toBeUndefined();
});

test("nobody takes it: not now; not released, or for a partner outside: refused", async () => {
  const offs = new HandOffs();
  expect(await offs.give(released(), giver)).toEqual({ kind: "unavailable", code: "RUN-120" });
  await expect(offs.give(released("self"), giver)).rejects.toMatchObject({ code: "NET-202" });
  await expect(offs.give(released("acme"), giver)).rejects.toMatchObject({ code: "NET-202" });
  await expect(offs.give({ partner: "self:second", envelope: {} } as never, giver)).rejects.toMatchObject({ code: "PHI-209" });
  const once = released();
  await offs.give(once, giver);
  await expect(offs.give(once, giver)).rejects.toMatchObject({ code: "NET-214" });
});

test("a channel that was started anew keeps its place when its older self closes", async () => {
  const offs = new HandOffs();
  const receipt = (id: string): Receipt => ({ kind: "accepted", id });
  const old = offs.take("second", async () => receipt("old"));
  const young = offs.take("second", async () => receipt("young"));
  await old.close();
  expect(await offs.give(released(), giver)).toEqual(receipt("young"));
  await young.close();
  expect((await offs.give(released(), giver)).kind).toBe("unavailable");
});

test("in turn: whoever came first goes first, however long it waits, and a failure holds nobody up", async () => {
  const turns = new InTurn();
  const gone: number[] = [];
  const gate = Promise.withResolvers<void>();
  const all = [() => gate.promise, () => undefined, () => Promise.reject(new Error("no")), () => undefined].map((wait, n) => turns.pass(wait).then(() => gone.push(n), () => gone.push(-n)));
  await Promise.resolve();
  expect(gone).toEqual([]);
  gate.resolve();
  await Promise.all(all);
  expect(gone).toEqual([0, 1, -2, 3]);
});
