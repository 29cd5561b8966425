import { describe, expect, test } from "vitest";
import { Budget } from "../budget.ts";
import { Intake } from "./intake.ts";

function seated(limit: number, names: readonly string[]) {
  const engine = new Budget(limit);
  const intake = new Intake(engine);
  const paused = new Set<string>();
  const seats = Object.fromEntries(names.map((name) => [name, intake.join({ throttle: (on) => (on ? paused.add(name) : paused.delete(name)) })]));
  const hold = (name: string, bytes: number) => seats[name]?.hold(bytes);
  return { engine, intake, hold, leave: (name: string) => seats[name]?.leave(), paused: () => [...paused].sort().join("") };
}

describe("the intake", () => {
  test("unfinished messages leave the engine's budget alone; beyond their own only the oldest reads on", () => {
    const { engine, intake, hold, paused } = seated(200, ["a", "b", "c"]);
    hold("b", 50);
    hold("a", 49);
    expect([engine.held, intake.unfinishedBytes, paused()]).toEqual([0, 99, ""]);
    hold("a", 50);
    expect([intake.exhausted, paused()]).toEqual([true, "ac"]);
    hold("b", 500);
    expect(paused()).toBe("ac");
  });

  test("when the oldest is done the next one reads", () => {
    const { hold, leave, paused } = seated(200, ["a", "b", "c"]);
    hold("a", 100);
    hold("b", 100);
    hold("c", 100);
    expect(paused()).toBe("bc");
    hold("a", 0);
    expect(paused()).toBe("ac");
    leave("b");
    expect(paused()).toBe("a");
    hold("c", 80);
    expect(paused()).toBe("");
  });

  test("who finished one and began another stands behind those who wait", () => {
    const { hold, paused } = seated(200, ["a", "b"]);
    hold("a", 100);
    hold("b", 60);
    expect(paused()).toBe("b");
    hold("a", 90);
    expect(paused()).toBe("a");
  });

  test("the engine's budget pauses all, the oldest too, and a newcomer", () => {
    const { engine, intake, hold, paused } = seated(200, ["a", "b"]);
    hold("a", 10);
    engine.take(200);
    expect(paused()).toBe("ab");
    let newcomer = false;
    intake.join({ throttle: (on) => (newcomer = on) });
    expect(newcomer).toBe(true);
    engine.give(200);
    expect([paused(), newcomer]).toEqual(["", false]);
  });

  test("who has left holds nothing and is not spoken to", () => {
    const { intake, hold, leave, paused } = seated(200, ["a", "b"]);
    hold("a", 50);
    leave("a");
    leave("a");
    hold("a", 150);
    expect([intake.unfinishedBytes, paused()]).toEqual([0, ""]);
  });
});
