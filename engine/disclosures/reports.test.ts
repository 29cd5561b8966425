import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { accounting } from "./accounting.ts";
import { auditEvents } from "./balp.ts";
import type { Entry } from "./entries.ts";
import { entriesOf } from "./entries.ts";
import { Pairing } from "./disclosure.ts";
import { evidence } from "./evidence.ts";
import { evidenceText } from "./evidence-text.ts";

const dir = mkdtempSync(join(tmpdir(), "sluice-reports-"));
afterAll(() => rmSync(dir, { recursive: true }));

const agreement = { id: "BAA-1", basis: "baa", levels: ["phi"], compartments: [], purposes: ["HOPERAT"], owners: ["north"], effective: "2026-01-01", expires: "2026-03-31", timezone: "America/New_York", document: "ab" };
const partners = [
  { name: "acme", hash: "1", kind: "analytics", legalName: "Acme, Inc.", address: "1 Main St", agreements: [agreement] },
  { name: "state", hash: "2", kind: "public-health", agreements: [] },
];
const told: Omit<Entry, "n">[] = [
  { kind: "begin", at: "2026-01-01T00:00:00.000Z", ledger: "ab".repeat(16) },
  { kind: "configuration", at: "2026-01-01T00:00:00.000Z", owner: "north", egressMap: "e1", partners },
];
const acme = { partner: "acme", level: "phi", agreement: "BAA-1", basis: "baa", purpose: "HOPERAT", type: "ORU^R01", lane: "lab/acme" };
const state = { partner: "state", level: "phi", agreement: "L-1", basis: "required-by-law", purpose: "PUBHLTH", type: "ADT^A04", lane: "lab/state" };
const jane = { patients: [{ owner: "north", ids: ["h1", "h1b"] }] };
const both = { patients: [{ owner: "north", ids: ["h1"] }, { owner: "north", ids: ["h2"] }] };
let n = told.length;
function add(entry: Partial<Entry> & Pick<Entry, "kind" | "at">): number {
  told.push(entry);
  return ++n;
}
function sent(at: string, to: Partial<Entry> & { readonly lane: string }, more: Partial<Entry>, end?: Partial<Entry>): void {
  const of = add({ kind: "intent", at, ...to, ...more });
  if (end) add({ kind: "outcome", at, of, lane: to.lane, ...(more.message !== undefined && { message: more.message }), attempts: 1, state: "delivered", ...end });
}
sent("2026-01-10T10:00:00.000Z", acme, { ...jane, message: 1 }, {});
sent("2026-01-20T10:00:00.000Z", acme, { ...jane, message: 2 }, { state: "dead", attempts: 3 });
sent("2026-01-21T10:00:00.000Z", acme, { ...jane, message: 3 }, { state: "refused", attempts: 0 });
// The last moment of the agreement's last day in its own zone, and the first after it.
sent("2026-04-01T03:59:00.000Z", acme, { ...jane, message: 4 }, {});
sent("2026-04-01T04:00:00.000Z", acme, { ...jane, message: 5 }, {});
sent("2026-05-02T10:00:00.000Z", state, { ...both, message: 6 }, { state: "rejected" });
sent("2026-05-03T10:00:00.000Z", state, { ...both, message: 7 }, { breakGlass: "BG-1", agreement: "L-2", basis: "required-by-law", purpose: "PUBHLTH" });
sent("2026-05-04T10:00:00.000Z", state, { ...jane, message: 8 });
sent("2026-05-05T10:00:00.000Z", { ...state, partner: "self:other", inside: true }, { ...jane, message: 8 }, {});
add({ kind: "denied", at: "2026-05-06T10:00:00.000Z", partner: "acme", code: "PHI-204", rule: "field", message: 9 });
add({ kind: "withheld", at: "2026-05-07T10:00:00.000Z", partner: "acme", code: "PHI-203", rule: "agreement-expired", message: 10 });
add({ kind: "access", at: "2026-05-08T10:00:00.000Z", message: 1, as: "export", purpose: "HOPERAT", user: "op" });
add({ kind: "access", at: "2026-05-08T11:00:00.000Z", message: 777, as: "show", purpose: "HOPERAT", user: "op" });

async function* entries(): AsyncGenerator<Entry> {
  for (const [i, entry] of told.entries()) yield { ...entry, n: i + 1 };
}
const year = { from: "2026", to: "2027" };

