import { describe, expect, test } from "vitest";
import type { Agreement } from "../config/project.ts";
import { isSuspension } from "./codes.ts";
import type { Label } from "./boundary.ts";
import { permits } from "./flow-rule.ts";
import { agreement, destination, partner, label } from "./testing/given.ts";

const now = Date.parse("2026-06-01T12:00:00Z");
const phi = label("phi");

function ask(agreements: readonly Agreement[], over: { kind?: string; label?: Label; sends?: "none" | "deidentified" | "phi"; purpose?: string; now?: number; phi?: "allowed" | "never" } = {}) {
  const to = partner({ agreements, kind: over.kind ?? "analytics" });
  const links = { outbound: { ...to.links.outbound, phi: over.phi ?? "allowed" } } as typeof to.links;
  const verdict = permits({
    label: over.label ?? phi, now: over.now ?? now, partner: { ...to, links },
    destination: destination({ sends: over.sends ?? "phi", ...("purpose" in over && over.purpose ? { purpose: over.purpose } : {}) }),
  });
  return "refusal" in verdict ? verdict.refusal : undefined;
}

describe("no BAA", () => {
  test.each(["analytics", "payment"])("blocks phi to %s", (kind) => {
    expect(ask([], { kind, purpose: "HOPERAT" })).toEqual({ code: "PHI-202", rule: "agreement" });
    expect(ask([agreement({ basis: "none", levels: ["none"], purposes: ["HOPERAT"] })], { kind, purpose: "HOPERAT" })).toMatchObject({ code: "PHI-202", rule: "level" });
  });

  test("does not block a referral", () => {
    expect(ask([agreement({ basis: "treatment", purposes: ["TREAT"] })], { kind: "provider", purpose: "TREAT" })).toBeUndefined();
  });

  test("does not block a report to public health", () => {
    expect(ask([agreement({ basis: "public-health", purposes: ["PUBHLTH"] })], { kind: "public-health", purpose: "PUBHLTH" })).toBeUndefined();
  });

  test("does not block what says nothing about anybody", () => {
    expect(ask([], { label: label("none"), sends: "none", phi: "never" })).toBeUndefined();
  });
});

describe("the rule", () => {
  const baa = agreement();

  test("asks anew at every moment; a lapse suspends and all else is final", () => {
    const after = Date.parse("2027-01-01T05:00:00Z");
    expect(ask([baa], { purpose: "HOPERAT", now: after - 1 })).toBeUndefined();
    const lapsed = ask([baa], { purpose: "HOPERAT", now: after });
    expect(lapsed).toEqual({ code: "PHI-203", rule: "agreement-expired", where: "BAA-1" });
    expect(isSuspension(lapsed?.code ?? "")).toBe(true);
    expect(isSuspension("PHI-202")).toBe(false);
    expect(isSuspension("PHI-201")).toBe(false);
  });

  test("a renewal beside the lapsed one opens the way", () => {
    const renewed = agreement({ id: "BAA-2", effective: "2027-01-01", expires: "2027-12-31" });
    expect(ask([baa, renewed], { purpose: "HOPERAT", now: Date.parse("2027-06-01T00:00:00Z") })).toBeUndefined();
  });

  test("a link that never carries phi forbids what an agreement permits", () => {
    expect(ask([baa], { purpose: "HOPERAT", phi: "never" })).toEqual({ code: "PHI-206", rule: "link" });
  });

  test("the label may not be above what the destination declares", () => {
    expect(ask([baa], { purpose: "HOPERAT", sends: "deidentified" })).toEqual({ code: "PHI-206", rule: "sends" });
  });

  test("two agreements do not add up", () => {
    const apart = [agreement({ purposes: ["TREAT"], compartments: ["hiv"] }), agreement({ id: "BAA-2", purposes: ["HOPERAT"] })];
    expect(ask(apart, { purpose: "HOPERAT", label: label("phi", ["hiv"]) })).toMatchObject({ code: "PHI-202" });
  });

  test("an unknown level counts as the top", () => {
    expect(ask([], { sends: "none", label: label("secret" as never) })).toEqual({ code: "PHI-206", rule: "sends" });
  });

  test("a destination of another partner is refused", () => {
    expect(permits({ label: phi, now, partner: partner({ name: "other", agreements: [baa] }), destination: destination({ sends: "phi", purpose: "HOPERAT" }) })).toEqual({ refusal: { code: "PHI-202", rule: "partner" } });
  });
});
