import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CaseSpec } from "../config/case-spec.ts";
import { TextTree } from "../codec/text.ts";
import type { Tree } from "../codec/tree.ts";
import { type Cases, type CaseVerdict, caseFacts, openCases } from "./index.ts";

const keyedId = (purpose: string, ...parts: readonly string[]) => createHash("sha256").update(JSON.stringify([purpose, ...parts])).digest("hex").slice(0, 32);
const defer = (run: () => void) => void setImmediate(run);
let nonce = 0;
const random = { bytes: (length: number) => new Uint8Array(length).fill(++nonce) };

/** A result of a filler order: `F100 final 3` is its third. */
const result = (key: string, state: string, stamp: string | undefined, more: Readonly<Record<string, readonly string[]>> = {}): Pick<Tree, "values"> => {
  const values: Readonly<Record<string, readonly string[]>> = { key: key === "" ? [] : key.split(","), state: state === "" ? [] : state.split(","), stamp: stamp === undefined ? [] : [stamp], ...more };
  return { values: (path) => values[path] ?? [] };
};

const spec: CaseSpec = {
  kind: "result", list: "result-review", owner: "lab-desk", key: ["key"], stamp: "stamp",
  state: { of: "state", codes: { P: "preliminary", F: "final", C: "corrected" } },
  moves: { preliminary: ["preliminary", "final"], final: ["final", "corrected"], corrected: ["corrected"] },
  opens: true, stale: "hold", same: [], known: [],
};

let dir: string;
let cases: Cases;
let number = 0;
const open = () => openCases({ dir, random, keyedId, defer });
const ask = (tree: Pick<Tree, "values">, change: Partial<CaseSpec> = {}, more: { readonly message?: number; readonly isPutBack?: boolean; readonly at?: number } = {}): Promise<CaseVerdict> => {
  const asked = { ...spec, ...change };
  return cases.ask({ message: more.message ?? ++number, channel: "results", spec: asked, facts: caseFacts(tree, asked), isPutBack: more.isPutBack ?? false, at: more.at ?? 1000 });
};
const openItems = () => cases.list({ state: "open", limit: 10 }).map(({ list, code, message }) => `${list} ${code} m${message}`);

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "sluice-cases-"));
  number = 0;
  cases = open();
});
afterEach(() => {
  cases.end();
  rmSync(dir, { recursive: true, force: true });
});

describe("one case", () => {
  test("moves as its channel lets it, and says what it was before", async () => {
    expect(await ask(result("F1", "P", "20260301"))).toEqual({ kind: "passes", state: "preliminary", isMatched: true });
    expect(await ask(result("F1", "F", "20260302"))).toEqual({ kind: "passes", state: "final", previous: "preliminary", isMatched: true });
    expect(await ask(result("F1", "C", "20260303"))).toEqual({ kind: "passes", state: "corrected", previous: "final", isMatched: true });
    expect(openItems()).toEqual([]);
  });

  test("every order of arrival of preliminary, final and corrected ends with the newest, or holds what is older", async () => {
    const all = [["P", "20260301"], ["F", "20260302"], ["C", "20260303"]] as const;
    const orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    for (const [at, order] of orders.entries()) {
      let newest = -1;
      for (const i of order) {
        const [state, stamp] = all[i] as (typeof all)[number];
        const verdict = await ask(result(`F${at}`, state, stamp));
        // From preliminary straight to corrected is no move of this channel: a person looks.
        if (newest === 0 && i === 2) expect(verdict).toMatchObject({ kind: "held", code: "CAS-104" });
        else if (i > newest) expect(verdict).toMatchObject({ kind: "passes" });
        else expect(verdict).toMatchObject({ kind: "held", code: "CAS-103", owner: "lab-desk" });
        if (verdict.kind === "passes") newest = i;
      }
    }
  });

  test("an older one is filtered where the channel says so", async () => {
    await ask(result("F1", "F", "20260302"));
    expect(await ask(result("F1", "P", "20260301"), { stale: "filter" })).toEqual({ kind: "filtered", code: "CAS-103" });
    expect(openItems()).toEqual([]);
  });

  test("one that brings what lies behind goes on and moves nothing", async () => {
    const behind = { behind: { corrected: ["final"] } };
    await ask(result("F1,F2", "C,P", "20260301"), behind);
    expect(await ask(result("F1,F2", "F,F", "20260302"), behind)).toEqual({ kind: "passes", state: "final", previous: "corrected", isMatched: true });
    expect(await ask(result("F1", "C", "20260303"))).toMatchObject({ previous: "corrected" });
    expect(await ask(result("F2", "C", "20260303"))).toMatchObject({ previous: "final" });
  });

  test("without a stamp, or with one of another kind, nobody knows which is newer", async () => {
    await ask(result("F1", "F", "20260302"));
    expect(await ask(result("F1", "F", undefined))).toMatchObject({ kind: "held", code: "CAS-105" });
    expect(await ask(result("F1", "F", "3"))).toMatchObject({ kind: "held", code: "CAS-105" });
  });

  test("an unknown state is held", async () => {
    expect(await ask(result("F1", "X", "20260301"))).toMatchObject({ kind: "held", code: "CAS-107" });
    expect(await ask(result("F1", "", "20260301"))).toMatchObject({ kind: "held", code: "CAS-107" });
    expect(await ask(result("F1", "", "20260301"), { state: { ...spec.state, absent: "final" } })).toMatchObject({ kind: "passes", state: "final" });
  });

  test("what its messages have in common stays: another patient is held", async () => {
    const same = { same: ["patient"] };
    await ask(result("F1", "P", "20260301", { patient: ["900123", "NORTH7"] }), same);
    expect(await ask(result("F1", "F", "20260302", { patient: ["NORTH7"] }), same)).toMatchObject({ kind: "passes" });
    expect(await ask(result("F1", "C", "20260303", { patient: ["900124"] }), same)).toMatchObject({ kind: "held", code: "CAS-106" });
    expect(await ask(result("F1", "C", "20260303"), same)).toMatchObject({ kind: "held", code: "CAS-106" });
  });
});

