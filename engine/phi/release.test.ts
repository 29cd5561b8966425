import { expect, test } from "vitest";
import { type Envelope, SecretRef } from "../sdk/index.ts";
import { createBoundary, isReleased, releasedBody } from "./index.ts";
import { agreement, destination, envelope, partner, tree, label } from "./testing/given.ts";

const boundary = createBoundary();
const now = Date.parse("2026-06-01T12:00:00Z");
const clinic = partner({ kind: "provider", agreements: [agreement({ basis: "treatment", purposes: ["TREAT"] })] });

function release(e = envelope("the body"), at = now) {
  return boundary.release({
    envelope: e, harvest: boundary.harvest(tree(), "hl7v2"), label: label("phi"),
    destination: destination({ sends: "phi", purpose: "TREAT" }), partner: clinic, now: at,
  });
}

test("only what the guard let pass is released, and a look-alike is not", () => {
  const verdict = release();
  if ("refusal" in verdict) throw new Error("refused");
  const { released } = verdict;
  expect(isReleased(released)).toBe(true);
  expect(isReleased({ ...released })).toBe(false);
  expect(isReleased(structuredClone({ partner: released.partner }))).toBe(false);
  expect(() => releasedBody({ ...released })).toThrow("PHI-209");
});

test("a release leads nobody to its maker, and its like is none", () => {
  const verdict = release();
  if ("refusal" in verdict) throw new Error("refused");
  const { released } = verdict;
  expect(released.constructor).toBe(Object);
  const proto = Object.getPrototypeOf(released) as object;
  expect(Reflect.ownKeys(proto)).toEqual([]);
  expect(Object.isFrozen(proto) && Object.isFrozen(released)).toBe(true);
  expect(Reflect.ownKeys(released).sort()).toEqual(["envelope", "partner"]);
  const like = Object.create(proto, Object.getOwnPropertyDescriptors(released)) as object;
  expect(isReleased(like)).toBe(false);
  expect(isReleased(Object.create(released))).toBe(false);
});

test("nobody changes an envelope after its release", () => {
  const headers: Record<string, string> = { "content-type": "text/plain; charset=utf-8" };
  const e = envelope("the body", { headers });
  const verdict = release(e);
  if ("refusal" in verdict) throw new Error("refused");
  headers["x-late"] = "Rivera";
  e.body.fill(0x41);
  verdict.released.envelope.body.fill(0x42);
  expect(verdict.released.envelope.headers).toEqual({ "content-type": "text/plain; charset=utf-8" });
  expect(new TextDecoder().decode(releasedBody(verdict.released))).toBe("the body");
  expect(() => Object.assign(verdict.released.envelope, { path: "/Rivera" })).toThrow(TypeError);
});

test("the flow rule and the guard are both asked", () => {
  expect(release(envelope("x"), Date.parse("2028-01-01T00:00:00Z"))).toEqual({ refusal: { code: "PHI-203", rule: "agreement-expired", where: "BAA-1" } });
  expect(release(envelope("x", { path: "/90017734" }))).toEqual({ refusal: { code: "PHI-201", rule: "strong", where: "path" } });
});

test("what the guard reads is what leaves: everything is read once, and nothing but data is taken", () => {
  const turning = new Proxy(envelope("x"), {
    reads: 0,
    getOwnPropertyDescriptor(target, name) {
      const found = Reflect.getOwnPropertyDescriptor(target, name);
      return name === "path" && found ? { ...found, value: this.reads++ === 0 ? "/events" : "/90017734" } : found;
    },
    get: (target, name) => (name === "path" ? "/90017734" : Reflect.get(target, name)),
  } as ProxyHandler<Envelope> & { reads: number });
  const verdict = release(turning);
  expect("released" in verdict && verdict.released.envelope.path).toBe("/events");
  const extra = release({ ...envelope("x"), trailer: "90017734" } as Envelope);
  expect("released" in extra && Object.keys(extra.released.envelope)).toEqual(["endpoint", "body", "method", "path", "headers"]);
});

test.each<[string, string, () => object]>([
  ["a getter", "path", () => ({ get path() { return "/events"; } })],
  ["a path that is no text", "path", () => ({ path: { toString: () => "/90017734" } })],
  ["headers with a getter", "headers", () => ({ headers: { get "x-a"() { return "b"; } } })],
  ["a query of numbers", "query", () => ({ query: { page: 1 } })],
  ["a body that only looks like bytes", "body", () => ({ body: new Proxy(new Uint8Array(3), {}) })],
  ["a body that is text", "body", () => ({ body: "Rivera" })],
])("%s is refused", (_, where, part) => {
  expect(release(Object.defineProperties(envelope("x"), Object.getOwnPropertyDescriptors(part())))).toEqual({ refusal: { code: "PHI-210", rule: "plain", where } });
});

test("a body cannot choose who makes its copy", () => {
  const kept: Uint8Array[] = [];
  class Sly extends Uint8Array {
    static get [Symbol.species]() {
      return ((n: number) => { kept.push(new Uint8Array(n)); return kept.at(-1); }) as unknown as Uint8ArrayConstructor;
    }
    override get length() { return 40; }
    override slice() { return new TextEncoder().encode("90017734") as Uint8Array<ArrayBuffer>; }
  }
  const verdict = release(envelope(new Sly(new TextEncoder().encode("the body"))));
  if ("refusal" in verdict) throw new Error("refused");
  for (const each of kept) each.fill(0x58);
  expect(new TextDecoder().decode(releasedBody(verdict.released))).toBe("the body");
});

test("only a credential that stands in the destination's options is named", () => {
  const ask = (secret: unknown) => release(envelope("x", { credential: { kind: "bearer", secret: secret as SecretRef } }));
  expect(ask(new SecretRef("env", "ACME_TOKEN"))).toHaveProperty("released.envelope.credential.kind", "bearer");
  for (const secret of [new SecretRef("env", "OTHER"), new SecretRef("file", "ACME_TOKEN"), "ACME_TOKEN", undefined])
    expect(ask(secret)).toEqual({ refusal: { code: "PHI-211", rule: "credential", where: "credential" } });
});

test("a harvest of somebody else is not taken for one without identifiers", () => {
  expect(() =>
    boundary.guard({ envelope: envelope("Rivera"), harvest: { size: 0 }, label: label("none"), destination: destination(), partner: partner() }),
  ).toThrow(TypeError);
});
