import { describe, expect, test } from "vitest";
import { bytes, channel, destination, entry, message, setUp } from "./flow.fixture.ts";
import { reported } from "./reported.ts";

const only = { sex: { kind: "enum", values: ["F", "M"], optional: true }, what: { kind: "const", value: "visits" } } as const;
const deidentify = { method: "aggregate", dates: "year", ids: "remove", aggregate: { every: "month", timezone: "America/New_York", minimum: 11 } } as const;
const counting = destination({ format: "json", sends: "none", only, deidentify });
const at = Date.UTC(2026, 10, 30, 23);
const member = (text: string) => ({ format: "json" as const, bytes: bytes(text) });
const read = (content: { readonly bytes: Uint8Array } | undefined) => JSON.parse(Buffer.from(content?.bytes ?? []).toString()) as unknown;

describe("a report", () => {
  test("names its period, and how many there are of what", () => {
    const members = [...Array<string>(12).fill('{"sex":"F","what":"visits"}'), ...Array<string>(20).fill('{"sex":"M","what":"visits"}'), '{"what":"visits"}'].map(member);
    expect(read(reported(members, counting, at)?.content)).toEqual({
      period: { first: "2026-11-01", last: "2026-11-30", every: "month", timezone: "America/New_York" }, minimum: 11, constants: { what: "visits" }, dimensions: ["sex"],
      total: 33, margins: [{ sex: "F", count: null }, { sex: "M", count: 20 }, { sex: null, count: null }],
    });
  });
  test("is the destination's method, or there is none", () => {
    expect(reported([], destination(), at)).toBeUndefined();
    expect(() => reported([], destination({ only, deidentify: { method: "aggregate", dates: "year", ids: "remove" } }), at)).toThrow("PHI-232");
  });
});

describe("messages that are counted", () => {
  const given = channel({ destinations: [counting] });
  const run = async () => ({ results: [{ kind: "output" as const, format: "json" as const, text: '{"sex":"F"}' }], log: [] });
  const signal = AbortSignal.timeout(5000);

  test("leave as a report, one alone as one that tells nothing", async () => {
    const { lane, sent } = setUp({ channel: { ...given, destinations: [{ ...counting, deidentify: { ...deidentify, transform: {} as never } }] }, run });
    const entries = [7, 8].map((id) => entry({ id, receivedAt: at, raw: { format: "hl7v2", bytes: bytes(message(`C${id}`)) } }));
    for (const each of entries) expect(await lane.prepare(each)).toMatchObject({ kind: "ready" });
    expect(await lane.attemptBatch?.(entries, 1, signal)).toEqual({ kind: "delivered" });
    const [first] = entries;
    expect(first && (await lane.attempt(first, 1, signal))).toEqual({ kind: "delivered" });
    for (const { body } of sent) expect(read({ bytes: body })).toMatchObject({ total: null, margins: [{ sex: "F", count: null }] });
  });
  test("of one patient count as one", async () => {
    const { lane, sent } = setUp({ channel: { ...given, destinations: [{ ...counting, deidentify: { ...deidentify, transform: {} as never } }] }, run });
    const of = (id: number, text: string) => entry({ id, receivedAt: at, raw: { format: "hl7v2", bytes: bytes(text) } });
    const one = Array.from({ length: 11 }, (_, i) => of(i + 1, message(`C${i}`)));
    const eleven = Array.from({ length: 11 }, (_, i) => of(i + 20, message(`D${i}`).replace("900123", `9007${i + 10}`)));
    for (const entries of [one, eleven]) {
      for (const each of entries) await lane.prepare(each);
      await lane.attemptBatch?.(entries as [typeof entries[0] & object], 1, signal);
    }
    expect(sent.map(({ body }) => (read({ bytes: body }) as { total: unknown }).total)).toEqual([null, 11]);
  });
  test("count once: put back or replayed they go nowhere", async () => {
    const { lane } = setUp({ channel: given, run });
    for (const over of [{ requeuedAt: at }, { again: 99 }]) {
      expect(await lane.prepare(entry({ id: 7, ...over }))).toEqual({ kind: "end", end: "refused", code: "PHI-233", reason: "again" });
    }
  });
});
