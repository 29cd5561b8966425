import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StoreHarness, WholeStore } from "./conformance-model.ts";
import type { LedgerRecord } from "./ledger/notice.ts";
import { disclosing } from "./ledger/sample.fixture.ts";
import type { End, Flight } from "./store.ts";

const lane = "lab/ehr";
const at = Date.UTC(2026, 0, 5, 8);

/** What every store's ledger of disclosures must hold. `lines`: its records in order, from a store that is closed. */
export function ledgerConformance(make: () => Promise<StoreHarness>, lines: (harness: StoreHarness) => readonly LedgerRecord[]): void {
  describe("ledger of disclosures", () => {
    let harness: StoreHarness;
    let store: WholeStore;
    beforeEach(async () => {
      harness = await make();
      store = await harness.open();
    });
    afterEach(() => harness.remove());

    const accept = async () => (await store.accept({ channel: "lab", revision: "r1", receivedAt: at, raw: { format: "text", bytes: Buffer.from("m") }, lanes: [lane] })).id;
    const fill = (id: number) => store.fill(lane, id, { format: "text", bytes: Buffer.from("sent") }, [], disclosing);
    const settle = (id: number, state: Flight | End, more: object = {}) => store.settle({ lane, id, state, at: at + 5, attempts: 1, ...more });
    const records = async () => {
      await store.close();
      return lines(harness).filter(({ kind, checkpoint }) => kind !== "begin" && checkpoint === undefined);
    };
    const kinds = async () => (await records()).map(({ kind, state, of }) => [kind, state, of].filter((each) => each !== undefined).join(" "));
    const entry = () => store.claim(lane, 0, { entries: 9, bytes: 1e6 })[0];

    test("the intent stands with the fill, the outcome with the end, and names it", async () => {
      const id = await accept();
      expect(entry()?.disclosed).toBeUndefined();
      await fill(id);
      expect(entry()).toMatchObject({ filled: true, disclosed: true });
      await settle(id, "delivered");
      const [intent, outcome] = await records();
      expect(intent).toMatchObject({
        kind: "intent", lane, message: id, partner: "ehr", endpoint: "feed", level: "phi", compartments: ["hiv"], owners: ["north"], agreement: "T-1", basis: "treatment", purpose: "TREAT",
        type: "ORU^R01", bytes: 4, revision: "r1", partnerHash: "ab",
      });
      expect(outcome).toMatchObject({ kind: "outcome", of: 2, state: "delivered", attempts: 1, message: id, lane });
      expect(JSON.stringify(intent)).not.toContain("4711");
      expect(intent?.["patients"]).toEqual([{ owner: "north", ids: [store.keyedId("patient", "north", "4711"), store.keyedId("patient", "north", "4711^^^NORTH")] }]);
    });

    test.each(["delivered", "rejected", "dead", "refused", "cancelled", "filtered"] as const)("%s closes an intent; a retry does not", async (state) => {
      const id = await accept();
      await fill(id);
      await settle(id, "waiting", { code: "NET-201", nextAt: at + 9 });
      expect(entry()?.disclosed).toBe(true);
      await settle(id, state, { attempts: 2, code: "NET-202" });
      expect(await kinds()).toEqual(["intent", `outcome ${state} 2`]);
    });

    test("a cancelled entry's intent is closed, and what the person wrote is not there", async () => {
      const id = await accept();
      await fill(id);
      await store.cancel(lane, id, at, "wrong patient Rivera");
      const found = await records();
      expect(found).toMatchObject([{ kind: "intent" }, { kind: "outcome", of: 2, state: "cancelled", attempts: 0 }]);
      expect(JSON.stringify(found)).not.toContain("Rivera");
    });

    test("what is withheld has no intent until it gets another", async () => {
      const id = await accept();
      await fill(id);
      await settle(id, "waiting", { code: "PHI-203", reason: "agreement-expired BAA-1", attempts: 0, partner: "ehr" });
      expect(entry()).toMatchObject({ filled: true });
      expect(entry()?.disclosed).toBeUndefined();
      await store.intend(lane, id, disclosing);
      expect(entry()?.disclosed).toBe(true);
      await settle(id, "delivered", { permit: { agreement: "T-2", basis: "treatment" } });
      const found = await records();
      expect(found).toMatchObject([
        { kind: "intent" }, { kind: "withheld", of: 2, code: "PHI-203", rule: "agreement-expired", partner: "ehr" }, { kind: "intent" }, { kind: "outcome", of: 4, state: "delivered", agreement: "T-2" },
      ]);
      expect(JSON.stringify(found)).not.toContain("BAA-1");
    });

    test("a refusal before there was an intent is a denial, with its rule and without its place", async () => {
      const id = await accept();
      await settle(id, "refused", { code: "PHI-204", reason: "field Rivera", attempts: 0, partner: "ehr" });
      const found = await records();
      expect(found).toMatchObject([{ kind: "denied", code: "PHI-204", rule: "field", partner: "ehr", message: id, lane }]);
      expect(JSON.stringify(found)).not.toContain("Rivera");
    });

    test("members of a batch have an outcome each, or none has", async () => {
      const ids = [await accept(), await accept(), await accept()];
      for (const id of ids.slice(0, 2)) await fill(id);
      await expect(store.settleAll([{ lane, id: ids[0] ?? 0, state: "delivered", at, attempts: 1 }, { lane, id: 999, state: "delivered", at, attempts: 1 }])).rejects.toMatchObject({ code: "STO-301" });
      await store.settleAll(ids.map((id) => ({ lane, id, state: "delivered" as const, at, attempts: 1 })));
      expect(await kinds()).toEqual(["intent", "intent", "outcome delivered 2", "outcome delivered 3"]);
    });

    test("what is put back or replayed gets an intent of its own, beside the first", async () => {
      const id = await accept();
      await fill(id);
      await settle(id, "dead", { code: "LAN-101" });
      await store.requeue(lane, id, at);
      expect(entry()).toMatchObject({ filled: false });
      expect(entry()?.disclosed).toBeUndefined();
      await fill(id);
      await settle(id, "delivered");
      await store.replay(id, [lane], at, "again");
      await fill(id);
      await settle(id, "delivered");
      expect(await kinds()).toEqual(["intent", "outcome dead 2", "intent", "outcome delivered 4", "intent", "outcome delivered 6"]);
    });

    test("an intent for what is not there is refused, and leaves no line", async () => {
      const id = await accept();
      await expect(fill(999)).rejects.toMatchObject({ code: "STO-301" });
      await expect(store.intend("lab/nowhere", id, disclosing)).rejects.toMatchObject({ code: "STO-301" });
      await fill(id);
      await settle(id, "delivered");
      await expect(store.intend(lane, id, disclosing)).rejects.toMatchObject({ code: "STO-302" });
      expect(await kinds()).toEqual(["intent", "outcome delivered 2"]);
    });

    test("a start is written before its first line, so that it divides what may have left from what did not", async () => {
      const id = await accept();
      await fill(id);
      await store.close();
      store = await harness.open();
      const young = await accept();
      await fill(young);
      await settle(id, "refused", { attempts: 0, code: "PHI-201" });
      await settle(young, "delivered");
      expect(await records()).toMatchObject([{ kind: "intent", message: id }, { kind: "started" }, { kind: "intent", message: young }, { kind: "outcome", message: id }, { kind: "outcome", message: young }]);
    });

    test("looks at contents, questions and answers stand there too; a restart goes on where it was", async () => {
      await store.disclose({ kind: "access", message: 3, as: "export", purpose: "TREAT", parts: ["raw"], actor: { account: 1000, user: "op" } });
      await store.close();
      store = await harness.open();
      await store.disclose({ kind: "query", what: "patient", purpose: "PATRQT", actor: { account: 1000 }, patient: { patients: [{ owner: "north", ids: ["4711"] }], more: 0 } });
      await store.disclose({ ...disclosing, kind: "answer", message: 3, channel: "lab" });
      await store.disclose({ ...disclosing, kind: "ask", channel: "lab" });
      const found = await records();
      expect(found).toMatchObject([{ kind: "access", as: "export", user: "op" }, { kind: "started" }, { kind: "query", what: "patient" }, { kind: "answer", message: 3, partner: "ehr" }, { kind: "ask", channel: "lab", endpoint: "feed" }]);
      expect(JSON.stringify(found)).not.toContain("4711");
    });
  });
}
