import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Envelope, SecretRef } from "../sdk/index.ts";
import { createBoundary } from "./index.ts";
import { structureWords } from "./structure-words.ts";
import { agreement, destination, envelope, only, partner, tree, label } from "./testing/given.ts";

const boundary = createBoundary();
const raw = tree();
const harvest = boundary.harvest(raw, "hl7v2");
const none = label("none");
const phi = label("phi");

const toVendor = (e: Envelope, over: Parameters<typeof destination>[0] = {}) =>
  boundary.guard({ envelope: e, harvest, label: none, destination: destination({ only, ...over }), partner: partner() });

const clinic = partner({ kind: "provider", agreements: [agreement({ basis: "treatment", purposes: ["TREAT"] })] });
const toClinic = (e: Envelope) =>
  boundary.guard({ envelope: e, harvest, label: phi, destination: destination({ sends: "phi", purpose: "TREAT" }), partner: clinic });

const identifiers = [
  "Jane Rivera-Łąka", "RIVERA, JANE", "Rivera", "Laka", "90017734", "900-177-34", "1980-01-02", "01/02/1980", "2 January 1980", "Jan 2, 1980", "19800102103000",
  "6175550142", "+1 617-555-0142", "617.555.0133", "jane.rivera@mail.example", "ACC5520981", "999123456", "999-12-3456", "12 Elm Street", "12 ELM STREET.",
  "VN8830012", "POL4455667", "GRP00881", "C7730021X", "Tomas Rivera", "R.i.v.e.r.a", "Ｒｉｖｅｒａ", "Rive\u200Bra", "RIVÉRA", "Mulberry", "R2D2-4711", "02139", "2026-11-21",
];

const encodings: Record<string, (text: string) => string> = {
  plain: (t) => t,
  upper: (t) => t.toUpperCase(),
  percent: (t) => [...new TextEncoder().encode(t)].map((b) => `%${b.toString(16).padStart(2, "0")}`).join(""),
  "percent twice": (t) => [...new TextEncoder().encode(t)].map((b) => `%25${b.toString(16).padStart(2, "0")}`).join(""),
  "JSON escapes": (t) => Array.from({ length: t.length }, (_, i) => `\\u${t.charCodeAt(i).toString(16).padStart(4, "0")}`).join(""),
  entities: (t) => [...t].map((c) => `&#${c.codePointAt(0)};`).join(""),
  base64: (t) => Buffer.from(t).toString("base64"),
  base64url: (t) => Buffer.from(t).toString("base64url"),
  "base64 twice": (t) => Buffer.from(Buffer.from(t).toString("base64")).toString("base64"),
  hex: (t) => Buffer.from(t).toString("hex"),
};

const parts: Record<string, (text: string) => Envelope> = {
  body: (t) => envelope(`{"event":"visit","note":"${t.replaceAll('"', "")}"}`),
  "body of a form": (t) => envelope(`event=visit&note=${encodeURIComponent(t)}`),
  "body key": (t) => envelope(JSON.stringify({ [t]: 1 })),
  path: (t) => envelope("{}", { path: `/events/${encodeURIComponent(t)}` }),
  query: (t) => envelope("{}", { query: { q: t } }),
  "query key": (t) => envelope("{}", { query: { [t]: "1" } }),
  header: (t) => envelope("{}", { headers: { "x-ref": encodeURIComponent(t) } }),
  "file name": (t) => envelope("{}", { names: { fileName: `${t}.json` } }),
  subject: (t) => envelope("{}", { names: { subject: `Visit of ${t}` } }),
  "user of the credential": (t) => envelope("{}", { credential: { kind: "basic", user: t, secret: new SecretRef("env", "ACME_TOKEN") } }),
};