test("the same question has the same answer, after the file was opened anew too, and moves nothing twice", async () => {
  const first = await ask(result("F1", "F", "20260302"));
  const stale = await ask(result("F1", "F", "20260301"));
  await ask(result("F1", "C", "20260303"));
  cases.end();
  cases = open();
  expect(await ask(result("F1", "F", "20260302"), {}, { message: 1 })).toEqual(first);
  expect(await ask(result("F1", "F", "20260301"), {}, { message: 2 })).toEqual(stale);
  expect(openItems()).toEqual(["result-review CAS-103 m2"]);
});

test("what is asked together is decided in the order of the messages", async () => {
  const asked = [3, 1, 2].map((message) => ask(result("F1", ["P", "F", "C"][message - 1] ?? "", `2026030${message}`), {}, { message }));
  expect((await Promise.all(asked)).map((verdict) => verdict.kind === "passes" && verdict.state)).toEqual(["corrected", "preliminary", "final"]);
});

describe("several cases in one message", () => {
  test("each moves by its own state", async () => {
    await ask(result("F1,F2", "P,F", "20260301"));
    expect(await ask(result("F2", "C", "20260302"))).toMatchObject({ kind: "passes", previous: "final" });
    expect(await ask(result("F1", "C", "20260302"))).toMatchObject({ kind: "held", code: "CAS-104" });
  });

  test("one that is wrong holds the message, and no case moves", async () => {
    await ask(result("F1", "F", "20260302"));
    expect(await ask(result("F1,F2", "P,F", "20260301"))).toMatchObject({ kind: "held", code: "CAS-103" });
    expect(await ask(result("F2", "F", "20260301"))).toEqual({ kind: "passes", state: "final", isMatched: true });
  });

  test("states that cannot be told apart are held", async () => {
    expect(await ask(result("F1,F2,F3", "P,F", "20260301"))).toMatchObject({ kind: "held", code: "CAS-107" });
  });
});

describe("a message whose case is not known", () => {
  const closed = { opens: false, unmatched: { list: "unmatched-results", owner: "desk", do: "hold" as const, forMs: 900_000 } };

  test("waits for it, and goes on when it comes", async () => {
    expect(await ask(result("F1", "F", "20260302"), closed)).toEqual({ kind: "held", code: "CAS-102", list: "unmatched-results", owner: "desk" });
    expect(cases.sweep(2000).ready).toEqual([]);
    await ask(result("F1", "P", "20260301"));
    expect(cases.sweep(3000).ready).toEqual([1]);
    expect(await ask(result("F1", "F", "20260302"), closed, { message: 1, isPutBack: true })).toMatchObject({ kind: "passes", previous: "preliminary", isMatched: true });
    expect(openItems()).toEqual([]);
  });

  test("goes on after its time as unmatched, and the sweep says so until it has", async () => {
    await ask(result("F1", "F", "20260302"), closed, { at: 1000 });
    expect(cases.sweep(900_999).ready).toEqual([]);
    expect(cases.sweep(901_000).ready).toEqual([1]);
    expect(cases.sweep(902_000).ready).toEqual([1]);
    expect(await ask(result("F1", "F", "20260302"), closed, { message: 1, isPutBack: true })).toEqual({ kind: "passes", state: "final", isMatched: false });
    expect(cases.sweep(903_000).ready).toEqual([]);
  });

  test("goes on at once where the channel says so, and stands on its list", async () => {
    const deliver = { ...closed, unmatched: { ...closed.unmatched, do: "deliver" as const } };
    expect(await ask(result("F1", "F", "20260302"), deliver)).toMatchObject({ kind: "passes", isMatched: false });
    expect(await ask(result("", "F", "20260302"), deliver)).toMatchObject({ kind: "passes", isMatched: false });
    expect(openItems()).toEqual(["unmatched-results CAS-101 m2", "unmatched-results CAS-102 m1"]);
  });

  test("or of which another case is not known", async () => {
    const known = { known: [{ kind: "patient", key: ["patient"], list: "unmatched-patients", owner: "desk", do: "hold" as const }] };
    expect(await ask(result("F1", "F", "20260302", { patient: ["900123"] }), known)).toMatchObject({ kind: "held", code: "CAS-108", list: "unmatched-patients" });
    await ask(result("900123", "F", "20260302"), { kind: "patient" });
    expect(cases.sweep(2000).ready).toEqual([1]);
    expect(await ask(result("F1", "F", "20260302", { patient: ["900123"] }), known, { message: 1, isPutBack: true })).toMatchObject({ kind: "passes", isMatched: true });
  });
});

