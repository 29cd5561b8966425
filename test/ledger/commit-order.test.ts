import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { compare } from "./compare.ts";
import { EngineProcess } from "./engine-process.ts";
import { freePorts, writeProject } from "./engine-project.ts";
import { type ArrivalLine, LedgerFile, readLedger, type SenderLine } from "./ledger.ts";
import { LedgerReceiver } from "./receiver.ts";
import { LedgerSender } from "./sender.ts";

const victim = 5;
let folder: string;

beforeEach(() => {
  const parent = join(import.meta.dirname, "../../.sluice"); // a real disk: the store refuses memory
  mkdirSync(parent, { recursive: true });
  folder = mkdtempSync(join(parent, "commit-order-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/**
 * One connection sends; the engine ends by itself, hard, at the fault point of message `victim`. What both ledgers say then is kept;
 * afterwards the engine starts again without the fault and the sender, which got no answer, sends the same message again.
 */
async function crashAt(fault: "exit-before-commit" | "exit-after-commit") {
  const sendings = new LedgerFile(join(folder, "sender"));
  const arrivals = new LedgerFile(join(folder, "receiver"));
  const { receiver, ports } = await LedgerReceiver.start(arrivals, ["c0/out"]);
  const [port = 0] = await freePorts(1);
  const project = join(folder, "project");
  writeProject(project, ["ADT^A01"], [{ name: "c0", port, lanes: new Map([["out", ports.get("c0/out") ?? 0]]) }]);
  const both = () => ({ sender: readLedger(sendings.path) as SenderLine[], receiver: readLedger(arrivals.path) as ArrivalLine[] });

  const faulty = new EngineProcess(project, `${fault}:${victim}`);
  await faulty.ready;
  const sender = new LedgerSender({ ledger: sendings, run: "C", connections: [{ name: "00", port }] });
  const ending = await faulty.ended;
  await pause(100); // whatever was still on its way has arrived
  const atCrash = both();

  // Without the sender: what is stored is delivered, what is not stored is not.
  sender.pause();
  const recovered = new EngineProcess(project);
  await recovered.ready;
  const stored = () => times(both().receiver, "arrived", idOf(victim)) > 0;
  for (let i = 0; i < 600 && (i < 15 || (fault === "exit-after-commit" && !stored())); i++) await pause(100);
  const afterRecovery = both();

  sender.resume();
  for (let i = 0; i < 1200 && sender.acked < victim + 5; i++) await pause(50);
  await sender.finish();
  const verdict = () => compare(both().sender, both().receiver, () => ["c0/out"]);
  for (let i = 0; i < 600 && verdict().lost > 0; i++) await pause(100);
  // One more than there should be would come soon.
  await pause(1_000);
  await recovered.stop();
  await receiver.close();
  sendings.close();
  arrivals.close();
  return { ending, atCrash, afterRecovery, atEnd: both(), verdict: verdict() };
}

const idOf = (nth: number) => `C00${String(nth).padStart(8, "0")}`;
const ackedIds = (lines: readonly SenderLine[]) => lines.flatMap((l) => (l.kind === "acked" && l.code === "AA" ? [l.id] : []));
const times = (lines: readonly (SenderLine | ArrivalLine)[], kind: string, id: string) => lines.filter((l) => l.kind === kind && l.id === id).length;

describe("a positive acknowledgement is never sent before the commit", () => {
  test("killed before the commit: no acknowledgement, nothing stored; the resend is delivered once", async () => {
    const { ending, atCrash, afterRecovery, atEnd, verdict } = await crashAt("exit-before-commit");
    expect(ending).not.toBe(0);
    expect(ackedIds(atCrash.sender)).toEqual([1, 2, 3, 4].map(idOf));
    expect(times(atCrash.sender, "sent", idOf(victim))).toBeGreaterThan(0);
    expect(times(afterRecovery.receiver, "arrived", idOf(victim))).toBe(0);
    expect(times(atEnd.receiver, "arrived", idOf(victim))).toBe(1);
    expect(verdict).toMatchObject({ lost: 0, reordered: 0, damaged: 0 });
  });

  test("killed after the commit, before the acknowledgement: stored and delivered; the resend is recognised", async () => {
    const { ending, atCrash, afterRecovery, atEnd, verdict } = await crashAt("exit-after-commit");
    expect(ending).not.toBe(0);
    expect(ackedIds(atCrash.sender)).toEqual([1, 2, 3, 4].map(idOf));
    expect(times(afterRecovery.receiver, "arrived", idOf(victim))).toBe(1);
    expect(ackedIds(atEnd.sender)).toContain(idOf(victim));
    expect(times(atEnd.sender, "sent", idOf(victim))).toBeGreaterThan(1);
    expect(times(atEnd.receiver, "arrived", idOf(victim))).toBe(1);
    expect(verdict).toMatchObject({ lost: 0, reordered: 0, damaged: 0 });
  });
});
