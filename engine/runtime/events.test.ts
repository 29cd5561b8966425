import { expect, test } from "vitest";
import { systemClock } from "./clock.ts";
import { Events } from "./events.ts";

test("why a lane failed stands until its head is settled", () => {
  const events = new Events(systemClock, () => {});
  events.settled("lab", "ehr", "waiting", "MLP-201");
  events.settled("lab", "ward", "delivered");
  expect([...events.failed]).toEqual([["lab/ehr", "MLP-201"]]);
  events.settled("lab", "ehr", "delivered");
  expect(events.failed.size).toBe(0);
});

test("a field that is no plain word is replaced by its length", () => {
  const lines: string[] = [];
  new Events(systemClock, (line) => lines.push(line)).log("odd", { lane: "lab/ehr", value: "RIVERA JANE" });
  expect(lines[0]).toContain('"lane":"lab/ehr","value":"[11 characters]"');
});
