import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { compare } from "./compare.ts";
import { FrameReader, fieldOf, framed } from "./frames.ts";
import { type ArrivalLine, LedgerFile, readLedger, type SenderLine } from "./ledger.ts";
import { LedgerReceiver, type Manners } from "./receiver.ts";
import { LedgerSender } from "./sender.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ledger-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Sender straight to receiver, until `count` messages are acked. The drill's transform is not there, so the mark is compared without it. */
async function exchange(count: number, manners: Manners) {
  const sendings = new LedgerFile(join(folder, "sender"));
  const arrivals = new LedgerFile(join(folder, "receiver"));
  const { receiver, ports } = await LedgerReceiver.start(arrivals, ["lane"], manners);
  const port = ports.get("lane") ?? 0;
  const sender = new LedgerSender({ ledger: sendings, run: "T", connections: [{ name: "a", port }, { name: "b", port }] });
  while (sender.acked < count) await new Promise((done) => setTimeout(done, 5));
  await sender.finish();
  await receiver.close();
  sendings.close();
  arrivals.close();
  const sent = (readLedger(sendings.path) as SenderLine[]).map((l) => (l.kind === "sent" ? { ...l, mark: "" } : l));
  return { ...compare(sent, readLedger(arrivals.path) as ArrivalLine[], () => ["lane"]), sender, receiver };
}

describe("the ledger pair over loopback", () => {
  test("agrees when nothing is between them", async () => {
    const { acked, lost, reordered, duplicates, damaged, receiver } = await exchange(200, {});
    expect(acked).toBeGreaterThanOrEqual(200);
    expect({ lost, reordered, duplicates, damaged, stray: receiver.stray }).toEqual({ lost: 0, reordered: 0, duplicates: 0, damaged: 0, stray: 0 });
    expect(receiver.arrivals).toBe(acked);
  });

  test("a connection closed before the answer is one duplicate, sent under the same id", async () => {
    const { lost, reordered, duplicates } = await exchange(50, { answer: (nth) => (nth % 10 === 0 ? "close" : "AA") });
    expect(duplicates).toBeGreaterThanOrEqual(5);
    expect({ lost, reordered }).toEqual({ lost: 0, reordered: 0 });
  });

  test("a negative answer is sent again and counted apart", async () => {
    const { lost, duplicates, sender } = await exchange(20, { answer: (nth) => (nth === 3 ? "AE" : nth === 5 ? "AR" : "AA") });
    expect(sender.refused).toBe(2);
    expect({ lost, duplicates }).toEqual({ lost: 0, duplicates: 0 });
  });

  test("a receiver that forgets one, or writes one down late, is found out", async () => {
    expect((await exchange(20, { record: (nth) => (nth === 7 ? "forget" : "yes") })).lost).toBe(1);
    rmSync(folder, { recursive: true });
    folder = mkdtempSync(join(tmpdir(), "ledger-"));
    expect((await exchange(30, { record: (nth) => (nth === 7 ? "late" : "yes") })).reordered).toBe(1);
  });
});

describe("frames", () => {
  test("are read from pieces of any size", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[A-Za-z0-9|^~é]{0,20}$/)), fc.integer({ min: 1, max: 9 }), (texts, size) => {
        const bytes = Buffer.concat(texts.map(framed));
        const reader = new FrameReader();
        const read: string[] = [];
        for (let at = 0; at < bytes.length; at += size) read.push(...reader.read(bytes.subarray(at, at + size)));
        expect(read).toEqual(texts);
        expect(reader.stray).toBe(0);
      }),
    );
  });

  test("what stands outside is counted", () => {
    const reader = new FrameReader();
    expect(reader.read(Buffer.from("xy\x0ba\x1c\rz"))).toEqual(["a"]);
    expect(reader.stray).toBe(3);
  });

  test("fields are found by HL7's numbers", () => {
    const message = "MSH|^~\\&|A|B|C|D|T||ADT^A01|ID7|P|2.5\rMSA|AA|ID7\r";
    expect([fieldOf(message, "MSH", 10), fieldOf(message, "MSA", 1), fieldOf(message, "ZID", 1)]).toEqual(["ID7", "AA", ""]);
  });
});
