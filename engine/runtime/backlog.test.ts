import { describe, expect, test } from "vitest";
import { fakeClock } from "../store/testing.ts";
import { Backlog, type LanePulse } from "./backlog.ts";
import { Budget } from "./budget.ts";

function made(limitBytes = 100) {
  const clock = fakeClock();
  const budget = new Budget(1000);
  const lane = { pulse: "moving" as LanePulse };
  const backlog = new Backlog({ limitBytes, budget, clock, pulse: () => lane.pulse });
  let went = false;
  /** Waits for room, and says whether it came. */
  const wait = () => void backlog.room()?.then(() => (went = true));
  const heard = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return went;
  };
  return { clock, budget, lane, backlog, wait, went: heard };
}

describe("a backlog", () => {
  test("makes wait until enough has settled, and holds the same in the engine's budget", async () => {
    const { backlog, budget, wait, went } = made();
    backlog.accepted(60);
    expect(backlog.room()).toBeUndefined();
    backlog.accepted(60);
    wait();
    expect([await went(), budget.held]).toEqual([false, 120]);
    backlog.settled(60, true);
    expect([await went(), budget.held]).toEqual([true, 60]);
  });

  test("never gives back more than it holds", () => {
    const { backlog, budget } = made();
    backlog.accepted(60);
    backlog.spill();
    backlog.settled(60, true);
    backlog.accepted(10);
    backlog.settled(60, true);
    expect([backlog.heldBytes, budget.held]).toEqual([0, 0]);
  });

  test("spills when its lane comes to a stand without a word, though nobody waits", async () => {
    const { backlog, budget, lane, clock, wait, went } = made();
    backlog.accepted(100);
    wait();
    clock.advance(1000);
    expect([await went(), budget.held]).toEqual([false, 100]);
    lane.pulse = "stuck";
    clock.advance(1000);
    expect([await went(), budget.held, clock.timers]).toEqual([true, 0, 0]);
    backlog.accepted(100);
    expect(budget.held).toBe(0);
  });

  test("counts again when an attempt has succeeded, not when one more message was given up", () => {
    const { backlog, budget } = made();
    backlog.spill();
    backlog.settled(10, false);
    backlog.accepted(50);
    expect(budget.held).toBe(0);
    backlog.settled(10, true);
    backlog.accepted(50);
    expect(budget.held).toBe(50);
  });

  test("forgets what somebody else has ended, once its lane is empty", () => {
    const { backlog, budget, lane, clock } = made();
    backlog.accepted(100);
    lane.pulse = "empty";
    clock.advance(300);
    expect([backlog.heldBytes, budget.held]).toEqual([0, 0]);
    lane.pulse = "moving";
    backlog.accepted(40);
    lane.pulse = "empty";
    backlog.accepted(5);
    expect(budget.held).toBe(5);
  });

  test("lets everybody go when the channel ends, and counts no more", async () => {
    const { backlog, budget, clock, wait, went } = made();
    backlog.accepted(100);
    wait();
    backlog.release();
    backlog.accepted(100);
    expect([await went(), budget.held, clock.timers, backlog.room()]).toEqual([true, 0, 0, undefined]);
  });
});
