import { describe, expect, test } from "vitest";
import { type InboundRequest, type Receipt, retryAfterMs } from "../../engine/sdk/index.ts";
import { completeOptions, PartnerHost, releaseInMemory, SourceHost } from "../../engine/sdk/testing/index.ts";
import { httpDestination } from "./destination.ts";
import { destinationOptions, sourceOptions } from "./options.ts";
import { httpSource } from "./source.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

describe("answers of the source", () => {
  async function answer(receipt: Receipt, request: Partial<InboundRequest> = {}, options = {}) {
    const host = new SourceHost();
    host.verdict = async () => receipt;
    const source = httpSource(completeOptions(sourceOptions, { path: "/in", ...options }));
    await source.start(host.context);
    const { status, headers, body } = await host.request({ body: encode("{}"), ...request });
    return { status, body: text(body), retryAfter: headers?.["retry-after"], received: host.received.length };
  }

  test.each([
    [{ kind: "accepted", id: "m7" }, 202, '{"id":"m7"}'],
    [{ kind: "duplicate", id: "m7" }, 202, '{"id":"m7"}'],
    [{ kind: "refused", code: "FLW-101" }, 422, '{"code":"FLW-101"}'],
    [{ kind: "refused", code: "CAS-120" }, 409, '{"code":"CAS-120"}'],
    [{ kind: "unavailable", code: "STO-201" }, 503, '{"code":"STO-201"}'],
  ] as const)("%o is %i", async (receipt, status, body) => {
    expect(await answer(receipt)).toMatchObject({ status, body, retryAfter: status === 503 ? "5" : undefined });
  });

  test("no body, or a media type that is not taken, never reaches the engine", async () => {
    const accepted = { kind: "accepted", id: "m1" } as const;
    expect(await answer(accepted, { body: new Uint8Array() })).toMatchObject({ status: 400, body: '{"code":"HTP-101"}', received: 0 });
    const options = { contentTypes: ["application/fhir+json"] };
    for (const type of ["text/plain", ""]) {
      const headers = type === "" ? {} : { "content-type": type };
      expect(await answer(accepted, { headers }, options)).toMatchObject({ status: 415, received: 0 });
    }
    const headers = { "content-type": "Application/FHIR+json; charset=utf-8" };
    expect(await answer(accepted, { headers }, options)).toMatchObject({ status: 202, received: 1 });
  });
});

describe("the sender's id of a message", () => {
  async function given(headers: Record<string, string>) {
    const host = new SourceHost();
    const source = httpSource(completeOptions(sourceOptions, { path: "/in", id: { header: "Idempotency-Key" } }));
    await source.start(host.context);
    const { status } = await host.request({ body: encode("{}"), headers });
    return [status, ...host.identities];
  }

  test.each([
    [{ "idempotency-key": "visit 42" }, [202, "visit 42"]],
    [{ "x-request-id": "42" }, [202, undefined]],
    [{ "idempotency-key": "" }, [400]],
    [{ "idempotency-key": "x".repeat(256) }, [400]],
    [{ "idempotency-key": "caf\u00e9" }, [400]],
  ])("%o is %j", async (headers, expected) => {
    expect(await given(headers as Record<string, string>)).toEqual(expected);
  });
});

