import { describe, expect, test } from "vitest";
import type { Agreement, Channel, ClosedList, DestinationSpec, LintContext, Partner } from "../../config/project.ts";
import { lintProject } from "../../config/lint-project.ts";
import { agreement, channel, destination, partner, project } from "../testing/given.ts";
import { configurationHash } from "../deidentify/configuration-hash.ts";
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
    ["L03: de-identified without a step that makes it so", { to: { sends: "deidentified", only: list }, agreements: [agreement()] }, { code: "PHI-103", at: "destinations/out/sends", message: /no step of the engine makes it so$/ }],
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
    ["L09: ends within 30 days", { agreements: [agreement({ expires: "2026-06-30" })] }, { code: "PHI-109", level: "warning", at: "destinations/out/partner", message: /ends on 2026-06-30, in 29 days$/ }],
    ["L15: a compartment nobody granted", { source: { ceiling: { compartments: ["hiv", "sti"], obligations: [] } }, from: { classification: { level: "phi", compartments: ["hiv", "sti"], owners: ["northside"], obligations: [] } }, agreements: [agreement({ compartments: ["hiv"] })] }, { code: "PHI-115", at: "destinations/out/partner", message: /may hold hiv, sti/ }],
    ["L16: self-pay to a plan", { source: { ceiling: { compartments: ["self-pay"], obligations: [] } }, partner: { kind: "health-plan" }, to: { purpose: "HPAYMT" }, from: { classification: { level: "phi", compartments: ["self-pay"], owners: ["northside"], obligations: [] } }, agreements: [agreement({ basis: "payment", purposes: ["HPAYMT"], compartments: ["self-pay"] })] }, { code: "PHI-116", at: "destinations/out/partner", message: /a health plan/ }],
    ["L20: a prescription in another form", { agreements: [agreement()], partner: { kind: "pharmacy-network" }, to: { format: "hl7v2" }, from: { source: { ...channel().source, format: "script", types: ["NewRx"] } } }, { code: "PHI-120", at: "destinations/out/format", message: /prescriptions as hl7v2$/ }],
    ["L20: a prescription as a text message", { agreements: [agreement()], partner: { kind: "sms" }, to: { format: "script" }, from: { source: { ...channel().source, format: "script", types: [] } } }, { code: "PHI-120", at: "destinations/out/partner", message: /as a text message$/ }],
    ["L20: code on the way of a prescription", { agreements: [agreement()], partner: { kind: "pharmacy-network" }, to: { format: "script", transform: { text: "return msg;", language: "js", form: "body", file: "rx.yaml", line: 1, indent: 0 } }, from: { source: { ...channel().source, format: "script", types: ["RxFill", "NewRx"] } } }, { code: "PHI-120", level: "warning", at: "destinations/out/transform", message: /FLW-210/ }],
    ["L22: a link that never carries phi", { agreements: [agreement()], partner: { links: { outbound: { ...partner().links.outbound, phi: "never" } } as Partner["links"] } }, { code: "PHI-122", at: "destinations/out/partner", message: /"phi: never"$/ }],
    ["L22: a source whose link never carries phi", { agreements: [agreement()], source: { links: { inbound: { ...northside.links.inbound, phi: "never" } } as Partner["links"] } }, { code: "PHI-122", at: "source/partner", message: /carries phi from northside/ }],
  ])("%s is one mistake, at its place", (_, wrong, { code, at, message, level = "error" }) => {
    expect(lint(wrong)).toEqual([{ code, level, at, message: typeof message === "string" ? message : expect.stringMatching(message) }]);
  });

  test("answers and fills may be written by code, and other parties get prescriptions in other formats", () => {
    const transform = { text: "return msg;", language: "js", form: "body", file: "rx.yaml", line: 1, indent: 0 } as const;
    const script = (types: readonly string[]) => ({ source: { ...channel().source, format: "script", types } as const });
    expect(lint({ agreements: [agreement()], partner: { kind: "pharmacy-network" }, to: { format: "script", transform }, from: script(["RxFill", "Status"]) })).toEqual([]);
    expect(lint({ agreements: [agreement()], to: { format: "hl7v2" }, from: script(["NewRx"]) })).toEqual([]);
  });

  test("a warning stops at sixty days", () => {
    expect(lint({ agreements: [agreement({ expires: "2026-08-02" })] })).toEqual([]);
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

describe("L13: what an expert examined", () => {
  const spec = { method: "expert", certificate: "ED", dates: "shift", ids: "pseudonym" } as const;
  const to = destination({ sends: "deidentified", purpose: "HRESCH", deidentify: spec, format: "hl7v2" });
  const determined = (configHash: string) =>
    agreement({ id: "ED", basis: "expert-determination", levels: ["deidentified"], purposes: ["HRESCH"], determination: { expert: "Dr. A. Statistician", configHash, recipients: ["acme"] } });
  const said = (configHash: string, over: Partial<DestinationSpec> = {}) =>
    lintProject(project([channel({ destinations: [{ ...to, ...over }] })], [partner({ agreements: [determined(configHash)] }), northside]), proofRules, context);
  const hash = configurationHash(to) ?? "";
  const code = { text: "return msg;", language: "js", form: "body", file: "channel.yaml", line: 1, indent: 0 } as const;

  test("holds for the very configuration", () => {
    expect(hash).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(said(hash)).toEqual([]);
  });

  test.each<[string, Partial<DestinationSpec>]>([
    ["other dates", { deidentify: { ...spec, dates: "keep" } }],
    ["other ids", { deidentify: { ...spec, ids: "remove" } }],
    ["a closed list", { only: list }],
    ["code after it", { deidentify: { ...spec, transform: code }, only: list }],
    ["another format", { format: "fhir" }],
  ])("not with %s", (_, over) => {
    const [found, ...others] = said(hash, over);
    expect(found).toMatchObject({ code: "PHI-113", at: { file: "destinations/out/deidentify/certificate" } });
    expect(found?.message).toContain(configurationHash({ ...to, ...over }));
    expect(others).toEqual([]);
  });
});

describe("L09: agreements that end, and their documents", () => {
  const rule = proofRules.filter(({ code }) => code === "PHI-109" || code === "PHI-126");
  const asked = (over: Partial<Parameters<typeof agreement>[0]>, more: Partial<LintContext> = {}) => {
    const to = partner({ kind: "provider", agreements: [agreement({ purposes: ["TREAT"], ...over })] });
    const way = channel({ destinations: [destination({ sends: "phi", purpose: "TREAT" })] });
    return rule.flatMap((each) => each.check(project([way], [partner({ name: "northside" }), to]), { ...context, ...more }));
  };
  const inDays = (days: number) => new Date(now + days * 86_400_000).toISOString().slice(0, 10);

  test.each([[0, "ends on .*, today"], [1, "tomorrow"], [7, "in 7 days"], [30, "in 30 days"], [60, "in 60 days"]])("one that ends in %s days is warned of", (days, said) => {
    const [found] = asked({ expires: inDays(days), timezone: "UTC" });
    expect(found).toMatchObject({ level: "warning", message: expect.stringMatching(said) });
  });

  test("not one that lasts longer", () => {
    expect(asked({ expires: inDays(61), timezone: "UTC" })).toEqual([]);
  });

  const document = { ref: "contracts/BAA-1.pdf", sha256: "a".repeat(64) };
  test("a document that is not the one that was signed is an error, one that is missing a warning, one elsewhere nothing", () => {
    const found = (ref: string, hash: string | undefined) => asked({ document: { ...document, ref }, expires: "2099-01-01" }, { fileHash: () => hash });
    expect(found(document.ref, "b".repeat(64))).toMatchObject([{ code: "PHI-126", level: "error", at: { file: "agreements/0/document/sha256" } }]);
    expect(found(document.ref, "a".repeat(64))).toEqual([]);
    expect(found(document.ref, undefined)).toMatchObject([{ code: "PHI-126", level: "warning", at: { file: "agreements/0/document/ref" } }]);
    for (const ref of ["https://contracts.example/BAA-1.pdf", "/archive/BAA-1.pdf", "../BAA-1.pdf", "Cabinet 4, BAA of 2026", "C:\\contracts\\a.pdf"]) expect(found(ref, undefined)).toEqual([]);
  });
});
