import { createHash } from "node:crypto";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CaseSpec } from "../config/case-spec.ts";
import { parseJson } from "../codec/json/index.ts";
import { type Cases, type CaseVerdict, caseFacts, openCases } from "./index.ts";

const keyedId = (purpose: string, ...parts: readonly string[]) => createHash("sha256").update(JSON.stringify([purpose, ...parts])).digest("hex").slice(0, 32);
const defer = (run: () => void) => void setImmediate(run);
const random = { bytes: (length: number) => new Uint8Array(length).fill(3) };

const overlap = { what: "provider", of: ["participant.actor.reference"], prefix: "Practitioner/", from: "start", to: "end", unless: ["cancelled", "noshow"], list: "double-bookings", owner: "front-desk", do: "hold" } as const;
const spec: CaseSpec = {
  kind: "appointment", list: "appointment-review", owner: "front-desk", key: ["id"], stamp: "meta.versionId",
  state: { of: "status", codes: { booked: "booked", cancelled: "cancelled", noshow: "noshow" } }, opens: true, stale: "refuse", same: [], known: [], overlap,
};

interface Visit {
  readonly id: string;
  readonly version?: number;
  readonly from?: number;
  readonly minutes?: number;
  readonly status?: string;
  readonly who?: string;
}

const at = (minute: number) => new Date(Date.UTC(2026, 2, 9, 8, minute)).toISOString();
const visit = ({ id, version = 1, from = 0, minutes = 30, status = "booked", who = "uma" }: Visit) =>
  parseJson(JSON.stringify({ resourceType: "Appointment", id, meta: { versionId: `${version}` }, status, start: at(from), end: at(from + minutes), participant: [{ actor: { reference: "Patient/same" } }, { actor: { reference: `Practitioner/${who}` } }] }), "fhir");

let cases: Cases;
let number: number;
beforeEach(() => {
  number = 0;
  cases = openCases({ random, keyedId, defer });
});
afterEach(() => cases.end());

const ask = (given: Visit, change: Partial<CaseSpec> = {}, more: { readonly message?: number; readonly isPutBack?: boolean } = {}): Promise<CaseVerdict> => {
  const asked = { ...spec, ...change };
  return cases.ask({ message: more.message ?? ++number, channel: "appointments", spec: asked, facts: caseFacts(visit(given), asked), isPutBack: more.isPutBack ?? false, at: 1000 });
};
const said = (verdict: CaseVerdict) => ("code" in verdict ? `${verdict.kind} ${verdict.code}` : verdict.kind);

test("two of one provider at one time: the second waits for its owner; neighbours and other providers do not", async () => {
  expect(said(await ask({ id: "a", from: 0 }))).toBe("passes");
  expect(await ask({ id: "b", from: 15 })).toEqual({ kind: "held", code: "CAS-120", list: "double-bookings", owner: "front-desk" });
  expect(said(await ask({ id: "c", from: 30 }))).toBe("passes");
  expect(said(await ask({ id: "d", from: 15, who: "ben" }))).toBe("passes");
  expect(cases.list({ limit: 5 })).toMatchObject([{ list: "double-bookings", code: "CAS-120", message: 2, state: "open" }]);
});

test.each(["cancelled", "noshow"])("%s frees the time, a later move takes the new one", async (status) => {
  await ask({ id: "a", from: 0 });
  expect(said(await ask({ id: "b", from: 0 }))).toBe("held CAS-120");
  expect(said(await ask({ id: "a", version: 2, from: 0, status }))).toBe("passes");
  expect(said(await ask({ id: "b", from: 0 }, {}, { message: 2, isPutBack: true }))).toBe("passes");
  expect(cases.list({ state: "open", limit: 5 })).toEqual([]);
});

test("what is moved has its new time, not the old one, and never stands in its own way", async () => {
  await ask({ id: "a", from: 0 });
  expect(said(await ask({ id: "a", version: 2, from: 15 }))).toBe("passes");
  expect(said(await ask({ id: "b", from: -20, minutes: 30 }))).toBe("passes");
  expect(said(await ask({ id: "c", from: 40 }))).toBe("held CAS-120");
});