describe("toward a partner that is not cleared", () => {
  test.each(identifiers)("%s is refused in any part and any encoding, and never named", (identifier) => {
    for (const part of Object.keys(parts)) {
      for (const encoding of Object.keys(encodings)) {
        const refusal = toVendor(parts[part]?.(encodings[encoding]?.(identifier) ?? "") as Envelope);
        expect({ part, encoding, code: refusal?.code }).toEqual({ part, encoding, code: "PHI-201" });
        expect(JSON.stringify(refusal).toLowerCase()).not.toMatch(/rivera|jane|9001|1980|6175/);
      }
    }
  });

  test("whatever the identifiers of the message are", () => {
    const letters = (min: number, max: number) => fc.string({ unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz"), minLength: min, maxLength: max });
    const digits = fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 6, maxLength: 14 }).filter((d) => /[1-9]\d{4}/.test(d));
    const family = letters(4, 14).filter((f) => !["none", "null", "true", "test", "other", "false", "unknown"].includes(f) && !structureWords.has(f));
    const planted = fc.record({ family, given: letters(2, 10), number: digits, which: fc.constantFrom("family", "number", "both") });
    fc.assert(
      fc.property(planted, fc.constantFrom(...Object.keys(parts)), fc.constantFrom(...Object.keys(encodings)), ({ family, given, number, which }, part, encoding) => {
        const text = `MSH|^~\\&|A|B|C|D|20260101||ADT^A04|X|P|2.5\rPID|1||${number}||${family}^${given}`;
        const identifier = which === "family" ? family : which === "number" ? number : `${given} ${family}`;
        const refusal = boundary.guard({
          envelope: parts[part]?.(encodings[encoding]?.(identifier) ?? "") as Envelope, harvest: boundary.harvest(tree(text), "hl7v2"),
          label: none, destination: destination({ only }), partner: partner(),
        });
        expect(refusal?.code).toBe("PHI-201");
      }),
      { numRuns: 1000 },
    );
  });

  test.each(identifiers)("%s in the body", (identifier) => {
    expect(toVendor(envelope(JSON.stringify({ note: identifier })))).toMatchObject({ code: "PHI-201", where: "body" });
  });

  test.each([
    ["path", "path"], ["query", "query"], ["header", "header of its own"], ["file name", "name fileName"], ["subject", "name subject"],
  ])("the refusal names the %s", (part, where) => {
    expect(toVendor(parts[part]?.("Rivera") as Envelope)).toMatchObject({ code: "PHI-201", where });
  });

  test.each([
    ["codes and constants", '{"event":"visit","kind":"new"}'],
    ["a code spelt like a name", '{"event":"visit","kind":"Rivera-Clinic"}'],
    ["an amount that equals a ZIP code", '{"event":"visit","kind":"new","amount":2139}'],
    ["the same in a list, as several messages go", '[{"amount":2139},{"kind":"Rivera-Clinic"}]'],
    ["the same as a form", "event=visit&kind=Rivera-Clinic&amount=2139"],
    ["a given name alone", '{"event":"visit","kind":"new","x":"jane"}'],
    ["a word that holds a short name", '{"event":"visit","x":"janerations of riverains"}'],
    ["a year", '{"event":"visit","x":"1980"}'],
    ["part of a longer number", '{"event":"visit","x":"7002139004"}'],
    ["nothing", ""],
  ])("lets %s pass", (_, body) => {
    expect(toVendor(envelope(body))).toBeUndefined();
  });

  test.each([
    ["a given name and a city", '{"x":"jane","y":"millbrook"}'],
    ["the same value in a field that is not bounded", '{"event":"visit","amount":"x Rivera-Clinic"}'],
    ["a field twice", '{"event":"visit","kind":"new","kind":"Rivera-Clinic"}'],
    ["the same in a list", '[{"event":"visit"},{"amount":"x Rivera-Clinic"}]'],
    ["what is no field in a list", '[{"event":"visit"},"Rivera-Clinic"]'],
    ["an amount as long as a record number", '{"amount":90017734}'],
  ])("refuses %s", (_, body) => {
    expect(toVendor(envelope(body))).toMatchObject({ code: "PHI-201", where: "body" });
  });

  test.each([
    ["packed", Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0)],
    ["in another charset", Uint8Array.of(0x52, 0xe9)],
    ["UTF-16", new Uint8Array(Buffer.from("Rivera", "utf16le"))],
  ])("refuses a body that is %s", (_, body) => {
    expect(toVendor(envelope(body))).toEqual({ code: "PHI-207", rule: "unreadable", where: "body" });
  });

  test("what the engine made may stand in a name as a part by itself, and nowhere else", () => {
    const dated = tree("MSH|^~\\&|A|B|C|D|20261122||ADT^A04|X|P|2.5\rPID|1||20261122^^^N^MR||SAMPLE^JANE||20261122");
    const refused = (e: Partial<Envelope>, minted: readonly string[] = ["20261122"]) =>
      boundary.guard({ envelope: envelope("{}", e), destination: destination({ sends: "none" }), harvest: boundary.harvest(dated, "hl7v2"), label: none, partner: partner(), minted })?.where;
    expect(refused({ names: { fileName: "20261122-0001.json" } })).toBeUndefined();
    expect(refused({ names: { fileName: "20261122-0001.json" } }, [])).toBe("name fileName");
    expect(refused({ names: { fileName: "20261122-SAMPLE.json" } })).toBe("name fileName");
    expect(refused({ path: "/20261122" })).toBe("path");
    expect(refused({ body: new TextEncoder().encode('{"x":"20261122"}') })).toBe("body");
  });

  test("a copied token is no identifier of itself, and what the engine made is exempt", () => {
    const token = "cus_T9xkQ2mWv4LpZr";
    const tokenRaw = tree(JSON.stringify({ customer: token, name: "Jane Rivera" }), "json");
    const ask = (copy: boolean) =>
      boundary.guard({
        envelope: envelope(`customer=${token}`, { names: { idempotencyKey: "0d9f6c1e-90017734" } }),
        harvest: boundary.harvest(tokenRaw, "json"), label: none, partner: partner(), exempt: ["0d9f6c1e-90017734"],
        destination: destination(copy ? { only: { customer: { kind: "copy", path: "/customer", as: "stripe-customer" } } } : { only }),
      });
    expect(ask(true)).toBeUndefined();
    expect(ask(false)).toMatchObject({ code: "PHI-201", where: "body" });
  });

  test("configured values are no data", () => {
    expect(toVendor(envelope("{}", { path: "/Rivera" }), { options: { path: "/Rivera" } })).toBeUndefined();
    expect(toVendor(envelope("{}", { path: "/Rivera" }))).toMatchObject({ code: "PHI-201", where: "path" });
  });
});

