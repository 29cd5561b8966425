import { describe, expect, test } from "vitest";
import type { Agreement, Channel, ClosedList, DestinationSpec, LintContext, Partner } from "../../config/project.ts";
import { lintProject } from "../../config/lint-project.ts";
import { agreement, channel, destination, partner, project } from "../testing/given.ts";
import { egressMap } from "./egress-map.ts";
import { proofRules } from "./index.ts";

const now = Date.parse("2026-06-01T12:00:00Z");
const context: LintContext = { connectors: { names: [], get: () => undefined }, now, secretExists: () => true };
const northside = partner({ name: "northside", kind: "lab", links: { inbound: { auth: "mtls", allow: ["*"], limit: { perSecond: 1, burst: 1 }, audit: "full", phi: "allowed" } } });
const list: ClosedList = { event: { kind: "const", value: "visit" }, status: { kind: "enum", values: ["F", "P"], optional: false } };

interface Case {
  readonly to?: Partial<DestinationSpec>;
  readonly from?: Partial<Channel>;
  readonly partner?: Partial<Partner>;
  readonly source?: Partial<Partner>;
  readonly agreements?: readonly Agreement[];
}

function given({ to, from, partner: receiver, source, agreements = [] }: Case) {
  return project([channel({ destinations: [destination({ sends: "phi", purpose: "HOPERAT", ...to })], ...from })], [
    partner({ agreements, legalName: "Acme Analytics", ...receiver }), { ...northside, ...source },
  ]);
}

function lint(wrong: Case) {
  return lintProject(given(wrong), proofRules, context).map(({ code, level, at, message }) => ({ code, level, at: at.file, message }));
}

