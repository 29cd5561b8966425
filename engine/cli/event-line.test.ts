import { expect, test } from "vitest";
import { arrows, eventLine, kinds } from "./event-line.ts";

test("every event can be asked for, and every arrow is of an event", () => {
  expect(kinds.length).toBeGreaterThan(30);
  expect(Object.keys(arrows).filter((name) => !kinds.includes(name))).toEqual([]);
});

test("an event is one line: time, direction, message, what, where, who, why", () => {
  const at = new Date(2026, 2, 1, 2, 13, 5, 7).toISOString();
  expect(eventLine({ at, event: "retry", channel: "lab", destination: "ehr", partner: "clinic", message: 17, code: "NET-205" })).toBe("02:13:05.007 ~> m17     retry        lab/ehr to clinic NET-205");
  expect(eventLine({ at, event: "stored", channel: "lab", partner: "lis", message: 18 })).toBe("02:13:05.007 <- m18     stored       lab from lis");
  expect(eventLine({ at, event: "job-ended", job: 3, done: 5 })).toBe("02:13:05.007 ..         job-ended    job=3 done=5");
});