describe("toward a partner under treatment", () => {
  test("the body may hold the patient", () => {
    expect(toClinic(envelope(raw.toString()))).toBeUndefined();
  });

  test.each(Object.keys(parts).filter((part) => !part.startsWith("body")))("but the %s may not", (part) => {
    expect(toClinic(parts[part]?.("90017734") as Envelope)).toMatchObject({ code: "PHI-201" });
  });

  test("nor the body of a destination that declares none", () => {
    expect(boundary.guard({ envelope: envelope("Rivera"), harvest, label: none, destination: destination(), partner: clinic })).toMatchObject({ where: "body" });
  });
});

describe("a body with control characters", () => {
  const send = (body: Uint8Array) => toVendor(envelope(body));
  test("is no text, wherever one of them stands", () => {
    for (let length = 1; length < 12; length++) {
      for (let at = 0; at < length; at++) {
        for (const control of [0, 1, 8, 14, 27, 29, 31]) expect(send(Uint8Array.from({ length }, (_, i) => (i === at ? control : 120)))).toMatchObject({ code: "PHI-207", where: "body" });
      }
    }
  });
  test("that texts have is one", () => {
    for (const sign of [9, 10, 11, 13, 28, 127]) expect(send(Uint8Array.of(120, 120, sign, 120, 120, 120))).toBeUndefined();
  });
});

describe("the address", () => {
  test.each<[string, Partial<Envelope>]>([
    ["endpoint", { endpoint: "elsewhere" }], ["path", { path: "//evil.example" }], ["path", { path: "/a/../b" }], ["path", { path: "/%2e%2E/b" }], ["path", { path: "events" }],
    ["path", { path: "/a?b" }], ["header", { headers: { Authorization: "Bearer x" } }], ["header", { headers: { "x-a": "b\r\nc" } }], ["method", { method: "GET /" }], ["method", { method: "RIVERA" }],
  ])("a wrong %s is refused", (where, over) => {
    expect(toVendor(envelope("{}", over))).toEqual({ code: "PHI-208", rule: "pinned", where });
  });
});

describe("a surname that is a word of every head", () => {
  const named = (family: string) => boundary.harvest(tree(`MSH|^~\\&|A|B|C|D|20260101||ADT^A04|X1|P|2.5\rPID|1||66001||${family}^Joy`), "hl7v2");
  const asked = (family: string, over: Partial<Envelope>, options = {}) =>
    boundary.guard({ envelope: { ...envelope('{"event":"visit"}'), ...over }, harvest: named(family), label: none, destination: destination({ only, ...options }), partner: partner() });

  test.each(["Text", "Plain", "Form", "Return"])("is somebody where it stands by itself: %s", (family) => {
    expect(asked(family, { names: { topic: `visits.${family}, J` } })).toMatchObject({ code: "PHI-201", where: "name topic" });
  });
  test.each(["Text", "Application", "Form", "Return"])("is nobody in a type of media or a preference: %s", (family) => {
    for (const type of ["text/plain", "text/plain; charset=utf-8", "application/json", "application/x-www-form-urlencoded"]) {
      expect(asked(family, { headers: { "content-type": type, prefer: "return=minimal" } })).toBeUndefined();
    }
  });
});
