import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { adt, body, message, type OpenedSandbox, openSandbox, program } from "./samples.ts";

let sandbox: OpenedSandbox;
beforeAll(async () => {
  sandbox = await openSandbox({ mapKey: "a key" });
});
afterAll(() => sandbox.close());

interface Bundle {
  readonly type: string;
  readonly entry: readonly { readonly fullUrl: string; readonly resource: { readonly resourceType: string; readonly id: string } & Record<string, unknown> }[];
}

async function bundle(code: string, text = adt(), other = sandbox): Promise<{ readonly bundle: Bundle; readonly log: readonly string[] }> {
  expect(await other.load(program({ transform: body(code) }))).toEqual([]);
  const { results, log } = await other.run("lab", message(text));
  const [result] = results;
  expect(result).toMatchObject({ kind: "output", format: "fhir" });
  return { bundle: JSON.parse((result as { text: string }).text) as Bundle, log };
}

describe("toFhir", () => {
  it("gives a Bundle whose references end in it", async () => {
    const { bundle: made } = await bundle("return toFhir(msg)");
    expect(made.entry.map(({ resource }) => resource.resourceType)).toEqual(expect.arrayContaining(["MessageHeader", "Patient", "Encounter"]));
    const urls = new Set(made.entry.map(({ fullUrl }) => fullUrl));
    for (const [, url] of JSON.stringify(made).matchAll(/"reference":"([^"]*)"/g)) expect(urls).toContain(url);
  });
  it("gives the same patient the same id in the next message, another one under another key, and never the number itself", async () => {
    const idOf = ({ bundle: made }: { readonly bundle: Bundle }) => made.entry.find(({ resource }) => resource.resourceType === "Patient")?.resource.id;
    const first = idOf(await bundle("return toFhir(msg)"));
    expect(idOf(await bundle("return toFhir(msg)", adt("Rivera^Joan", "MSG2")))).toBe(first);
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const elsewhere = await openSandbox({ mapKey: "another key" });
    try {
      expect(idOf(await bundle("return toFhir(msg)", adt(), elsewhere))).not.toBe(first);
    } finally {
      await elsewhere.close();
    }
  });
  it("tells the message's own log what has no place, without its content", async () => {
    const { log } = await bundle("return toFhir(msg)", adt().replace("|F\r", "|SECRETWORD\r"));
    // The message states no offset, so MSH-7 is no instant either.
    expect(log).toEqual(["MAP-202 MSH-7", "MAP-201 PID-8"]);
  });
  it("takes what a channel adjusts", async () => {
    const { bundle: made } = await bundle('return toFhir(msg, { bundle: "transaction", drop: ["Encounter"], authorities: { HOSP: "https://hosp.example/mrn" } })');
    expect(made.type).toBe("transaction");
    expect(made.entry.map(({ resource }) => resource.resourceType)).toEqual(["Patient"]);
    expect(made.entry[0]).toMatchObject({ request: { method: "PUT", url: `Patient/${made.entry[0]?.resource.id}` }, resource: { identifier: [{ system: "https://hosp.example/mrn", value: "48213" }] } });
  });
});
