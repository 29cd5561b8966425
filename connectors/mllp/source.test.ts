import { describe, expect, test } from "vitest";
import type { Receipt } from "../../engine/sdk/index.ts";
import { completeOptions, settled, SourceHost } from "../../engine/sdk/testing/index.ts";
import { frame } from "./frame.ts";
import { ackFor, controlIdOf, message } from "./hl7.fixture.ts";
import { sourceOptions } from "./options.ts";
import { mllpSource } from "./source.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const join = (...parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const accepted = async (raw: Uint8Array): Promise<Receipt> => ({ kind: "accepted", ack: ackFor(controlIdOf(raw) ?? "", "AA") });

async function started(options: Record<string, unknown> = {}) {
  const host = new SourceHost();
  host.verdict = accepted;
  const source = mllpSource(completeOptions(sourceOptions, { port: 2575, ...options }));
  await source.start(host.context);
  return { host, source, codes: () => host.problems.map(({ code }) => code) };
}

describe("limits of a connection", () => {
  test("no first frame in time, and garbage buys none", async () => {
    const { host, codes } = await started();
    const silent = host.connect();
    const noisy = host.connect();
    for (let second = 0; second < 12; second++) {
      noisy.send(bytes("x"));
      await host.clock.advance(1000);
    }
    expect([silent.closed, noisy.closed, codes()]).toEqual([true, true, ["MLP-108", "MLP-108"]]);
  });

  test("a frame that never ends", async () => {
    const { host, codes } = await started();
    const peer = host.connect();
    peer.send(join(frame(message("1")), bytes("\x0bMSH|")));
    for (let second = 0; second < 125 && !peer.closed; second++) {
      peer.send(new Uint8Array(2000).fill(0x41));
      await host.clock.advance(1000);
    }
    expect([peer.closed, codes(), host.received.length, peer.received.length]).toEqual([true, ["MLP-106"], 1, 1]);
  });

  test("a frame that drips, but not one that is fast enough", async () => {
    const { host, codes } = await started();
    const [slow, fast] = [host.connect(), host.connect()];
    slow.send(bytes("\x0b"));
    fast.send(bytes("\x0b"));
    for (let second = 0; second < 15; second++) {
      slow.send(bytes("x"));
      fast.send(new Uint8Array(1100).fill(0x41));
      await host.clock.advance(1000);
    }
    expect([slow.closed, fast.closed, codes()]).toEqual([true, false, ["MLP-107"]]);
  });

  test("an idle connection is culled; one that waits for the engine is not", async () => {
    const { host, codes } = await started({ idleTimeout: "1m" });
    const idle = host.connect();
    idle.send(frame(message("1")));
    await settled();
    host.verdict = () => new Promise(() => {});
    const waiting = host.connect();
    waiting.send(frame(message("2")));
    await host.clock.advance(120_000);
    expect([idle.closed, waiting.closed, codes()]).toEqual([true, false, ["MLP-109"]]);
  });

  test("a frame beyond the limit closes the connection after the good one before it was answered", async () => {
    const { host, codes } = await started({ maxFrame: "1kb" });
    const peer = host.connect();
    peer.send(join(frame(message("1")), frame(message("2", "x".repeat(2000))), frame(message("3"))));
    await settled();
    expect([peer.closed, peer.received.length, host.received.length, codes()]).toEqual([true, 1, 1, ["MLP-103"]]);
  });

  test("garbage without a start byte is capped", async () => {
    const { host, codes } = await started({ maxGarbage: "1kb" });
    const peer = host.connect();
    peer.send(frame(message("1")));
    peer.send(new Uint8Array(2000).fill(0x41));
    await settled();
    expect([peer.closed, peer.received.length, codes()]).toEqual([true, 1, ["MLP-102"]]);
  });

  test("garbage before a frame is reported once, with its size, and the frame is served", async () => {
    const { host } = await started();
    const peer = host.connect();
    peer.send(join(bytes("hello"), frame(message("1"))));
    await settled();
    expect([peer.received.length, host.problems]).toEqual([1, [{ code: "MLP-101", counts: { bytes: 5 } }]]);
  });

  test("the end of a connection inside a frame is reported; nothing half is handed over", async () => {
    const { host, codes } = await started();
    const peer = host.connect();
    peer.send(join(frame(message("1")), bytes("\x0bMSH|half")));
    peer.end();
    await settled();
    expect([peer.closed, host.received.length, codes()]).toEqual([true, 1, ["MLP-110"]]);
  });
});

