import { expect, test } from "vitest";
import { createBoundary, isReleased, releasedBody } from "./index.ts";
import { agreement, destination, envelope, partner, tree } from "./testing/given.ts";

const boundary = createBoundary();
const now = Date.parse("2026-06-01T12:00:00Z");
const clinic = partner({ kind: "provider", agreements: [agreement({ basis: "treatment", purposes: ["TREAT"] })] });

function release(e = envelope("the body"), at = now) {
  return boundary.release({
    envelope: e, harvest: boundary.harvest(tree(), "hl7v2"), label: { level: "phi", compartments: [] },
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

test("a harvest of somebody else is not taken for one without identifiers", () => {
  expect(() =>
    boundary.guard({ envelope: envelope("Rivera"), harvest: { size: 0 }, label: { level: "none", compartments: [] }, destination: destination(), partner: partner() }),
  ).toThrow(TypeError);
});