describe("work", () => {
  test("is closed once, for a reason that is sealed, and releases its message when asked to", async () => {
    await ask(result("F1", "C", "20260303"));
    await ask(result("F1", "F", "20260302"));
    const [item] = cases.list({ limit: 1 });
    expect(item).toMatchObject({ id: 1, message: 2, state: "open" });
    const closed = cases.close(1, { by: "jdoe", reason: "EXEMPLAR ADA was told", at: 5000, release: true });
    expect(closed).toMatchObject({ state: "closed", by: "jdoe", reason: "EXEMPLAR ADA was told", closedAt: 5000 });
    expect(() => cases.close(1, { by: "jdoe", reason: "again", at: 5000 })).toThrow("CAS-204");
    expect(() => cases.close(9, { by: "jdoe", reason: "again", at: 5000 })).toThrow("CAS-203");
    expect(await ask(result("F1", "F", "20260302"), {}, { message: 2, isPutBack: true })).toEqual({ kind: "passes", state: "final", isMatched: false });
    // The case itself stays where it is.
    expect(await ask(result("F1", "C", "20260304"))).toMatchObject({ previous: "corrected" });
    cases.end();
    for (const file of ["cases.db", "cases.db-wal"]) {
      try {
        const text = readFileSync(join(dir, file)).toString("latin1");
        for (const planted of ["EXEMPLAR", "F1\u0000"]) expect(text).not.toContain(planted);
      } catch (error) {
        expect((error as NodeJS.ErrnoException).code).toBe("ENOENT");
      }
    }
    cases = open();
  });

  test("comes up again when what was closed is put back and nothing has changed", async () => {
    await ask(result("F1", "C", "20260303"));
    await ask(result("F1", "F", "20260302"));
    cases.close(1, { by: "jdoe", reason: "later", at: 5000 });
    expect(await ask(result("F1", "F", "20260302"), {}, { message: 2, isPutBack: true, at: 6000 })).toMatchObject({ kind: "held", code: "CAS-103" });
    expect(cases.item(1)).toMatchObject({ state: "open", openedAt: 6000 });
  });

  test("is raised once for a case that does not move, and is over when it does", async () => {
    const due = { due: { inMs: 100, unless: ["corrected"], list: "overdue", owner: "desk" } };
    await ask(result("F1", "P", "20260301"), due, { at: 1000 });
    expect(cases.sweep(1099).raised).toEqual([]);
    expect(cases.sweep(1100).raised).toMatchObject([{ list: "overdue", code: "CAS-109", message: 1 }]);
    expect(cases.sweep(1200).raised).toEqual([]);
    await ask(result("F1", "F", "20260302"), {}, { at: 1300 });
    expect(openItems()).toEqual([]);
    // A channel that states no time keeps the one of the case.
    expect(cases.sweep(1400).raised).toHaveLength(1);
    await ask(result("F1", "C", "20260303"), due, { at: 1500 });
    expect(cases.sweep(9999).raised).toEqual([]);
  });

  test("is raised by a state for each case that comes to it, and is over for the one that moves on", async () => {
    const work = { work: { when: ["preliminary"], list: "to-mend", owner: "desk" } };
    await ask(result("F1,F2,F3", "P,F,P", "20260301"), work);
    expect(openItems()).toEqual(["to-mend CAS-130 m1", "to-mend CAS-130 m1"]);
    await ask(result("F1", "F", "20260302"), work);
    expect(openItems()).toEqual(["to-mend CAS-130 m1"]);
    // The same question raises nothing again.
    await ask(result("F1,F2,F3", "P,F,P", "20260301"), work, { message: 1 });
    expect(openItems()).toHaveLength(1);
  });

  test("is raised for each of the overdue cases that one message moved", async () => {
    await ask(result("F1,F2", "P,P", "20260301"), { due: { inMs: 100, unless: [], list: "overdue", owner: "desk" } }, { at: 1000 });
    expect(cases.sweep(1100).raised).toHaveLength(2);
    await ask(result("F2", "F", "20260302"), {}, { at: 1200 });
    expect(openItems()).toEqual(["overdue CAS-109 m1"]);
  });

  test("is forgotten after its time, and so are cases that are not due; what is open stays", async () => {
    await ask(result("F1", "C", "20260303"));
    await ask(result("F1", "F", "20260302"));
    cases.prune(2000);
    expect(openItems()).toHaveLength(1);
    expect(await ask(result("F1", "F", "20260302"), {}, { at: 3000 })).toEqual({ kind: "passes", state: "final", isMatched: true });
  });
});

