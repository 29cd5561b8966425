import { expect, test } from "vitest";
import { Budget } from "./budget.ts";

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
