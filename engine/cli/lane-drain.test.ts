import { expect, test } from "vitest";
import type { Call } from "./command.ts";
import type { LiveDoor } from "./door.ts";
import { drain } from "./lane-drain.ts";
import { sampleTerminal } from "./sample-terminal.ts";

test("who leaves a drain opens what it has closed, and nothing that another operator had closed", async () => {
  const closed = new Set(["second"]);
  const abort = new AbortController();
  const door = {
    status: async () => {
      abort.abort();
      return { channels: [{ channel: "first" }, { channel: "second" }], lanes: [{ lane: "first/x", channel: "first", depth: 3, held: 0, oldestAgeMs: 1 }] };
    },
    intake: async (what: "close" | "open", channels: readonly string[]) => {
      const changed = channels.filter((name) => closed.has(name) === (what === "open"));
      for (const name of changed) what === "open" ? closed.delete(name) : closed.add(name);
      return changed;
    },
  };
  const terminal = sampleTerminal({ signal: abort.signal });
  const call: Call = { terminal, flags: { all: true }, words: [], json: false };
  expect(await drain(call, "drain", [], async () => door as unknown as LiveDoor)).toBe(1);
  expect([...closed]).toEqual(["second"]);
  expect(terminal.outs.join()).toBe("left with 3 in flight; intake is open again on first; somebody had closed second before");
});