test("a file of version 1 is taken over with its work", async () => {
  await ask(result("F1", "C", "20260303"));
  await ask(result("F1", "F", "20260302"));
  cases.end();
  const { DatabaseSync } = await import("node:sqlite");
  const db = new DatabaseSync(join(dir, "cases.db"));
  db.exec(`DROP INDEX items_open; DROP INDEX items_waiting; DROP INDEX items_about; ALTER TABLE items RENAME TO newer;
    CREATE TABLE items(
      id INTEGER PRIMARY KEY AUTOINCREMENT, list TEXT NOT NULL, owner TEXT NOT NULL, code TEXT NOT NULL, channel TEXT NOT NULL, message INTEGER NOT NULL,
      openedAt INTEGER NOT NULL, dueAt INTEGER, state TEXT NOT NULL, closedAt INTEGER, closedBy TEXT, reason BLOB,
      waitsKind TEXT, waitsKey BLOB, aboutKind TEXT, aboutKey BLOB, UNIQUE(message, code));
    CREATE INDEX items_open ON items(state, list);
    CREATE INDEX items_waiting ON items(waitsKind, waitsKey) WHERE waitsKind IS NOT NULL AND state='open';
    CREATE INDEX items_about ON items(aboutKind, aboutKey) WHERE aboutKind IS NOT NULL AND state='open';
    INSERT INTO items SELECT id, list, owner, code, channel, message, openedAt, dueAt, state, closedAt, closedBy, reason, waitsKind, waitsKey, NULL, NULL FROM newer;
    DROP TABLE newer; PRAGMA user_version=1`);
  db.close();
  cases = open();
  expect(openItems()).toEqual(["result-review CAS-103 m2"]);
  expect(await ask(result("F1", "P", "20260301"))).toMatchObject({ kind: "held", code: "CAS-103" });
  expect(cases.list({ limit: 5 }).map(({ id }) => id)).toEqual([2, 1]);
});

test("a file that is not ours is refused, and so is a case that cannot be decided", async () => {
  const foreign = mkdtempSync(join(tmpdir(), "sluice-cases-"));
  const { DatabaseSync } = await import("node:sqlite");
  const db = new DatabaseSync(join(foreign, "cases.db"));
  db.exec("PRAGMA user_version=9");
  db.close();
  expect(() => openCases({ dir: foreign, random, keyedId, defer })).toThrow("CAS-202");
  rmSync(foreign, { recursive: true });
  expect(caseFacts(new TextTree("x"), { ...spec, key: ["text"] })).toMatchObject({ problem: "CAS-107" });
});

test("a message that is put on a list by itself stands there once, through a restart, until it is settled", async () => {
  const item = { list: "unknown-deliveries", owner: "desk", code: "LAN-121", channel: "rx", message: 7, at: 5 } as const;
  await cases.raise(item);
  await cases.raise({ ...item, at: 9 });
  cases.end();
  cases = open();
  expect(cases.list({ state: "open", limit: 10 })).toMatchObject([{ list: "unknown-deliveries", owner: "desk", code: "LAN-121", message: 7, openedAt: 5 }]);
  const [{ id } = { id: 0 }] = cases.list({ limit: 1 });
  expect(() => cases.close(id, { by: "jdoe", reason: "seen", at: 10 })).toThrow("CAS-207");
  cases.settle(8, "LAN-121", 11);
  cases.settle(7, "CAS-101", 11);
  expect(openItems()).toHaveLength(1);
  cases.settle(7, "LAN-121", 12, { by: "jdoe", reason: "they have it" });
  expect(cases.item(id)).toMatchObject({ state: "closed", by: "jdoe", reason: "they have it", closedAt: 12 });
  cases.settle(7, "LAN-121", 13);
});