describe("the proof", () => {
  test("a destination that rests on an agreement in force passes", () => {
    expect(lint({ agreements: [agreement()] })).toEqual([]);
  });

  test("so does one that sends nothing about anybody, without any agreement and over a link that never carries phi", () => {
    const links = { outbound: { ...partner().links.outbound, phi: "never" } } as Partner["links"];
    expect(lint({ to: { sends: "none", only: list }, partner: { links } })).toEqual([]);
  });

  test.each<[string, Case, { code: string; at: string; message: string | RegExp; level?: string }]>([
    ["L03: no BAA", {}, { code: "PHI-103", at: "destinations/out/partner", message: 'destination "out" would send phi to Acme Analytics, which has no BAA' }],
    ["L03: a provider without agreement", { partner: { kind: "provider" } }, { code: "PHI-103", at: "destinations/out/partner", message: /which has no agreement that covers it$/ }],
    ["L03: an agreement of too low a level", { agreements: [agreement({ levels: ["limited"] })] }, { code: "PHI-103", at: "destinations/out/partner", message: /has no BAA$/ }],
    ["L03: a purpose nobody granted", { to: { purpose: "HMARKT" }, agreements: [agreement()] }, { code: "PHI-103", at: "destinations/out/purpose", message: /for the purpose HMARKT$/ }],
    ["L03: de-identified without a step that makes it so", { to: { sends: "deidentified", only: list }, agreements: [agreement()] }, { code: "PHI-103", at: "destinations/out/sends", message: /this version has no step that makes it so$/ }],
    ["L03: a closed list does not make a limited data set", { to: { sends: "limited", only: list }, agreements: [agreement()] }, { code: "PHI-103", at: "destinations/out/sends", message: /sends limited/ }],
    ["L04: none without a list", { to: { sends: "none" } }, { code: "PHI-104", at: "destinations/out/sends", message: /without a closed list$/ }],
    ["L04: none with an empty list", { to: { sends: "none", only: {} } }, { code: "PHI-104", at: "destinations/out/sends", message: /without a closed list$/ }],
    ["L05: bounds in the wrong order", { to: { sends: "none", only: { a: { kind: "integer", minimum: 2, maximum: 1, optional: false } } } }, { code: "PHI-105", at: "destinations/out/only/a", message: /minimum above its maximum/ }],
    ["L05: no bounds", { to: { sends: "none", only: { a: { kind: "number", minimum: 0, maximum: Number.NaN, decimals: 2, optional: false } } } }, { code: "PHI-105", at: "destinations/out/only/a", message: /no finite/ }],
    ["L05: an empty table", { to: { sends: "none", only: { a: { kind: "coded", set: "units", values: [], optional: false } } } }, { code: "PHI-105", at: "destinations/out/only/a", message: /"units", which has none/ }],
    ["L06: more than a payment needs", { partner: { kind: "payment" }, to: { sends: "none", only: { a: { kind: "integer", minimum: 0, maximum: 2 ** 41, optional: false } } } }, { code: "PHI-106", at: "key destinations/out/only", message: /leaves 41\.0 bits a message to code; payment partners get 40$/ }],
    ["L07: a template in a path", { to: { options: { path: "/events/{{PID-3.1}}" } }, agreements: [agreement()] }, { code: "PHI-107", at: "destinations/out/http/path", message: /looks like a template/ }],
    ["L07: a template in a header", { to: { options: { headers: { "x-ref": "{msg.id}" } } }, agreements: [agreement()] }, { code: "PHI-107", at: "destinations/out/http/headers/x-ref", message: /option "headers.x-ref"/ }],
    ["L09: expired", { agreements: [agreement({ expires: "2026-05-31" })] }, { code: "PHI-109", at: "destinations/out/partner", message: /BAA-1 with Acme Analytics.*expired on 2026-05-31$/ }],
    ["L09: terminated", { agreements: [agreement({ terminated: "2026-02-01" })] }, { code: "PHI-109", at: "destinations/out/partner", message: /was terminated on 2026-02-01$/ }],
    ["L09: not begun", { agreements: [agreement({ effective: "2026-07-01" })] }, { code: "PHI-109", at: "destinations/out/partner", message: /begins on 2026-07-01$/ }],
    ["L09: ends within 30 days", { agreements: [agreement({ expires: "2026-06-30" })] }, { code: "PHI-109", level: "warning", at: "destinations/out/partner", message: /ends on 2026-06-30$/ }],
    ["L15: a compartment nobody granted", { from: { classification: { level: "phi", compartments: ["hiv", "sti"] } }, agreements: [agreement({ compartments: ["hiv"] })] }, { code: "PHI-115", at: "destinations/out/partner", message: /may hold hiv, sti/ }],
    ["L16: self-pay to a plan", { partner: { kind: "health-plan" }, to: { purpose: "HPAYMT" }, from: { classification: { level: "phi", compartments: ["self-pay"] } }, agreements: [agreement({ basis: "payment", purposes: ["HPAYMT"], compartments: ["self-pay"] })] }, { code: "PHI-116", at: "destinations/out/partner", message: /a health plan/ }],
    ["L22: a link that never carries phi", { agreements: [agreement()], partner: { links: { outbound: { ...partner().links.outbound, phi: "never" } } as Partner["links"] } }, { code: "PHI-122", at: "destinations/out/partner", message: /"phi: never"$/ }],
    ["L22: a source whose link never carries phi", { agreements: [agreement()], source: { links: { inbound: { ...northside.links.inbound, phi: "never" } } as Partner["links"] } }, { code: "PHI-122", at: "source/partner", message: /carries phi from northside/ }],
  ])("%s is one mistake, at its place", (_, wrong, { code, at, message, level = "error" }) => {
    expect(lint(wrong)).toEqual([{ code, level, at, message: typeof message === "string" ? message : expect.stringMatching(message) }]);
  });

  test("a warning stops at thirty days", () => {
    expect(lint({ agreements: [agreement({ expires: "2026-07-02" })] })).toEqual([]);
  });

  test("a missing purpose says which one would do", () => {
    const { purpose: _, ...unstated } = destination({ sends: "phi" });
    const [found] = lintProject(project([channel({ destinations: [unstated] })], [partner({ agreements: [agreement()] }), northside]), proofRules, context);
    expect(found).toMatchObject({ code: "PHI-103", help: expect.stringContaining('"purpose: HOPERAT"') });
  });

  test("the way out is part of the diagnostic", () => {
    const [found] = lintProject(given({}), proofRules, context);
    expect(found?.help).toBe('either set "sends: none" with a closed list under "only:",\nor register a signed BAA for "acme" in partners.yaml');
  });
});

test("the egress map tells every way out and why", () => {
  const p = project(
    [channel({ destinations: [destination({ name: "ehr", sends: "phi", purpose: "HOPERAT" }), destination({ name: "count", only: list })] })],
    [partner({ agreements: [agreement({ expires: "2025-12-31", id: "OLD" }), agreement()] }), northside],
  );
  expect(egressMap(p, now)).toEqual({
    project: "example",
    destinations: [
      {
        channel: "visits", destination: "ehr", partner: "acme", path: ["source northside", "http to acme"], purpose: "HOPERAT", agreement: "BAA-1",
        labelIn: { level: "phi", compartments: [] }, labelOut: { level: "phi", compartments: [] },
      },
      {
        channel: "visits", destination: "count", partner: "acme", path: ["source northside", "closed list", "http to acme"],
        labelIn: { level: "phi", compartments: [] }, labelOut: { level: "none", compartments: [] }, capacityBits: 1,
        closedList: [{ field: "event", kind: "const", bits: 0 }, { field: "status", kind: "enum", bits: 1 }],
      },
    ],
  });
});
