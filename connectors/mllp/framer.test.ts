import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { frame } from "./frame.ts";
import { Framer } from "./framer.ts";

const limits = { maxFrame: 1000, maxGarbage: 100 };
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (message: Uint8Array) => new TextDecoder().decode(message);
const join = (parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

function feed(chunks: readonly Uint8Array[], own = limits) {
  const frames: string[] = [];
  const framer = new Framer(own, (message) => frames.push(text(message)));
  let failure: string | undefined;
  let skipped = 0;
  for (const chunk of chunks) {
    failure ??= framer.push(chunk);
    skipped += framer.takeSkipped();
  }
  return { frames, failure, skipped, framer };
}

/** Messages as MLLP can carry them: any byte but the two that frame. */
const content = fc.uint8Array({ maxLength: 60 }).map((part) => part.map((byte) => (byte === 0x0b || byte === 0x1c ? 0x20 : byte)));

describe("framer", () => {
  test("gives out the same frames however the stream is cut", () => {
    fc.assert(
      fc.property(fc.array(content, { maxLength: 8 }), fc.array(fc.nat(400), { maxLength: 30 }), (messages, cuts) => {
        const stream = join(messages.map(frame));
        const at = [...new Set(cuts.filter((cut) => cut < stream.length))].sort((a, b) => a - b);
        const chunks = [0, ...at].map((from, i) => stream.subarray(from, at[i] ?? stream.length));
        const { frames, failure } = feed(chunks);
        expect(failure).toBeUndefined();
        expect(frames).toEqual(messages.map(text));
      }),
      { numRuns: 300 },
    );
  });

  test("takes a stream byte by byte, FS and CR apart, characters cut in the middle", () => {
    const stream = join([frame(bytes("één")), frame(bytes("zwei")), frame(bytes("trois"))]);
    expect(feed([...stream].map((byte) => Uint8Array.of(byte))).frames).toEqual(["één", "zwei", "trois"]);
  });

  test("counts what stands before a start byte, line ends apart, and loses nothing after it", () => {
    const { frames, skipped, failure } = feed([bytes("\r\n\r\nhello"), frame(bytes("a")), bytes("\r\n"), frame(bytes("b"))]);
    expect({ frames, skipped, failure }).toEqual({ frames: ["a", "b"], skipped: 5, failure: undefined });
  });

  test("gives up on garbage beyond the cap, after the good frames", () => {
    expect(feed([frame(bytes("good")), bytes("x".repeat(60)), bytes("x".repeat(60))])).toMatchObject({ frames: ["good"], failure: "MLP-102" });
  });

  test("a frame of exactly the limit passes, one byte more does not, in one chunk or many", () => {
    const whole = frame(bytes("x".repeat(1000)));
    const larger = frame(bytes("x".repeat(1001)));
    expect(feed([whole]).failure).toBeUndefined();
    expect(feed([larger])).toMatchObject({ frames: [], failure: "MLP-103" });
    expect(feed([...larger].map((byte) => Uint8Array.of(byte))).failure).toBe("MLP-103");
  });

  test.each([
    ["FS without CR, in one chunk", ["\x0bone\x1c\r\x0bbad\x1cmore\x1c\r\x0bnext\x1c\r"]],
    ["FS without CR, apart", ["\x0bone\x1c\r\x0bbad\x1c", "\n\x0bnext\x1c\r"]],
  ])("%s breaks the framing, and nothing is guessed after it", (_, chunks) => {
    expect(feed(chunks.map(bytes))).toMatchObject({ frames: ["one"], failure: "MLP-104" });
  });

  test("a start byte inside a frame never merges two messages", () => {
    expect(feed([bytes("\x0bone\x1c\r\x0bhalf of two"), bytes("\x0bthree\x1c\r")])).toMatchObject({ frames: ["one"], failure: "MLP-105" });
  });

  test("an empty frame is a frame", () => {
    expect(feed([bytes("\x0b\x1c\r")]).frames).toEqual([""]);
  });

  test("a large frame costs linear time: 20 MB in 16 KB chunks, and holds what it says", () => {
    const chunk = new Uint8Array(16 * 1024).fill(0x41);
    const large = { maxFrame: 50 * 1024 * 1024, maxGarbage: 0 };
    const sizes: number[] = [];
    const framer = new Framer(large, (message) => sizes.push(message.length));
    const started = performance.now();
    framer.push(Uint8Array.of(0x0b));
    for (let i = 0; i < 1280; i++) framer.push(chunk);
    expect(framer.held).toBe(1280 * chunk.length);
    framer.push(Uint8Array.of(0x1c, 0x0d));
    expect([sizes, framer.held]).toEqual([[1280 * chunk.length], 0]);
    // The quadratic libraries need seconds for this; linear is tens of milliseconds.
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