test("evidence: classes by month and agreement, dates, gaps, refusals, unknown ends, accesses", async () => {
  const found = await evidence(entries(), { partner: "acme", ...year });
  expect(found.passages).toMatchObject([
    { month: "2026-01", agreement: "BAA-1", basis: "baa", purpose: "HOPERAT", level: "phi", count: 2, assumed: 1, outside: 0, first: "2026-01-10T10:00:00.000Z", last: "2026-01-20T10:00:00.000Z" },
    { month: "2026-04", count: 2, outside: 1 },
  ]);
  expect(found).toMatchObject({
    legalName: "Acme, Inc.", kind: "analytics", patients: 1, gaps: ["2026-02", "2026-03"], agreements: [{ id: "BAA-1", since: "2026-01-01T00:00:00.000Z" }], denied: [{ code: "PHI-204", rule: "field", count: 1 }],
    withheld: [{ code: "PHI-203", count: 1 }], unknown: [], egressMaps: [{ sha256: "e1" }], accesses: [{ as: "export", user: "op", count: 1 }],
  });
  expect(evidenceText(found)).toContain("1 OUTSIDE THE DATES OF THE AGREEMENT");
  expect(await evidence(entries(), { partner: "state", ...year })).toMatchObject({ passages: [{ count: 2, assumed: 1, agreement: "L-1" }, { count: 1, breakGlass: 1, agreement: "L-2" }], unknown: [expect.any(Number)], patients: 2 });
  expect(await evidence(entries(), { partner: "nobody", ...year })).toMatchObject({ passages: [], patients: 0 });
});

test("accounting: exempt ones are left out and counted, repeats are put together, a rejection and an unknown end count", async () => {
  const asked = { patient: "h1", ...year, all: false };
  const found = await accounting(entries(), asked);
  expect(found).toMatchObject({ leftOut: 4, disclosures: [{ recipient: "state", purpose: "PUBHLTH", basis: "required-by-law", count: 3, assumed: 1, what: ["ADT^A04"], first: "2026-05-02T10:00:00.000Z", last: "2026-05-04T10:00:00.000Z" }] });
  expect((await accounting(entries(), { ...asked, all: true })).disclosures).toMatchObject([{ recipient: "acme", legalName: "Acme, Inc.", address: "1 Main St", count: 4, exempt: expect.any(String) }, { recipient: "state" }]);
  expect((await accounting(entries(), { ...asked, patient: "h2" })).disclosures).toMatchObject([{ count: 2 }]);
  expect((await accounting(entries(), { ...asked, patient: "h1b" })).disclosures).toMatchObject([{ count: 1 }]);
  expect(await accounting(entries(), { ...asked, from: "2026-05-03T10:00:00.000Z", to: "2026-05-04T10:00:00.000Z" })).toMatchObject({ disclosures: [{ count: 1 }] });
  expect(await accounting(entries(), { ...asked, patient: "nobody" })).toMatchObject({ disclosures: [], leftOut: 0 });
});

test("accounting: the purpose decides what is left out, not the agreement", async () => {
  const at = "2026-06-01T00:00:00.000Z";
  const shown = async (basis: string, purpose: string, level = "phi") => {
    async function* one(): AsyncGenerator<Entry> {
      yield { n: 2, kind: "intent", at, lane: "lab/acme", message: 1, partner: "acme", basis, purpose, level, ...jane };
    }
    const { disclosures, leftOut } = await accounting(one(), { patient: "h1", ...year, all: false });
    expect(disclosures.length + leftOut).toBe(1);
    return disclosures.length === 1;
  };
  for (const purpose of ["PUBHLTH", "HRESCH", "CLINTRCH", "DONAT", "MILCDM", "toString"]) expect(await shown("baa", purpose)).toBe(true);
  for (const purpose of ["TREAT", "COC", "HPAYMT", "ELIGVER", "HOPERAT", "HQUALIMP"]) expect(await shown("baa", purpose)).toBe(false);
  expect([await shown("treatment", "TREAT"), await shown("payment", "HPAYMT"), await shown("individual", "PATRQT"), await shown("authorization", "HRESCH")]).toEqual([false, false, false, false]);
  expect([await shown("dua", "HRESCH", "limited"), await shown("dua", "HRESCH", "phi"), await shown("required-by-law", "HOPERAT"), await shown("baa", "PUBHLTH", "deidentified")]).toEqual([false, true, true, false]);
});

