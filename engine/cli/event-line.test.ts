import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { eventLine, kinds } from "./event-line.ts";

const root = join(import.meta.dirname, "../..");

test("every event that the engine names can be asked for", () => {
  const sources = globSync(["engine/{runtime,cli,console}/**/*.ts"], { cwd: root }).filter((path) => !path.endsWith(".test.ts"));
  const named = new Set(sources.flatMap((path) => [...readFileSync(join(root, path), "utf8").matchAll(/(?:events\??|Events)\.log\(\s*"([a-z-]+)"/g)].map(([, name]) => name ?? "")));
  expect(named.size).toBeGreaterThan(15);
  expect([...named].filter((name) => !kinds.includes(name))).toEqual([]);
});

test("an event is one line: time, direction, message, what, where, who, why", () => {
  const at = new Date(2026, 2, 1, 2, 13, 5, 7).toISOString();
  expect(eventLine({ at, event: "retry", channel: "lab", destination: "ehr", partner: "clinic", message: 17, code: "NET-205" })).toBe("02:13:05.007 ~> m17     retry        lab/ehr to clinic NET-205");
  expect(eventLine({ at, event: "stored", channel: "lab", partner: "lis", message: 18 })).toBe("02:13:05.007 <- m18     stored       lab from lis");
  expect(eventLine({ at, event: "job-ended", job: 3, done: 5 })).toBe("02:13:05.007 ..         job-ended    job=3 done=5");
});
