import { expect, test } from "vitest";
import { anyOf, Budget } from "./budget.ts";

test("turns at the limit, and back with some room, once each", () => {
  const budget = new Budget(800);
  const turns: boolean[] = [];
  const end = budget.onChange((exhausted) => turns.push(exhausted));
  budget.take(799);
  expect(budget.exhausted).toBe(false);
  budget.take(1);
  budget.take(100);
  expect([budget.exhausted, turns]).toEqual([true, [true]]);
  budget.give(200);
  expect([budget.held, budget.exhausted]).toEqual([700, true]);
  budget.give(1);
  expect([budget.exhausted, turns]).toEqual([false, [true, false]]);
  end();
  budget.take(800);
  expect(turns.length).toBe(2);
});

test("what a lane takes counts in the engine; a full lane leaves the engine open", () => {
  const engine = new Budget(1000);
  const lane = engine.lane("lab/ehr", 100);
  expect(engine.lane("lab/ehr", 100)).toBe(lane);
  lane.take(150);
  expect([lane.exhausted, engine.exhausted, engine.held]).toEqual([true, false, 150]);
  lane.give(150);
  expect([lane.held, engine.held]).toEqual([0, 0]);
});

test("several gates are exhausted while one is", () => {
  const [one, two] = [new Budget(10), new Budget(10)];
  const both = anyOf([one, two]);
  const turns: boolean[] = [];
  both.onChange((exhausted) => turns.push(exhausted));
  one.take(10);
  two.take(10);
  one.give(10);
  expect(both.exhausted).toBe(true);
  two.give(10);
  expect(turns).toEqual([true, false]);
});