test("accounting: one class of a partner that is exempt does not take another with it", async () => {
  const at = "2026-06-01T00:00:00.000Z";
  async function* both(): AsyncGenerator<Entry> {
    for (const [i, level] of ["deidentified", "phi"].entries()) yield { n: i + 2, kind: "intent", at, lane: "lab/acme", message: i, partner: "acme", basis: "baa", purpose: "PUBHLTH", level, ...jane };
  }
  expect(await accounting(both(), { patient: "h1", ...year, all: false })).toMatchObject({ leftOut: 1, disclosures: [{ count: 1 }] });
});

test("accounting: what may be about the patient without naming them is counted, unless it did not leave or is exempt", async () => {
  const at = "2026-06-01T00:00:00.000Z";
  const law = { kind: "intent", at, lane: "lab/state", partner: "state", level: "phi", basis: "public-health", purpose: "PUBHLTH" };
  const more = { patients: [{ owner: "north", ids: ["other"] }], morePatients: 500 };
  async function* some(): AsyncGenerator<Entry> {
    yield { n: 2, message: 1, ...law, ...more };
    yield { n: 3, message: 2, ...law, ...more, basis: "treatment", purpose: "TREAT" };
    yield { n: 4, message: 3, ...law, ...more };
    yield { n: 5, kind: "outcome", at, lane: "lab/state", message: 3, of: 4, state: "refused", attempts: 0 };
    yield { n: 6, message: 4, ...law, ...more, at: "2020-01-01T00:00:00.000Z" };
    yield { n: 7, message: 5, ...law, ...more, ...jane };
    yield { n: 8, message: 6, ...law };
    yield { n: 9, message: 7, ...law, level: "deidentified" };
    yield { n: 10, message: 8, ...law, ...more, morePatients: 0 };
  }
  const asked = { patient: "h1", ...year, all: false };
  expect(await accounting(some(), asked)).toMatchObject({ notAllNamed: 1, noneNamed: 1, leftOut: 0, disclosures: [{ count: 1 }] });
  expect(await accounting(some(), { ...asked, all: true })).toMatchObject({ notAllNamed: 2, noneNamed: 2 });
});

test("an outcome that names the line of another message closes nothing", async () => {
  const pairing = new Pairing();
  const at = "2026-06-01T00:00:00.000Z";
  pairing.take({ n: 2, kind: "intent", at, lane: "lab/acme", message: 5 });
  expect(pairing.take({ n: 3, kind: "outcome", at, lane: "lab/acme", message: 4, of: 2, state: "refused", attempts: 0 })).toBeUndefined();
  expect(pairing.rest()).toMatchObject([{ intent: { n: 2 }, reach: "assumed" }]);
});

test("AuditEvents: one for each patient, none for what stayed inside or did not leave", async () => {
  const events: { readonly id: string; readonly outcome: string; readonly entity: readonly { readonly what: { readonly identifier: { readonly value: string } } }[] }[] = [];
  for await (const event of auditEvents(entries(), year)) events.push(event as (typeof events)[number]);
  expect(events.map(({ outcome, entity }) => `${entity[0]?.what.identifier.value} ${outcome}`)).toEqual(["h1 0", "h1 8", "h1 0", "h1 0", "h1 4", "h2 4", "h1 0", "h2 0", "h1 8"]);
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
});

test("files are read across pieces, a line that is being written is left out, and what is no record is refused with its place", async () => {
  const path = join(dir, "000001.jsonl");
  const line = (i: number, record: object) => JSON.stringify({ hash: "h", n: i, prev: "p", record });
  writeFileSync(path, [...Array.from({ length: 30_000 }, (_, i) => line(i + 1, { kind: "intent", at: "2026", patients: [{ owner: "ü", ids: ["é".repeat(20)] }] })), line(30_001, { checkpoint: {} }), line(30_002, { kind: "last", at: "2026" }), '{"hash":"h","n":30003,"rec'].join("\n"));
  const read: Entry[] = [];
  for await (const entry of entriesOf([path])) read.push(entry);
  expect([read.length, read.at(-1)?.kind, read.at(-1)?.n]).toEqual([30_001, "last", 30_002]);
  await expect((async () => { for await (const _ of entriesOf([path, join(dir, "000002.jsonl")])); })()).rejects.toMatchObject({ code: "DIS-104", safe: { line: 30_003 } });
  writeFileSync(path, `${line(1, { kind: "x" })}\n{"n":2}\n`);
  await expect((async () => { for await (const _ of entriesOf([path])); })()).rejects.toMatchObject({ code: "DIS-104", safe: { line: 2 } });
});
