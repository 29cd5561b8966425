import { describe, expect, test } from "vitest";
import { splitter } from "../../engine/codec/split/index.ts";
import { EngineError, type Receipt } from "../../engine/sdk/index.ts";
import { completeOptions, SourceHost, settled } from "../../engine/sdk/testing/index.ts";
import { sourceOptions } from "./options.ts";
import { fileSource } from "./source.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (host: SourceHost) => host.received.map((each) => new TextDecoder().decode(each));
const accepted: Receipt = { kind: "accepted", id: "m1" };

async function started(given: Record<string, unknown> = {}, host = new SourceHost()) {
  const source = fileSource(completeOptions(sourceOptions, { directory: "in", moveTo: "taken", errorTo: "failed", poll: "1s", age: "0s", ...given }));
  await source.start(host.context);
  return { host, source };
}

function cutting(host = new SourceHost()): SourceHost {
  host.split = (options) => splitter("records", { delimiter: ",", quote: '"', header: false }, options);
  return host;
}

const records = (count: number) => Array.from({ length: count }, (_, n) => `r${n}`);
const file = (lines: readonly string[]) => bytes(lines.map((line) => `${line}\n`).join(""));
const lines = (host: SourceHost) => text(host).map((each) => each.trim());

describe("a file that stands still", () => {
  test("is taken only after it was seen unchanged for the age, by the engine's clock", async () => {
    const { host, source } = await started({ age: "3s" });
    host.folder.put("a", bytes("1"));
    await host.clock.advance(2_000);
    host.folder.put("a", bytes("12"));
    await host.clock.advance(2_900);
    expect(text(host)).toEqual([]);
    await host.clock.advance(2_000);
    expect(text(host)).toEqual(["12"]);
    await source.stop();
  });

  test("by name, one that is still written holds up those behind it; by age it does not", async () => {
    for (const [order, taken] of [["name", []], ["age", ["b"]]] as const) {
      const { host, source } = await started({ age: "2s", order });
      host.folder.put("b", bytes("b"));
      for (let i = 0; i < 5; i++) {
        host.folder.put("a", bytes("a".repeat(i + 1)));
        await host.clock.advance(1_000);
      }
      expect(text(host)).toEqual(taken);
      await source.stop();
    }
  });
});

describe("what cannot be taken", () => {
  test.each([
    ["empty", "", "move", ["FIL-101"]],
    ["larger than allowed", "x".repeat(20), "error", ["FIL-102"]],
  ])("%s", async (_, content, how, codes) => {
    const { host, source } = await started({ maxBytes: "10b" });
    host.folder.put("a", bytes(content));
    await host.clock.advance(1_000);
    expect([text(host), host.folder.disposed, host.problems.map(({ code }) => code)]).toEqual([[], [{ name: "a", how }], codes]);
    await source.stop();
  });

  test("a file that cannot leave the folder holds up the next, is said once, and is not taken again", async () => {
    const { host, source } = await started();
    host.folder.refuses = new EngineError("DIR-106");
    host.folder.put("a", bytes("a"));
    host.folder.put("b", bytes("b"));
    await host.clock.advance(10_000);
    expect(text(host)).toEqual(["a"]);
    expect(host.problems.map(({ code }) => code)).toEqual(["DIR-106", "FIL-108"]);
    host.folder.refuses = undefined;
    await host.clock.advance(2_000);
    expect(text(host)).toEqual(["a", "b"]);
    expect(host.folder.disposed.map(({ name }) => name)).toEqual(["a", "b"]);
    await source.stop();
  });
});

