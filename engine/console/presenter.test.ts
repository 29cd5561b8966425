import { expect, test } from "vitest";
import { laneRows } from "./presenter.ts";
import { sampleLane, sampleStatus } from "./sample.ts";

const row = (change: Parameters<typeof sampleLane>[0]) => laneRows(sampleStatus({ lanes: [sampleLane(change)] }))[0];

test.each([
  ["nothing to do", {}, { tone: "well", state: "idle" }],
  ["at work", { status: { kind: "working" }, depth: 2 }, { tone: "busy", state: "working" }],
  ["between two attempts", { status: { kind: "retrying", code: "MLP-201", nextAt: 104_000, attempts: 3 }, depth: 1, failed: "MLP-201" }, { tone: "trouble", state: "retry 3 in 4 s", code: "MLP-201" }],
  ["in an attempt that follows a failed one", { status: { kind: "working" }, depth: 1, failed: "MLP-201" }, { tone: "trouble", state: "trying again", code: "MLP-201" }],
  ["that a person has stopped", { status: { kind: "idle" }, paused: { at: 40_000, by: "lane" } }, { tone: "trouble", state: "paused for 1 min" }],
  ["whose partner a person holds", { status: { kind: "retrying", code: "MLP-201", nextAt: 104_000, attempts: 3 }, paused: { at: 90_000, by: "partner" } }, { tone: "trouble", state: "partner held for 10 s" }],
  ["of which a key waits", { status: { kind: "working", blockedKeys: 1 }, depth: 3 }, { tone: "trouble", state: "working, 1 key waits" }],
  ["past a failure, with one set aside", { status: { kind: "idle" }, depth: 1, held: 1 }, { tone: "trouble", state: "held" }],
] as const)("a lane %s", (_, change, expected) => {
  expect(row(change)).toMatchObject(expected);
  expect(row(change)?.code).toBe("code" in expected ? expected.code : undefined);
});