test("two updates at once: the order of acceptance decides, whatever order they are asked in", async () => {
  const asked = [5, 3, 4].map((message) => ask({ id: `v${message}`, from: 0 }, {}, { message }).then((verdict) => `${message} ${said(verdict)}`));
  expect((await Promise.all(asked)).sort()).toEqual(["3 passes", "4 held CAS-120", "5 held CAS-120"]);
});

test("refused or let through, as the channel says", async () => {
  await ask({ id: "a" });
  expect(await ask({ id: "b" }, { overlap: { ...overlap, do: "refuse" } })).toEqual({ kind: "refused", code: "CAS-120" });
  expect(await ask({ id: "a", version: 0 })).toEqual({ kind: "refused", code: "CAS-103" });
  expect(await ask({ id: "a", version: 3, status: "noshow" }, { moves: { booked: ["cancelled"] } })).toEqual({ kind: "refused", code: "CAS-104" });
  expect(cases.list({ limit: 5 })).toEqual([]);
  expect(await ask({ id: "c" }, { overlap: { ...overlap, do: "deliver" } })).toEqual({ kind: "passes", state: "booked", isMatched: true });
  expect(cases.list({ limit: 5 })).toMatchObject([{ code: "CAS-120", message: 5 }]);
});

test("of two changes of one version the first counts, where each must be newer", async () => {
  await ask({ id: "a", version: 1 });
  const both = await Promise.all([ask({ id: "a", version: 2, from: 60 }, { advances: true }), ask({ id: "a", version: 2, from: 90 }, { advances: true })]);
  expect(both.map(said)).toEqual(["passes", "refused CAS-103"]);
  expect(said(await ask({ id: "a", version: 2, from: 120 }))).toBe("passes");
});

test("cases of another kind book the same providers", async () => {
  await ask({ id: "block" }, { kind: "blocked" });
  expect(said(await ask({ id: "block", from: 10 }))).toBe("held CAS-120");
});

test("a channel that says nothing of times leaves them as they are", async () => {
  await ask({ id: "a" });
  const { overlap: _, ...silent } = spec;
  const facts = caseFacts(visit({ id: "a", version: 2 }), silent);
  await cases.ask({ message: ++number, channel: "notes", spec: silent, facts, isPutBack: false, at: 1000 });
  expect(said(await ask({ id: "b" }))).toBe("held CAS-120");
});

test.each([{ minutes: 0 }, { minutes: -5 }, { who: "" }])("a time that cannot be told is held: %j", async (odd) => {
  expect(said(await ask({ id: "a", ...odd }))).toBe("held CAS-121");
  expect(said(await ask({ id: "a", ...odd, status: "cancelled" }))).toBe("passes");
});

test("what is booked for a later day outlasts the pruning of its case", async () => {
  await ask({ id: "a" });
  cases.prune(2000);
  expect(said(await ask({ id: "b" }))).toBe("held CAS-120");
  cases.prune(Date.UTC(2027, 0));
  expect(said(await ask({ id: "c" }))).toBe("passes");
});

test("whatever is booked, moved and cancelled, no provider is in two places", async () => {
  const step = fc.record({ id: fc.constantFrom("a", "b", "c", "d"), from: fc.nat(120), minutes: fc.integer({ min: 5, max: 60 }), status: fc.constantFrom("booked", "booked", "cancelled"), who: fc.constantFrom("uma", "ben") });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const own = openCases({ random, keyedId, defer });
      const diary = new Map<string, Required<Pick<Visit, "from" | "minutes" | "who">>>();
      for (const [i, each] of steps.entries()) {
        const given = visit({ ...each, version: i });
        const verdict = await own.ask({ message: i + 1, channel: "appointments", spec, facts: caseFacts(given, spec), isPutBack: false, at: 1000 });
        const others = [...diary].filter(([id, other]) => id !== each.id && other.who === each.who && other.from < each.from + each.minutes && each.from < other.from + other.minutes);
        const isFree = each.status === "cancelled" || others.length === 0;
        expect(verdict.kind).toBe(isFree ? "passes" : "held");
        if (each.status === "cancelled") diary.delete(each.id);
        else if (isFree) diary.set(each.id, each);
      }
      own.end();
    }),
    { numRuns: 60 },
  );
});