describe("outcomes of the destination", () => {
  async function outcome(status: number, headers: Record<string, string> = {}) {
    const host = new PartnerHost();
    host.move = () => ({ status, headers, body: encode("{}") });
    const destination = httpDestination(completeOptions(destinationOptions, { endpoint: "e" }));
    const message = { id: "m1", channel: "c", destination: "d", sequence: 1, receivedAt: 0, content: { format: "json", bytes: encode("{}") } } as const;
    return destination.send(releaseInMemory(destination.render(message)), host.context());
  }

  test.each([
    [200, "delivered"], [204, "delivered"], [299, "delivered"],
    [301, "retry"], [304, "retry"], [308, "retry"],
    [401, "retry"], [403, "retry"], [404, "retry"], [407, "retry"],
    [400, "rejected"], [405, "rejected"], [409, "rejected"], [410, "rejected"], [422, "rejected"],
    [408, "retry"], [425, "retry"], [429, "retry"], [500, "unknown"], [503, "retry"], [504, "unknown"], [599, "unknown"],
    [102, "unknown"],
  ])("%i is %s", async (status, kind) => {
    expect((await outcome(status)).kind).toBe(kind);
  });

  test("a credential, an address and a redirect have their own codes", async () => {
    const codes = await Promise.all([401, 403, 407, 404, 302].map(async (status) => Object.entries(await outcome(status)).join()));
    expect(codes).toEqual(["HTP-208", "HTP-208", "HTP-208", "HTP-209", "HTP-203"].map((code) => `kind,retry,code,${code}`));
  });

  test("Retry-After is honoured", async () => {
    expect(await outcome(429, { "retry-after": "7" })).toEqual({ kind: "retry", code: "HTP-201", afterMs: 7000 });
    expect(await outcome(503, { "retry-after": "soon" })).toEqual({ kind: "retry", code: "HTP-202" });
  });

  test.each([
    ["0", 0],
    ["120", 120_000],
    ["999999999", 86_400_000],
    ["Thu, 01 Jan 1970 00:00:10 GMT", 9000],
    ["Thu, 01 Jan 1970 00:00:00 GMT", 0],
    ["later", undefined],
    [undefined, undefined],
  ])("Retry-After %s", (header, ms) => {
    const read = retryAfterMs(header, 1000);
    expect(read).toBe(ms);
  });
});

test("the envelope is the options, the content and the id", () => {
  const destination = httpDestination(
    completeOptions(destinationOptions, { endpoint: "e", path: "/x", headers: { prefer: "return=minimal" }, idempotency: "X-Id" }),
  );
  const content = { format: "fhir", bytes: encode("{}") } as const;
  expect(destination.render({ id: "m1", channel: "c", destination: "d", sequence: 1, receivedAt: 0, content })).toEqual({
    endpoint: "e",
    method: "POST",
    path: "/x",
    headers: { prefer: "return=minimal", "content-type": "application/fhir+json", "x-id": "m1" },
    body: content.bytes,
  });
});

describe("formats that answer with a message of their own", () => {
  const ack = encode("<Message/>");
  async function reply(receipt: Receipt) {
    const host = new SourceHost();
    host.verdict = async () => receipt;
    await httpSource(completeOptions(sourceOptions, { path: "/in" })).start(host.context);
    const { status, headers, body } = await host.request({ body: encode("<Message/>") });
    return [status, headers?.["content-type"], text(body)];
  }

  test.each([
    ["accepted", 200, "application/xml", "<Message/>"],
    ["refused", 200, "application/xml", "<Message/>"],
    ["unavailable", 503, "application/xml", "<Message/>"],
    ["unanswered", 504, "application/json", "{}"],
  ] as const)("%s is %i", async (kind, ...expected) => {
    expect(await reply({ kind, ack, ackFormat: "script" })).toEqual(expected);
  });

  test("HL7 v2 has its answer in the status alone", async () => {
    expect(await reply({ kind: "accepted", id: "m7", ack })).toEqual([202, "application/json", '{"id":"m7"}']);
  });

  async function outcome(said: { readonly code: string; readonly controlId: string } | undefined, format: "script" | "hl7v2" = "script", status = 200) {
    const host = new PartnerHost({ readAck: (bytes) => said && { ...said, content: { format, bytes } }, controlId: () => "RX-1" });
    host.move = () => ({ status, headers: {}, body: ack });
    const destination = httpDestination(completeOptions(destinationOptions, { endpoint: "e" }));
    const message = { id: "m1", channel: "c", destination: "d", sequence: 1, receivedAt: 0, content: { format: "script", bytes: ack } } as const;
    return (await destination.send(releaseInMemory(destination.render(message)), host.context())).kind;
  }

  test("the partner's answer decides, where it is to this message", async () => {
    expect(await Promise.all([outcome({ code: "AA", controlId: "RX-1" }), outcome({ code: "AA", controlId: "" }), outcome({ code: "AE", controlId: "RX-1" }), outcome({ code: "AR", controlId: "RX-1" })])).toEqual(["delivered", "delivered", "retry", "rejected"]);
    expect(await Promise.all([outcome({ code: "AR", controlId: "RX-9" }), outcome(undefined), outcome({ code: "AR", controlId: "RX-1" }, "hl7v2"), outcome({ code: "AA", controlId: "RX-1" }, "script", 422)])).toEqual(["unknown", "delivered", "delivered", "rejected"]);
  });
});
