import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore, type Store, type StoreCare } from "../store/index.ts";
import { ledgerFiles } from "../store/ledger/files.ts";
import { disclosing } from "../store/ledger/sample.fixture.ts";
import { verifyLedger } from "../store/ledger/verify.ts";
import { fakeClock, seededRandom } from "../store/testing.ts";
import { Pairing } from "./disclosure.ts";
import { entriesOf } from "./entries.ts";

const lane = "lab/ehr";
const clock = fakeClock();
let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), "sluice-killed-"))));
afterEach(() => rmSync(root, { recursive: true }));

const open = (dir: string, seed: number, writer: "inline" | "thread") => openStore({ allowVolatile: true, minFreeBytes: 0, follow: false, dir, clock, random: seededRandom(seed), writer });

async function intended(store: Store & StoreCare): Promise<number> {
  const { id } = await store.accept({ channel: "lab", revision: "r", receivedAt: 1, raw: { format: "text", bytes: Buffer.from("m") }, lanes: [lane] });
  await store.fill(lane, id, { format: "text", bytes: Buffer.from("s") }, [], disclosing);
  return id;
}

/** The data folder as a kill leaves it at this moment. */
function killed(dir: string): string {
  const to = join(root, "killed");
  for (const each of readdirSync(dir)) if (!each.startsWith("lock.db")) cpSync(join(dir, each), join(to, each), { recursive: true });
  return to;
}

const words = {
  withheld: (store: Store, id: number) => store.settle({ lane, id, state: "waiting", at: clock.now(), attempts: 0, code: "PHI-203", reason: "agreement-expired T-1", partner: "ehr" }),
  refused: (store: Store, id: number) => store.settle({ lane, id, state: "refused", at: clock.now(), attempts: 0, code: "PHI-201", partner: "ehr" }),
  cancelled: (store: Store, id: number) => store.cancel(lane, id, clock.now(), "wrong feed"),
} as const;

test.each([["withheld", "inline"], ["refused", "thread"], ["cancelled", "inline"]] as const)("killed after the bytes left, then %s: assumed disclosed", async (word, writer) => {
  const first = await open(join(root, "data"), 1, writer);
  const old = await intended(first);
  const dir = killed(join(root, "data"));
  await first.close();
  const again = await open(dir, 2, writer);
  const young = await intended(again);
  await words[word](again, old);
  await words[word](again, young);
  await again.close();
  const pairing = new Pairing();
  const found: (readonly [number | undefined, string])[] = [];
  const kinds: string[] = [];
  for await (const entry of entriesOf(ledgerFiles(join(dir, "disclosures")))) {
    kinds.push(entry.kind);
    const disclosure = pairing.take(entry);
    if (disclosure) found.push([disclosure.intent.message, disclosure.reach]);
  }
  expect(kinds.filter((kind) => kind === "started")).toHaveLength(1);
  expect([...found, ...pairing.rest().map(({ intent, reach }) => [intent.message, reach] as const)]).toEqual([[old, "assumed"], [young, "not"]]);
  expect((await verifyLedger(ledgerFiles(join(dir, "disclosures")), { keys: [] })).problems.filter(({ code }) => code !== "STO-513")).toEqual([]);
});

test("what is signed first after a kill does not stand for the start", async () => {
  const first = await open(join(root, "data"), 1, "inline");
  const id = await intended(first);
  const dir = killed(join(root, "data"));
  await first.close();
  await (await open(dir, 2, "inline")).close();
  const again = await open(dir, 3, "inline");
  await words.refused(again, id);
  await again.close();
  const kinds: string[] = [];
  for await (const { kind } of entriesOf(ledgerFiles(join(dir, "disclosures")))) kinds.push(kind);
  expect(kinds).toEqual(["begin", "intent", "started", "started", "outcome"]);
});
