import { readSync, writeSync } from "node:fs";
import type ivm from "isolated-vm";
import { checkSyntax, type Wrapped } from "./check.ts";
import { probe } from "./probe.ts";
import type { InsideModule } from "./realm.ts";
import { Runner } from "./runner.ts";
import { FrameCutter, FrameReader, FrameWriter, kind, status } from "./wire.ts";

/** Results are handed over at least this often, so that one slow message does not hold back those before it. */
const flushMs = 10;

const unrun = { status: status.unrun, text: "" };

/** The worker: frames in on descriptor 0, frames out on descriptor 1, synchronously; it ends when the pipe does. */
const binding: { exports: { ivm?: typeof ivm } & typeof ivm } = { exports: {} as never };
process.dlopen(binding, process.argv[2] ?? "");
const vm = binding.exports.ivm ?? binding.exports;
const found = await probe();
// Isolates take their time zone and locale from the environment, which is empty until here.
process.env.TZ = "UTC";

let runner: Runner;
const out = new FrameWriter();
const cutter = new FrameCutter(0x7fff_ffff);
const chunk = Buffer.allocUnsafe(512 * 1024);
for (;;) {
  const length = readSync(0, chunk, 0, chunk.length, null);
  if (length === 0) process.exit(0);
  cutter.push(Buffer.from(chunk.subarray(0, length)), serve);
}

function serve(body: Buffer): void {
  const frame = new FrameReader(body);
  const frameKind = frame.u8();
  if (frameKind === kind.run) run(frame);
  else if (frameKind === kind.load) load(frame);
  else if (frameKind === kind.unload) runner.unload(frame.u32());
  else if (frameKind === kind.modules) runner.teach(JSON.parse(frame.text()) as InsideModule[]);
  else if (frameKind === kind.init) init(frame);
}

function init(frame: FrameReader): void {
  runner = new Runner(vm, frame.u32());
  write(out.start(kind.ready).text(JSON.stringify(found)).end());
}

function load(frame: FrameReader): void {
  const handle = frame.u32();
  const check = frame.u8() === 1;
  runner.load(handle, { timeoutMs: frame.u32(), memoryMb: frame.u32(), json: frame.text() });
  if (!check) return;
  const mistakes = checkSyntax(vm, JSON.parse(frame.text()) as Wrapped[]);
  write(out.start(kind.loaded).text(JSON.stringify(mistakes)).end());
}

function run(frame: FrameReader): void {
  const count = frame.u32();
  /** Channels whose code was stopped: the engine runs the rest of their messages where nobody waits behind them. */
  const stopped = new Set<number>();
  let unsent = 0;
  let since = performance.now();
  for (let index = 0; index < count; index++) {
    const handle = frame.u32();
    const receivedAt = frame.f64();
    const id = frame.text();
    const text = frame.text();
    const ran = stopped.has(handle) ? unrun : runner.run(handle, id, receivedAt, text);
    if (ran.status === status.timeout || ran.status === status.memory) stopped.add(handle);
    if (unsent === 0) out.start(kind.results).u32(0);
    out.u8(ran.status).text(ran.text);
    unsent += 1;
    const now = performance.now();
    if (index + 1 < count && now - since < flushMs) continue;
    out.patchU32(5, unsent);
    write(out.end());
    unsent = 0;
    since = now;
  }
}

function write(bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
}