describe("order and answers", () => {
  test("frames sent ahead wait, pause the wire and count as held", async () => {
    const { host } = await started();
    const gates: ((receipt: Receipt) => void)[] = [];
    host.verdict = () => new Promise((resolve) => gates.push(resolve));
    const peer = host.connect();
    peer.send(join(frame(message("1")), frame(message("2")), frame(message("3"))));
    await settled();
    expect([host.received.length, peer.paused, peer.held]).toEqual([1, true, message("2").length * 2]);
    for (let n = 1; n <= 3; n++) {
      gates[n - 1]?.({ kind: "accepted", ack: ackFor(String(n), "AA") });
      await settled();
      expect(peer.received.length).toBe(n);
    }
    expect([peer.paused, peer.held]).toEqual([false, 0]);
  });

  test("what was sent ahead of a message the engine could not take is not taken either", async () => {
    const { host } = await started();
    host.verdict = async (_, index) => (index === 0 ? { kind: "unavailable", ack: ackFor("1", "AE") } : accepted(message("2")));
    const peer = host.connect();
    peer.send(join(frame(message("1")), frame(message("2"))));
    await settled();
    expect([host.received.length, peer.received.length, peer.closed]).toEqual([1, 1, true]);
  });

  test("a message whose fate is not known is not answered, and the next one is served", async () => {
    const { host, codes } = await started();
    host.verdict = async (_, index) => (index === 0 ? { kind: "unanswered", id: "m1", code: "FLW-305" } : { kind: "accepted", id: "m2", ack: ackFor("2", "AA") });
    const peer = host.connect();
    peer.send(join(frame(message("1")), frame(message("2"))));
    await settled();
    expect([peer.received.length, peer.closed, codes()]).toEqual([1, false, []]);
  });

  test("who asked for no answer is not cut off for a message that was refused", async () => {
    const { host, codes } = await started();
    host.verdict = async () => ({ kind: "refused", code: "FLW-101", unasked: true });
    const peer = host.connect();
    peer.send(frame(message("1")));
    await settled();
    expect([peer.received.length, peer.closed, codes()]).toEqual([0, false, []]);
  });

  test("the application's acknowledgement follows the accept's when it comes; the next frame does not wait for it, the end of the connection does", async () => {
    const { host } = await started();
    const application = Promise.withResolvers<Uint8Array>();
    host.verdict = async (_, index) =>
      index === 0 ? { kind: "accepted", id: "m1", ack: ackFor("1", "CA"), applicationAck: application.promise } : { kind: "accepted", id: "m2", ack: ackFor("2", "AA") };
    const peer = host.connect();
    peer.send(join(frame(message("1")), frame(message("2"))));
    peer.end();
    await settled();
    expect([peer.received.length, peer.closed]).toEqual([2, false]);
    application.resolve(ackFor("1", "AE"));
    await settled();
    expect([peer.received.map((bytes) => /MSA\|(\w\w\|\d)/.exec(Buffer.from(bytes).toString())?.[1]), peer.closed]).toEqual([["CA|1", "AA|2", "AE|1"], true]);
  });

  test("a message that can have no answer ends its connection", async () => {
    const { host, codes } = await started();
    host.verdict = async () => ({ kind: "refused", code: "HL7-101" });
    const peer = host.connect();
    peer.send(frame(bytes("no HL7")));
    await settled();
    expect([peer.closed, codes()]).toEqual([true, ["MLP-111"]]);
  });

  test("a sender that ends its side right after sending still gets its answers", async () => {
    const { host } = await started();
    const peer = host.connect();
    peer.send(join(frame(message("1")), frame(message("2"))));
    peer.end();
    await settled();
    expect([peer.received.length, peer.closed]).toEqual([2, true]);
  });
});
