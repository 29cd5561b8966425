import { describe, expect, test } from "vitest";
import { bytes, channel, destination, entry, message, setUp } from "./flow.fixture.ts";
import { together } from "./together.ts";

const options = { id: "B1", at: Date.UTC(2026, 2, 1, 12) };
const text = ({ bytes }: { readonly bytes: Uint8Array }) => Buffer.from(bytes).toString("latin1");
const content = (format: "hl7v2" | "json" | "csv" | "fhir" | "text", body: string, charset = "utf-8") => ({ content: { format, bytes: new Uint8Array(Buffer.from(body, "latin1")) }, charset });

describe("several messages as one", () => {
  test("HL7 v2 stands in FHS and BHS, each message to the byte as it was, in its own characters", () => {
    const latin = content("hl7v2", "MSH|^~\\&|A|B|C|D|20260101||ADT^A01|1|P|2.5||||||8859/1\rPID|1||5||M\xfcller\r");
    const batch = together([latin, content("hl7v2", message("C2"))], options);
    expect(text(batch)).toBe(`FHS|^~\\&|||||20260301120000+0000||||B1\rBHS|^~\\&|||||20260301120000+0000||||B1\r${text(latin.content)}${message("C2")}BTS|2\rFTS|1\r`);
  });

  test("delimited text has its header once, JSON is a list", () => {
    const csv = { delimiter: ",", quote: '"', header: true };
    expect(text(together([content("csv", "id,name\r\n1,a\r\n"), content("csv", 'id,name\r\n2,"b\r\nc"')], { ...options, csv }))).toBe('id,name\r\n1,a\r\n2,"b\r\nc"\r\n');
    expect(text(together([content("csv", "1,a\n"), content("csv", "2,b\n")], { ...options, csv: { ...csv, header: false } }))).toBe("1,a\n2,b\n");
    const accented = [content("csv", "id,name\n1,Jos\xe9\n", "iso-8859-1"), content("csv", "id,name\n2,Ann\n", "iso-8859-1")];
    expect(text(together(accented, { ...options, csv }))).toBe("id,name\n1,Jos\xe9\n2,Ann\n");
    const list = together([content("json", '{"a":1}'), content("json", "[2]")], options);
    expect([list.format, JSON.parse(text(list))]).toEqual(["json", [{ a: 1 }, [2]]]);
  });

  test.each([
    ["of different formats", [content("json", "{}"), content("csv", "a\r\n1\r\n")]],
    ["with different columns", [content("csv", "a\r\n1\r\n"), content("csv", "b\r\n1\r\n")]],
    ["in different characters", [content("csv", "a\r\n1\r\n"), content("csv", "a\r\n1\r\n", "iso-8859-1")]],
    ["of a format without such a form", [content("text", "a"), content("text", "b")]],
  ])("%s they are refused", (_what, contents) => {
    expect(() => together(contents, options)).toThrow(expect.objectContaining({ code: "FLW-209" }));
  });
});

describe("an attempt of several", () => {
  const batched = channel({ destinations: [destination({ batch: { max: 10, maxBytes: 100_000, withinMs: 1000 } })] });
  const signal = AbortSignal.timeout(5000);
  const two = (first: string, second: string) => [entry({ id: 7, raw: { format: "hl7v2", bytes: bytes(first) } }), entry({ id: 8, raw: { format: "hl7v2", bytes: bytes(second) } })] as const;

  test("is one message under an id that follows from its members", async () => {
    const { lane, rendered, sent, attempts } = setUp({ channel: batched });
    const entries = two(message("C1"), message("C2"));
    for (const each of entries) expect(await lane.prepare(each)).toMatchObject({ kind: "ready", bytes: message("C1").length });
    for (const attempt of [1, 2]) expect(await lane.attemptBatch?.(entries, attempt, signal)).toEqual({ kind: "delivered" });
    expect(attempts).toEqual([1, 2]);
    expect(Buffer.compare(sent[0]?.body ?? bytes(""), sent[1]?.body ?? bytes("x"))).toBe(0);
    expect(text({ bytes: sent[0]?.body ?? bytes("") })).toContain(`${message("C1")}${message("C2")}BTS|2\r`);
    expect(rendered.slice(2).map(({ id, sequence }) => [id, sequence])).toEqual([["results/ward 7 8:7", 7], ["results/ward 7 8:7", 7]]);
    for (const each of entries) lane.forget(each);
    expect((await lane.attemptBatch?.(entries, 3, signal))?.kind).toBe("retry");
  });

  test("keeps the characters of its source", async () => {
    const csv = { delimiter: ",", quote: '"', header: true };
    const own = channel({
      source: { ...batched.source, format: "csv", charset: "iso-8859-1", csv }, destinations: [{ ...(batched.destinations[0] ?? destination()), format: "csv" }],
    });
    const { lane, sent } = setUp({ channel: own, run: async (_, { text: given }) => ({ results: [{ kind: "output", format: "csv", text: given }], log: [] }) });
    const raw = (body: string) => ({ format: "csv" as const, bytes: new Uint8Array(Buffer.from(body, "latin1")) });
    const entries = [entry({ id: 7, raw: raw("id,name\n1,Jos\xe9\n") }), entry({ id: 8, raw: raw("id,name\n2,Ann\n") })];
    for (const each of entries) expect((await lane.prepare(each)).kind).toBe("ready");
    expect(await lane.attemptBatch?.(entries, 1, signal)).toEqual({ kind: "delivered" });
    expect(text({ bytes: sent[0]?.body ?? bytes("") })).toBe("id,name\n1,Jos\xe9\n2,Ann\n");
  });

  test("is read by the guard for the identifiers of every member: what one may say of another's patient does not leave", async () => {
    const other = message("C2").replace("EXEMPLAR^ADA", "QUILLFEATHER^BORIS");
    const named = (one: { content: { bytes: Uint8Array } }) => ({
      endpoint: "feed", body: one.content.bytes, headers: { "content-type": text(one.content).includes("SEEN WITH") ? "QUILLFEATHER" : "x" },
    });
    const { lane, sent } = setUp({ channel: batched, render: named });
    const entries = two(message("C1", "NTE|1||SEEN WITH QUILLFEATHER\r"), other);
    for (const each of entries) expect((await lane.prepare(each)).kind).toBe("ready");
    expect(await lane.attemptBatch?.([entries[0]], 1, signal)).toEqual({ kind: "delivered" });
    sent.length = 0;
    expect(await lane.attemptBatch?.(entries, 1, signal)).toMatchObject({ kind: "refused", code: "PHI-201" });
    expect(await lane.attemptBatch?.([entries[1], entries[0]], 1, signal)).toMatchObject({ kind: "refused", code: "PHI-201" });
    expect(sent).toEqual([]);
  });
});
