import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EngineError } from "../sdk/index.ts";
import { prepare } from "./prepare.ts";
import { message, program, wallClock } from "./samples.ts";
import type { RunOutput } from "./sandbox.ts";
import { Seat } from "./seat.ts";
import { WorkerProcess } from "./worker-process.ts";

/** A worker that says it is ready, and answers the first frame of messages with bytes of the test's choice. */
const liar = (says: string) => `
import { readSync, writeSync } from "node:fs";
const frame = (kind, ...fields) => { const body = Buffer.concat([Buffer.from([kind]), ...fields]); const head = Buffer.alloc(4); head.writeUInt32LE(body.length); return Buffer.concat([head, body]); };
const u32 = (n) => { const b = Buffer.alloc(4); b.writeUInt32LE(n); return b; };
const text = (t) => Buffer.concat([u32(Buffer.byteLength(t)), Buffer.from([0]), Buffer.from(t)]);
const answer = (t) => Buffer.concat([Buffer.from([0]), text("o3," + t.length + "|\\n" + t)]);
writeSync(1, frame(11, text(JSON.stringify({ readDenied: true, connectDenied: true, environment: 0 }))));
const chunk = Buffer.alloc(1 << 22);
let rest = Buffer.alloc(0);
for (;;) {
  const n = readSync(0, chunk);
  if (n === 0) process.exit(0);
  rest = Buffer.concat([rest, chunk.subarray(0, n)]);
  while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32LE(0)) {
    if (rest[4] === 4) { ${says} }
    rest = rest.subarray(4 + rest.readUInt32LE(0));
  }
}`;

let folder: string;
let seat: Seat | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-protocol-"));
});
afterEach(() => {
  seat?.close();
  seat = undefined;
  rmSync(folder, { recursive: true });
});

function scripted(text: string) {
  const script = join(folder, "worker.mjs");
  writeFileSync(script, text);
  return { clock: wallClock, modules: () => "[]", keep: 1, maxFrame: 1 << 20, without: undefined, script };
}

const loaded = { handle: 1, prepared: prepare(program({ format: "text", limits: { timeoutMs: 5000 } })) };

async function runBoth(says: string, modules = () => "[]"): Promise<RunOutput[]> {
  seat = new Seat({ ...scripted(liar(says)), modules, rssLimitBytes: 2 ** 40, onKill: undefined, most: 1, closed: false, onSuspect: () => {} });
  await seat.open();
  const run = (id: string) => new Promise<RunOutput>((done) => seat?.run({ loaded, input: message("x", id), done }));
  const first = await run("a");
  return [first, await run("b")];
}

const crashed = { results: [{ kind: "failed", code: "SBX-208" }], log: [] };

describe("a worker that does not keep the protocol is killed, and nothing it said answers for another message", () => {
  it.each([
    ["two answers for one message", 'writeSync(1, frame(13, u32(2), answer("A"), answer("B")));'],
    ["two answers in two frames", 'writeSync(1, Buffer.concat([frame(13, u32(0)), frame(13, u32(1), answer("A"))]));'],
    ["a frame of another kind, then an answer", 'writeSync(1, Buffer.concat([frame(12, text("[]")), frame(13, u32(1), answer("A"))]));'],
    ["an answer that is cut off, then a whole one", 'writeSync(1, Buffer.concat([frame(13, u32(1), Buffer.from([0, 9])), frame(13, u32(1), answer("A"))]));'],
    ["an answer and something behind it", 'writeSync(1, frame(13, u32(1), answer("A"), u32(7)));'],
  ])("%s", async (_, says) => {
    expect(await runBoth(says)).toEqual([crashed, crashed]);
  });

  it("signs of life that are no answers do not count", async () => {
    const [first] = await runBoth("for (;;) { writeSync(1, frame(11, text('{}'))); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50); }");
    expect(first).toEqual(crashed);
  });

  it("a worker that answers as asked is heard", async () => {
    const [first, second] = await runBoth('writeSync(1, frame(13, u32(1), answer("A")));');
    expect(first?.results).toEqual([{ kind: "output", format: "text", text: "A" }]);
    expect(second).toEqual(first);
  });

  it("the modules that run inside go ahead of its first message, once", async () => {
    let reads = 0;
    const [first, second] = await runBoth('writeSync(1, frame(13, u32(1), answer("A")));', () => `[${++reads}]`);
    expect([first?.results[0]?.kind, second?.results[0]?.kind, reads]).toEqual(["output", "output", 1]);
  });

  it("where they cannot be read, messages fail and the engine goes on", async () => {
    const unreadable = () => {
      throw new EngineError("SBX-302", { module: "codec/gone" });
    };
    const failed = { results: [{ kind: "failed", code: "SBX-302" }], log: [] };
    expect(await runBoth("", unreadable)).toEqual([failed, failed]);
  });
});

it("a worker that never says that it is ready has not started", async () => {
  const events = { frame: () => {}, exit: () => {} };
  const silent = WorkerProcess.start({ ...scripted("setInterval(() => {}, 1000)"), readyMs: 300 }, events);
  await expect(silent).rejects.toMatchObject({ code: "SBX-302", safe: { reason: "worker did not say that it is ready" } });
});
