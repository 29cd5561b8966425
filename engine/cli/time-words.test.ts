import { expect, test } from "vitest";
import { momentOf, periodOf } from "./time-words.ts";

const now = new Date(2026, 2, 10, 9, 30, 15, 500).getTime();
const here = (day: number, hour = 0, minute = 0, second = 0) => new Date(2026, 2, day, hour, minute, second).getTime();

test.each([
  ["2h", now - 7_200_000, now],
  ["90s", now - 90_000, now],
  ["today", here(10), here(11)],
  ["yesterday", here(9), here(10)],
  ["02:13", here(10, 2, 13), here(10, 2, 14)],
  ["9:31", here(9, 9, 31), here(9, 9, 32)],
  ["23:59:58", here(9, 23, 59, 58), here(9, 23, 59, 59)],
  ["2026-03-01", here(1), here(2)],
  ["2026-03-01T02:13Z", Date.UTC(2026, 2, 1, 2, 13), Date.UTC(2026, 2, 1, 2, 14)],
  ["2026-03-01T02:13:05-05:00", Date.UTC(2026, 2, 1, 7, 13, 5), Date.UTC(2026, 2, 1, 7, 13, 6)],
  ["2026-03-01T02:13:05.250Z", Date.UTC(2026, 2, 1, 2, 13, 5, 250), Date.UTC(2026, 2, 1, 2, 13, 5, 251)],
])("%s is a stretch of time", (text, from, to) => {
  expect(periodOf(text, now)).toEqual({ from, to });
  expect(momentOf(text, now)).toBe(from);
});

test.each(["", "soon", "25:00", "2026-02-30", "2026-03-01T02:13", "2026-13-01", "2h30", "tomorrow", "-2h", "1e3s"])("%s is no time", (text) => {
  expect(periodOf(text, now)).toBeUndefined();
});
