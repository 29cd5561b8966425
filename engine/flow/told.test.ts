import { describe, expect, test } from "vitest";
import type { DestinationSpec, Partner } from "../config/project.ts";
import { bytes, channel, destination, entry, message, partner, setUp } from "./flow.fixture.ts";

const at = Date.UTC(2026, 2, 1, 12, 34, 56);
const signal = AbortSignal.timeout(5000);
const text = (body?: Uint8Array) => Buffer.from(body ?? []).toString("latin1");
const batch = { max: 10, maxBytes: 100_000, withinMs: 1000 };
const raw = (id: string) => ({ format: "hl7v2", bytes: bytes(message(id, "OBR|1|||2345-7^^LN|||20260226|||||||||||||||20260301\r").replace("\rPID", "\rEVN|R01|20260301\rPID")) }) as const;
const two = () => [entry({ receivedAt: at, raw: raw("C1") }), entry({ id: 8, receivedAt: at, raw: raw("C2") })] as const;

const shifted = { sends: "limited", purpose: "HRESCH", deidentify: { method: "limited-data-set", dates: "shift", ids: "remove" } } as const;
const harbor = { sends: "deidentified", purpose: "HRESCH", deidentify: { method: "safe-harbor", dates: "year", ids: "remove" } } as const;

function under(change: Partial<DestinationSpec>, name = (_: number) => "x.hl7") {
  const level = change.sends ?? "phi";
  const [first] = partner("ward").agreements;
  const basis = level === "limited" ? "dua" : "deidentified";
  const ward = { ...partner("ward"), agreements: [{ ...first, id: "D", basis, levels: [level], purposes: ["HRESCH"] }] } as unknown as Partner;
  const own = channel({ destinations: [destination(change)] });
  return setUp({ channel: own, partners: { ward }, render: ({ content, receivedAt }) => ({ endpoint: "feed", body: content.bytes, names: { fileName: name(receivedAt) } }) });
}

const byDefault = (receivedAt: number) => `${new Date(receivedAt).toISOString().replace(/[-:.Z]/g, "").replace("T", "-")}-x.hl7`;

describe("beside dates that were moved nothing says when the message came", () => {
  test("nor do the header of a batch, its name and the headers of its members", async () => {
    const { lane, sent, rendered } = under({ ...shifted, batch }, byDefault);
    const entries = two();
    for (const each of entries) expect((await lane.prepare(each)).kind).toBe("ready");
    expect(await lane.attemptBatch?.(entries, 1, signal)).toMatchObject({ kind: "delivered" });
    const body = text(sent[0]?.body);
    expect(body.match(/^(?:FHS|BHS|MSH)(?:\|[^|\r]*){6}/gm)?.map((each) => each.split("|")[6])).toEqual(["", "", "", ""]);
    expect(body).toContain("\rEVN|R01\r");
    expect(body).toMatch(/OBR\|1\|\|\|2345-7\^\^LN\|\|\|\d{8}\r/);
    expect(body).not.toMatch(/202603|20260226/);
    expect(rendered.map(({ receivedAt }) => receivedAt)).toEqual([1, 2, 3].map(() => Date.UTC(2026, 0, 1)));
    expect(sent[0]?.names).toEqual({ fileName: "20260101-000000000-x.hl7" });
  });

  test("dates that stay say it anyway, so a batch of them has its day", async () => {
    const { lane, sent } = under({ ...shifted, deidentify: { ...shifted.deidentify, dates: "keep" }, batch });
    const entries = two();
    for (const each of entries) await lane.prepare(each);
    expect(await lane.attemptBatch?.(entries, 1, signal)).toMatchObject({ kind: "delivered" });
    expect(text(sent[0]?.body)).toContain("FHS|^~\\&|||||20260301123456+0000|");
  });
});

describe("Safe Harbor", () => {
  test("goes as a batch whose header has no day", async () => {
    const { lane, sent } = under({ ...harbor, batch });
    const entries = two();
    for (const each of entries) expect((await lane.prepare(each)).kind).toBe("ready");
    expect(await lane.attemptBatch?.(entries, 1, signal)).toMatchObject({ kind: "delivered" });
    expect(text(sent[0]?.body)).toMatch(/^FHS\|\^~\\&\|{9}[^|\r]+\rBHS/);
  });

  test("goes under the default name of a file, which says the year alone", async () => {
    const { lane, sent } = under(harbor, byDefault);
    const one = entry({ receivedAt: at, raw: raw("C1") });
    expect(await lane.prepare(one)).toEqual({ kind: "ready" });
    expect(await lane.attempt(one, 1, signal)).toMatchObject({ kind: "delivered" });
    expect(sent[0]?.names).toEqual({ fileName: "20260101-000000000-x.hl7" });
  });

  test("a name with the true day is refused: nobody has told it to the connector", async () => {
    const { lane } = under(harbor, () => byDefault(at));
    expect(await lane.prepare(entry({ receivedAt: at, raw: raw("C1") }))).toMatchObject({ kind: "end", end: "refused" });
  });
});
