import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Clock } from "../sdk/index.ts";
import { latestKept, toleratedMs, WallCalendar } from "./calendar.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function started() {
  const folder = mkdtempSync(join(tmpdir(), "sluice-calendar-"));
  folders.push(folder);
  const wall = { at: Date.UTC(2026, 5, 1) };
  const clock = { now: () => wall.at } as Clock;
  return { folder, wall, calendar: new WallCalendar(clock, folder), again: () => new WallCalendar(clock, folder) };
}

test("time never goes back, and a small correction of the clock is trusted", () => {
  const { wall, calendar } = started();
  const first = calendar.now();
  wall.at -= toleratedMs;
  expect(calendar.now()).toBe(first);
  expect(calendar.isTrusted).toBe(true);
  wall.at -= 1;
  expect(calendar.isTrusted).toBe(false);
  wall.at = first + 1;
  expect([calendar.isTrusted, calendar.now()]).toEqual([true, first + 1]);
});

test("the next start knows it too", () => {
  const { wall, calendar, folder, again } = started();
  const first = calendar.now();
  calendar.keep();
  expect(latestKept(folder)).toBe(first);
  wall.at = first - 3_600_000;
  const next = again();
  expect([next.now(), next.isTrusted]).toEqual([first, false]);
});

test("a file that cannot be read is as if there were none", () => {
  expect(latestKept("/nowhere")).toBeUndefined();
});
