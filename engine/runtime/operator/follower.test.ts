import { expect, test } from "vitest";
import { ManualClock } from "../../sdk/testing/manual-clock.ts";
import { Follower } from "./follower.ts";

const happening = (message: number) => ({ at: "2026-03-01T12:00:00.000Z", event: "delivered", message });

test("a reader gets what happened, in order, as soon as it asks", async () => {
  const follower = new Follower(new ManualClock());
  const waiting = follower.next();
  follower.push(happening(1));
  follower.push(happening(2));
  expect((await waiting)?.map((told) => ("message" in told ? told.message : told.event))).toEqual([1, 2]);
});

test("what a slow reader has no room for is counted, and the queue does not grow", async () => {
  const follower = new Follower(new ManualClock());
  for (let n = 1; n <= 1500; n++) follower.push(happening(n));
  const told = (await follower.next()) ?? [];
  expect(told.length).toBe(1001);
  expect(told[999]).toMatchObject({ message: 1000 });
  expect(told[1000]).toMatchObject({ event: "dropped", count: 500 });
  follower.push(happening(1501));
  expect(await follower.next()).toMatchObject([{ message: 1501 }]);
});

test("a reader that takes nothing for half a minute is let go", async () => {
  const clock = new ManualClock();
  const follower = new Follower(clock);
  for (let n = 0; n <= 1000; n++) follower.push(happening(n));
  expect(follower.ended).toBe(false);
  await clock.advance(31_000);
  follower.push(happening(1001));
  expect(follower.ended).toBe(true);
  expect(await follower.next()).toBeUndefined();
});

test("silence is a sign of life, and an end is an end", async () => {
  const clock = new ManualClock();
  const follower = new Follower(clock);
  const quiet = follower.next();
  await clock.advance(5_000);
  expect(await quiet).toMatchObject([{ event: "alive" }]);
  const last = follower.next();
  follower.end();
  expect(await last).toBeUndefined();
});