describe("records", () => {
  test("many at a time, in order, the last where the file ends", async () => {
    const { host, source } = await started({ inFlight: 8 }, cutting());
    host.verdict = async (_, index) => {
      for (let i = 0; i < (index * 7) % 5; i++) await new Promise((resolve) => setImmediate(resolve));
      return accepted;
    };
    host.folder.put("a", file(records(100)));
    await host.clock.advance(1_000);
    for (let i = 0; i < 400 && host.folder.disposed.length === 0; i++) await settled();
    expect(lines(host)).toEqual(records(100));
    expect(host.receiving.most).toBe(8);
    expect(host.checkpoints.get("file")).toBe("1 1.390.1700000000000 390 390 0");
    expect(host.folder.disposed).toEqual([{ name: "a", how: "move" }]);
    await source.stop();
  });

  test("a last record without its line end is one; a file of a header alone is none", async () => {
    const { host, source } = await started({}, cutting());
    host.folder.put("a", bytes("r0\nr1"));
    host.folder.put("b", bytes("\n\n"));
    await host.clock.advance(3_000);
    expect(lines(host)).toEqual(["r0", "r1"]);
    expect(host.folder.disposed.map(({ how }) => how)).toEqual(["move", "move"]);
    await source.stop();
  });

  test("where one is refused those behind it go again, in their order, and the file is set aside", async () => {
    const { host, source } = await started({}, cutting());
    host.verdict = async (raw) => (["r3\n", "r7\n"].includes(new TextDecoder().decode(raw)) ? { kind: "refused", code: "FLW-102" } : accepted);
    host.folder.put("a", file(records(10)));
    await host.clock.advance(3_000);
    const taken = new Set<string>();
    for (const line of lines(host)) taken.add(line);
    expect([...taken]).toEqual(records(10));
    expect(host.folder.disposed).toEqual([{ name: "a", how: "error" }]);
    expect(host.problems.at(-1)).toEqual({ code: "FIL-106", counts: { refused: 2 } });
    expect(host.checkpoints.get("file")).toBe("gone");
    await source.stop();
  });

  test("while the engine cannot keep its promise they are offered again each second, and then each is taken once", async () => {
    const { host, source } = await started({}, cutting());
    const taken: string[] = [];
    let down = true;
    host.verdict = async (raw, index) => {
      if (down || index % 5 === 4) return { kind: "unavailable", code: "FLW-105" };
      taken.push(new TextDecoder().decode(raw).trim());
      return accepted;
    };
    host.folder.put("a", file(records(12)));
    await host.clock.advance(4_500);
    expect(taken).toEqual([]);
    down = false;
    await host.clock.advance(20_000);
    // The host refuses what does not follow the one before it, so what it moved its checkpoint for is in order and once.
    expect(host.folder.disposed).toEqual([{ name: "a", how: "move" }]);
    expect(new Set(taken)).toEqual(new Set(records(12)));
    await source.stop();
  });

  test("stopped in the middle: it goes on behind what is on record", async () => {
    const host = cutting();
    const first = await started({ inFlight: 4 }, host);
    const gates: (() => void)[] = [];
    host.verdict = () => new Promise((resolve) => gates.push(() => resolve(accepted)));
    host.folder.put("a", file(records(20)));
    await host.clock.advance(1_000);
    for (const open of gates.splice(0, 4)) open();
    await settled();
    const stopping = first.source.stop();
    host.abort();
    await settled();
    for (const open of gates.splice(0)) open();
    await stopping;
    const before = host.received.length;
    expect(before).toBeGreaterThan(4);
    expect(before).toBeLessThan(20);
    expect(host.folder.names).toEqual(["a"]);

    const again = cutting();
    again.checkpoints.set("file", host.checkpoints.get("file") ?? "");
    again.folder.put("a", file(records(20)));
    const { source } = await started({}, again);
    await again.clock.advance(2_000);
    expect(lines(again)).toEqual(records(20).slice(before));
    await source.stop();
  });

  test("written to after part of it was taken: set aside, nothing more is taken of it", async () => {
    const host = cutting();
    host.checkpoints.set("file", "1 1.40.1700000000000 40 20 0");
    const { source } = await started({}, host);
    host.folder.put("a", file(records(30)));
    await host.clock.advance(2_000);
    expect(text(host)).toEqual([]);
    expect(host.folder.disposed).toEqual([{ name: "a", how: "error" }]);
    expect(host.problems).toContainEqual({ code: "FIL-105", counts: { offset: 20 } });
    await source.stop();
  });

  test("a new file with the number of one that was never ended is new", async () => {
    const host = cutting();
    host.checkpoints.set("file", "1@77 1.40.1700000000000 40 20 0");
    const { source } = await started({}, host);
    host.folder.put("a", file(["r0", "r1"]), "1@78");
    await host.clock.advance(2_000);
    expect(lines(host)).toEqual(["r0", "r1"]);
    expect(host.folder.disposed).toEqual([{ name: "a", how: "move" }]);
    await source.stop();
  });

  test("still there after a stop, though all of it is on record: it leaves with a word, and is new when it comes back", async () => {
    const host = cutting();
    host.checkpoints.set("file", "1 1.6.1700000000000 6 6 0");
    host.folder.put("a", file(["r0", "r1"]), "1");
    const { source } = await started({}, host);
    await host.clock.advance(2_000);
    expect([lines(host), host.folder.disposed, host.problems]).toEqual([[], [{ name: "a", how: "move" }], [{ code: "FIL-109" }]]);
    host.folder.put("a", file(["r0", "r1"]), "1", 1_700_000_000_000);
    await host.clock.advance(2_000);
    expect(lines(host)).toEqual(["r0", "r1"]);
    expect(host.problems).toHaveLength(1);
    await source.stop();
  });

  test("one beyond the limit: what stands before it is taken, and the file is set aside with a code", async () => {
    const { host, source } = await started({ maxBytes: "10b" }, cutting());
    host.folder.put("a", bytes(`r0\nr1\n${"x".repeat(200_000)}`));
    await host.clock.advance(2_000);
    expect(host.folder.disposed).toEqual([{ name: "a", how: "error" }]);
    expect(host.problems.at(-1)?.code).toBe("FIL-104");
    await source.stop();
  });
});
