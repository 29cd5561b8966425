import { describe, expect, test } from "vitest";
import type { SchedulePlan } from "../../sdk/index.ts";
import { scheduleOf } from "./schedule.ts";

const at = (text: string) => Date.parse(text);
const due = (plan: SchedulePlan, after: string, count = 3) => {
  const schedule = scheduleOf(plan);
  const found: string[] = [];
  let last: number | undefined = at(after);
  for (let i = 0; i < count && last !== undefined; i++) {
    last = schedule.next(last);
    if (last !== undefined) found.push(new Date(last).toISOString().replace(".000Z", "Z"));
  }
  return found;
};
const problem = (plan: SchedulePlan) => {
  try {
    scheduleOf(plan);
  } catch (error) {
    return (error as { code: string }).code;
  }
  return undefined;
};

describe("cron", () => {
  test("in the zone it names", () => {
    expect(due({ cron: "30 6 * * MON-FRI", timezone: "America/New_York" }, "2026-03-06T12:00:00Z")).toEqual([
      "2026-03-09T10:30:00Z", "2026-03-10T10:30:00Z", "2026-03-11T10:30:00Z",
    ]);
  });

  test("a summer-time change neither skips nor repeats a daily moment", () => {
    const spring = due({ cron: "30 2 * * *", timezone: "America/New_York" }, "2026-03-07T12:00:00Z");
    expect(spring).toEqual(["2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z", "2026-03-10T06:30:00Z"]);
    const autumn = due({ cron: "30 1 * * *", timezone: "America/New_York" }, "2026-10-31T12:00:00Z");
    expect(autumn).toEqual(["2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z", "2026-11-03T06:30:00Z"]);
  });

  test("with seconds; asked at a due moment it gives the next", () => {
    expect(due({ cron: "*/20 * * * * *", timezone: "UTC" }, "2026-01-01T00:00:20Z", 2)).toEqual(["2026-01-01T00:00:40Z", "2026-01-01T00:01:00Z"]);
  });
});

test("an interval is the same multiples after every restart", () => {
  expect(due({ everyMs: 900_000, timezone: "UTC" }, "2026-01-01T00:07:03Z", 2)).toEqual(["2026-01-01T00:15:00Z", "2026-01-01T00:30:00Z"]);
});

describe("windows", () => {
  const window = { days: ["mon", "fri"], from: "22:00", to: "02:00" } as const;

  test("past midnight it is still the day on which it opened", () => {
    const plan = { everyMs: 7_200_000, timezone: "UTC", window };
    expect(due(plan, "2026-01-02T12:00:00Z", 5)).toEqual([
      "2026-01-02T22:00:00Z", "2026-01-03T00:00:00Z", "2026-01-05T22:00:00Z", "2026-01-06T00:00:00Z", "2026-01-09T22:00:00Z",
    ]);
  });

  test("days that are left out, with what of them lies past midnight", () => {
    expect(due({ everyMs: 7_200_000, timezone: "UTC", window, except: ["2026-01-05"] }, "2026-01-03T00:00:00Z", 1)).toEqual(["2026-01-09T22:00:00Z"]);
    expect(due({ cron: "0 9 * * *", timezone: "UTC", except: ["2026-01-02", "2026-01-03"] }, "2026-01-01T10:00:00Z", 1)).toEqual(["2026-01-04T09:00:00Z"]);
  });

  test("every second outside its window is not looked at one by one", () => {
    const plan: SchedulePlan = { everyMs: 1_000, timezone: "America/New_York", window: { days: ["sun"], from: "09:00", to: "17:00" } };
    expect(due(plan, "2026-01-05T00:00:00Z", 2)).toEqual(["2026-01-11T14:00:00Z", "2026-01-11T14:00:01Z"]);
  });
});

test.each<[string, SchedulePlan]>([
  ["SCH-101", { timezone: "UTC" }],
  ["SCH-101", { timezone: "UTC", cron: "* * * * *", everyMs: 1 }],
  ["SCH-101", { timezone: "UTC", everyMs: 0 }],
  ["SCH-102", { timezone: "UTC", cron: "61 * * * *" }],
  ["SCH-102", { timezone: "UTC", cron: "whenever" }],
  ["SCH-103", { timezone: "Mars/Olympus", everyMs: 1 }],
  ["SCH-104", { timezone: "UTC", cron: "0 0 30 2 *" }],
])("%s", (code, plan) => expect(problem(plan)).toBe(code));

test("a window that is never open: nothing is due", () => {
  expect(scheduleOf({ everyMs: 3_600_000, timezone: "UTC", window: { days: [], from: "08:00", to: "09:00" } }).next(0)).toBeUndefined();
});
