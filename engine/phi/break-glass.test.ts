import { expect, test } from "vitest";
import { type Grant, lifts, longestGrant, reaches } from "./break-glass.ts";
import { createBoundary } from "./index.ts";
import { agreement, destination, envelope, label, partner, tree } from "./testing/given.ts";

const now = Date.parse("2026-06-01T12:00:00Z");
const grant: Grant = { id: "bg-1", lane: "visits/out", partner: "acme", lifts: ["agreement", "purpose", "hold"], compartments: [], from: now - 1000, until: now + 3_600_000, messages: 5 };
const to = partner({ kind: "provider", breakGlass: true, agreements: [agreement({ basis: "treatment", purposes: ["TREAT"], expires: "2026-05-31" })] });
const asked = { label: label("phi"), destination: destination({ sends: "phi", purpose: "TREAT" }), partner: to, now };

test("an agreement that has ended is lifted while the grant stands, and no longer", () => {
  const { permits } = createBoundary();
  expect(permits(asked)).toMatchObject({ refusal: { code: "PHI-203" } });
  expect(permits({ ...asked, grant })).toEqual({ permit: { breakGlass: "bg-1", purpose: "TREAT" } });
  expect(permits({ ...asked, grant, now: grant.until })).toMatchObject({ refusal: { code: "PHI-203" } });
  expect(permits({ ...asked, grant: { ...grant, lifts: ["purpose"] } })).toMatchObject({ refusal: { code: "PHI-203" } });
});

test.each(["payment", "analytics", "marketing", "error-tracker", "log-sink"])("%s is never reached, whatever is written", (kind) => {
  expect(reaches(grant, { ...asked, partner: { ...to, kind } })).toBe(false);
});

test.each([
  ["a partner that does not say so", { partner: { ...to, breakGlass: false } }],
  ["another partner", { partner: { ...to, name: "other" } }],
  ["a link that never carries patient data", { partner: { ...to, links: { outbound: { ...to.links.outbound, phi: "never" } } as typeof to.links } }],
  ["a compartment that was not named", { label: label("phi", ["hiv"]) }],
  ["card numbers", { label: label("phi", ["pan"]), grant: { ...grant, compartments: ["pan"] } }],
  ["notes of psychotherapy", { label: label("phi", ["psychotherapy-notes"]), grant: { ...grant, compartments: ["psychotherapy-notes"] } }],
  ["a grant of more than four hours", { grant: { ...grant, from: now - longestGrant } }],
])("does not reach %s", (_, over) => {
  const { grant: other = grant, ...rest } = over as { grant?: Grant };
  expect(reaches(other, { ...asked, ...rest })).toBe(false);
});

test("a purpose is lifted alone: nothing else that the agreement lacks goes with it", () => {
  const { permits } = createBoundary();
  const given = (over: Parameters<typeof agreement>[0], l = label("phi"), g = grant) => permits({ ...asked, label: l, partner: { ...to, agreements: [agreement({ purposes: ["HOPERAT"], ...over })] }, grant: g });
  const purposeAlone: Grant = { ...grant, lifts: ["purpose"] };
  expect(given({}, label("phi"), purposeAlone)).toMatchObject({ permit: { breakGlass: "bg-1" } });
  expect(given({ terminated: "2026-02-01" }, label("phi"), purposeAlone)).toMatchObject({ refusal: { code: "PHI-202" } });
  expect(given({ terminated: "2026-02-01" })).toMatchObject({ permit: { breakGlass: "bg-1" } });
  expect(given({ effective: "2026-12-01" })).toMatchObject({ refusal: { code: "PHI-202" } });
  expect(given({}, label("phi", ["hiv"]), { ...purposeAlone, compartments: ["hiv"] })).toMatchObject({ refusal: { code: "PHI-202" } });
});

test("records of a part 2 program are opened in a medical emergency, toward who treats, and nothing else with them", () => {
  const { permits } = createBoundary();
  const inForce = { ...to, agreements: [agreement({ basis: "treatment", purposes: ["TREAT"] })] };
  const opens: Grant = { ...grant, lifts: ["part2"], compartments: ["part2", "hiv"] };
  expect(permits({ ...asked, partner: inForce, label: label("phi", ["part2"]), grant: opens })).toMatchObject({ permit: { breakGlass: "bg-1" } });
  expect(permits({ ...asked, partner: inForce, label: label("phi", ["part2", "hiv"]), grant: opens })).toMatchObject({ refusal: { code: "PHI-202" } });
  expect(permits({ ...asked, partner: { ...inForce, kind: "health-plan" }, label: label("phi", ["part2"]), grant: opens })).toMatchObject({ refusal: { code: "PHI-202" } });
  expect(permits({ ...asked, partner: to, label: label("phi", ["part2"]), grant: opens })).toMatchObject({ refusal: { code: "PHI-202" } });
});

test("what was never agreed at all is not lifted, nor a class above what is declared", () => {
  expect(lifts(grant, { code: "PHI-202", rule: "level" }, asked)).toBe(false);
  expect(lifts(grant, { code: "PHI-202", rule: "compartments" }, asked)).toBe(false);
  expect(lifts(grant, { code: "PHI-206", rule: "sends" }, asked)).toBe(false);
  expect(lifts(grant, { code: "PHI-203", rule: "agreement-not-yet" }, asked)).toBe(false);
  expect(lifts(grant, { code: "PHI-201", rule: "strong" }, asked)).toBe(false);
});

test("a guess of the guard is lifted, and an identifier behind it still stops the message", () => {
  const boundary = createBoundary();
  const inForce = { ...to, agreements: [agreement({ basis: "treatment", purposes: ["TREAT"] })] };
  const harvest = boundary.harvest(tree(), "hl7v2");
  const release = (name: string) => boundary.release({ ...asked, partner: inForce, grant, harvest, envelope: envelope("x", { headers: { "x-ward": name } }) });
  expect(release("Rivera")).toMatchObject({ permit: { agreement: "BAA-1", breakGlass: "bg-1" } });
  expect(release("Rivera 90017734")).toMatchObject({ refusal: { code: "PHI-201", rule: "strong" } });
  expect(release("ward seven")).toMatchObject({ permit: { agreement: "BAA-1" } });
});

test("what a further message of a batch needs lifted is lifted on record, and an identifier of it stops the batch", () => {
  const boundary = createBoundary();
  const inForce = { ...to, agreements: [agreement({ basis: "treatment", purposes: ["TREAT"] })] };
  const first = boundary.harvest(tree("MSH|^~\\&|A|B|C|D|20260101||ADT^A01|C1|P|2.5\rPID|1||71100082||Exemplar^Ada\r"), "hl7v2");
  const others = [boundary.harvest(tree(), "hl7v2")];
  const release = (name: string) => boundary.release({ ...asked, partner: inForce, grant, harvest: first, others, envelope: envelope("x", { headers: { "x-ward": name } }) });
  expect(release("Rivera")).toMatchObject({ permit: { breakGlass: "bg-1" } });
  expect(release("90017734")).toMatchObject({ refusal: { code: "PHI-201", rule: "strong" } });
});
