import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Agreement, levels } from "../config/project.ts";
import { bases } from "../config/schema/partners.ts";
import { compartmentNames, obligationNames } from "../config/schema/words.ts";
import type { Label } from "./boundary.ts";
import { permits } from "./flow-rule.ts";
import { agreement, destination, label, partner } from "./testing/given.ts";

const now = Date.parse("2026-06-01T12:00:00Z");

function ask(of: Label, agreements: readonly Agreement[], over: Partial<Parameters<typeof destination>[0]> = {}, kind = "analytics", isReply = false) {
  return permits({ label: of, now, partner: partner({ agreements, kind }), destination: destination({ sends: "phi", purpose: "HOPERAT", ...over }), isReply });
}

describe("owners", () => {
  const two = label("phi", [], { owners: ["northside", "riverside"] });
  const signed = (id: string, owners: string[], mayAggregateOwners = false) => agreement({ id, owners, mayAggregateOwners });

  test("an agreement with somebody else covers nothing", () => {
    expect(ask(label("phi"), [signed("BAA-R", ["riverside"])])).toEqual({ refusal: { code: "PHI-214", rule: "owner" } });
  });

  test("data of nobody known goes nowhere", () => {
    expect(ask(label("phi", [], { owners: [] }), [signed("BAA", ["northside"])])).toMatchObject({ refusal: { code: "PHI-214" } });
  });

  test("what was de-identified is nobody's", () => {
    expect(ask(label("deidentified", [], { owners: [], method: "safe-harbor" }), [signed("BAA-R", ["riverside"])])).toHaveProperty("permit");
  });

  test.each([
    ["not under the agreement of one", [signed("A", ["northside"])], undefined],
    ["not under one that both have signed without a word on aggregation", [signed("A", ["northside", "riverside"])], undefined],
    ["under one that lets it be brought together", [signed("A", ["northside", "riverside"], true)], { agreement: "A" }],
    ["under one agreement with each", [signed("A", ["northside"]), signed("B", ["riverside"])], { agreement: "A", agreements: ["A", "B"] }],
  ] as const)("data of two: %s", (_, agreements, expected) => {
    const verdict = ask(two, agreements);
    if (expected === undefined) expect(verdict).toMatchObject({ refusal: { code: "PHI-214" } });
    else expect(verdict).toMatchObject({ permit: expected });
  });

  test("when the agreement with one of them lapses the destination waits for it", () => {
    const verdict = ask(two, [signed("A", ["northside"]), { ...signed("B", ["riverside"]), expires: "2026-05-31" }]);
    expect(verdict).toEqual({ refusal: { code: "PHI-203", rule: "agreement-expired", where: "B" } });
  });

  test("each of them must cover all the rest by itself", () => {
    const hiv = { ...two, compartments: ["hiv"] };
    expect(ask(hiv, [{ ...signed("A", ["northside"]), compartments: ["hiv"] }, signed("B", ["riverside"])])).toMatchObject({ refusal: { code: "PHI-214" } });
  });
});

test("data goes only for what it may be used for, whatever the agreement grants", () => {
  expect(ask(label("phi", [], { purposes: ["TREAT"] }), [agreement()])).toEqual({ refusal: { code: "PHI-218", rule: "purpose" } });
  expect(ask(label("phi", [], { purposes: ["TREAT", "HOPERAT"] }), [agreement()])).toMatchObject({ permit: { purpose: "HOPERAT" } });
  expect(ask(label("phi", [], { purposes: [] }), [agreement()])).toMatchObject({ refusal: { code: "PHI-218" } });
});

describe("obligations", () => {
  const owing = (obligation: string) => label("phi", [], { obligations: [obligation] });
  test.each([
    ["encryption through https", "encryption", {}, true],
    ["a notice in HL7 v2", "part2-notice", { format: "hl7v2" }, true],
    ["a notice in FHIR", "no-redisclosure", { format: "fhir" }, true],
    ["a notice in plain JSON, which has no place for it", "part2-notice", {}, false],
    ["a notice beside a closed list", "part2-notice", { format: "hl7v2", only: { at: { kind: "boolean", optional: false } } }, false],
    ["a copy of the consent, which nothing attaches", "part2-consent-copy", { format: "hl7v2" }, false],
    ["a duty nobody knows", "be-kind", { format: "hl7v2" }, false],
  ] as const)("%s", (_, obligation, over, can) => {
    const verdict = ask(owing(obligation), [agreement()], over);
    if (can) expect(verdict).toHaveProperty("permit");
    else expect(verdict).toEqual({ refusal: { code: "PHI-215", rule: "obligation", where: obligation } });
  });

  test.each([["http://acme.example", false], ["mllps://acme.example:2575", true], ["file://./out", true]])("encryption through %s: %s", (url, can) => {
    const verdict = permits({ label: owing("encryption"), now, partner: partner({ agreements: [agreement()], endpoints: [{ id: "api", url }] }), destination: destination({ sends: "phi", purpose: "HOPERAT" }) });
    expect("permit" in verdict).toBe(can);
  });

  test("nothing is done for an answer, which goes back as it came", () => {
    expect(ask(owing("part2-notice"), [agreement()], { format: "hl7v2" }, "analytics", true)).toMatchObject({ refusal: { code: "PHI-215" } });
  });
});

describe("how data was de-identified", () => {
  const lowered = (method?: Label["method"]) => label("deidentified", [], { ...(method && { method }) });
  const safe = agreement({ basis: "deidentified", levels: ["deidentified"] });
  const expert = (over: Partial<Agreement> = {}) =>
    agreement({ id: "ED-1", basis: "expert-determination", levels: ["deidentified"], determination: { expert: "E", configHash: "sha256:0", recipients: ["acme"] }, ...over });
  test.each([
    ["safe harbor under deidentified", "safe-harbor", safe, true],
    ["counts under deidentified", "aggregate", safe, true],
    ["safe harbor under an agreement for patients' data", "safe-harbor", agreement(), true],
    ["safe harbor under a determination that is about something else", "safe-harbor", expert(), false],
    ["a determination for this partner", "expert:ED-1", expert(), true],
    ["a determination for others", "expert:ED-1", expert({ determination: { expert: "E", configHash: "sha256:0", recipients: ["other"] } }), false],
    ["a determination with another id", "expert:ED-2", expert(), false],
    ["a determination under a general agreement", "expert:ED-1", safe, false],
    ["nobody knows how", undefined, safe, false],
  ] as const)("%s", (_, method, under, can) => {
    const verdict = ask(lowered(method), [under]);
    if (can) expect(verdict).toHaveProperty("permit");
    else expect(verdict).toEqual({ refusal: { code: "PHI-202", rule: "method" } });
  });

  test("a limited data set may go under an agreement for patients' data", () => {
    expect(ask(label("limited"), [agreement({ levels: ["phi"] })])).toHaveProperty("permit");
    expect(ask(label("limited"), [agreement({ basis: "dua", levels: ["phi", "limited"] })])).toHaveProperty("permit");
    expect(ask(label("phi"), [agreement({ basis: "dua", levels: ["phi", "limited"] })])).toMatchObject({ refusal: { rule: "level" } });
  });
});

test("what a patient has paid for never reaches a health plan", () => {
  const any = agreement({ basis: "authorization", compartments: ["self-pay"] });
  expect(ask(label("phi", ["self-pay"]), [any], {}, "health-plan")).toEqual({ refusal: { code: "PHI-202", rule: "self-pay" } });
  expect(ask(label("phi", ["self-pay"]), [any], {}, "provider")).toHaveProperty("permit");
});

describe("within the engine", () => {
  const taker = (over: Partial<Agreement>, obligations: string[] = []) => partner({
    name: "self:billing", kind: "self", ceiling: { compartments: [], obligations },
    agreements: [agreement({ id: "billing", basis: "same-engine", purposes: [], mayAggregateOwners: true, ...over })],
  });
  const hand = (of: Label, to: ReturnType<typeof partner>) => permits({ label: of, now, partner: to, destination: destination({ partner: "self:billing", sends: "phi" }) });

  test("a channel may not use what it takes for more than it may be used for", () => {
    expect(hand(label("phi", [], { purposes: ["HPAYMT"] }), taker({ purposes: ["HPAYMT"] }))).toHaveProperty("permit");
    expect(hand(label("phi", [], { purposes: ["HPAYMT"] }), taker({ purposes: ["HPAYMT", "HOPERAT"] }))).toMatchObject({ refusal: { rule: "purpose" } });
    expect(hand(label("phi", [], { purposes: ["HPAYMT"] }), taker({}))).toMatchObject({ refusal: { rule: "purpose" } });
    expect(hand(label("phi"), taker({}))).toHaveProperty("permit");
  });

  test("and it owes what came with it", () => {
    const owing = label("phi", [], { obligations: ["part2-notice"] });
    expect(hand(owing, taker({}, ["part2-notice"]))).toHaveProperty("permit");
    expect(hand(owing, taker({}))).toMatchObject({ refusal: { code: "PHI-215" } });
  });

  test("owners stay apart there too", () => {
    expect(hand(label("phi", [], { owners: ["riverside"] }), taker({ owners: ["northside"] }))).toMatchObject({ refusal: { code: "PHI-214" } });
  });
});

const some = <T extends string>(from: readonly T[]) => fc.subarray([...from]);
const few = <T extends string>(from: readonly T[]) => fc.subarray([...from], { maxLength: 2 });
const many = <T extends string>(from: readonly T[]) => fc.subarray([...from], { minLength: from.length - 2 });
const purposes = ["TREAT", "HPAYMT", "HOPERAT", "HRESCH"];
const owners = ["northside", "riverside", "harbor"];
const named = compartmentNames.filter((name) => ["hiv", "sti", "part2", "self-pay", "pan"].includes(name));
const methods = fc.constantFrom("safe-harbor" as const, "aggregate" as const, "expert:ED-1" as const, undefined);
const labels: fc.Arbitrary<Label> = fc
  .record({ level: fc.constantFrom(...levels), compartments: few(named), owners: few(owners), obligations: few(obligationNames), purposes: fc.option(some(purposes), { nil: undefined }), method: methods })
  .map(({ purposes: may, method, ...rest }) => ({ ...rest, ...(may && { purposes: may }), ...(method && { method }) }));
const agreements = fc.array(
  fc.record({
    basis: fc.oneof(fc.constant("baa" as const), fc.constant("authorization" as const), fc.constantFrom(...bases)), levels: many(levels), compartments: many(named),
    purposes: many(purposes), owners: some(owners), mayAggregateOwners: fc.boolean(),
    expires: fc.constantFrom("2026-12-31", "2026-05-31"),
  }),
  { minLength: 1, maxLength: 4 },
).map((all) => all.map((over, i) => agreement({ id: i === 0 ? "ED-1" : `A-${i}`, ...over })));
const ways = fc.record({ purpose: fc.constantFrom(...purposes), format: fc.constantFrom("hl7v2" as const, "json" as const) });

test("a label that is higher in the lattice is never permitted where a lower one is refused", () => {
  let permitted = 0;
  fc.assert(
    fc.property(labels, agreements, ways, few(named), few(owners), few(obligationNames), fc.option(some(purposes), { nil: undefined }), (low, all, way, more, others, duties, kept) => {
      const high: Label = {
        ...low,
        compartments: [...new Set([...low.compartments, ...more])],
        // Of nobody is not below of somebody: nobody knows whose it is.
        owners: low.owners.length === 0 ? [] : [...new Set([...low.owners, ...others])],
        obligations: [...new Set([...low.obligations, ...duties])],
        ...(kept && { purposes: kept.filter((p) => low.purposes?.includes(p) ?? true) }),
      };
      const after = ask(high, all, way);
      if ("refusal" in after) return;
      permitted++;
      expect(ask(low, all, way)).toHaveProperty("permit");
    }),
    { numRuns: 20_000 },
  );
  expect(permitted).toBeGreaterThan(150);
});

test("what leaves is covered whole by one agreement for each owner; a union never covers", () => {
  let permitted = 0;
  fc.assert(
    fc.property(labels, agreements, ways, (of, all, way) => {
      const verdict = ask(of, all, way);
      if ("refusal" in verdict || verdict.permit.agreement === undefined) return;
      permitted++;
      for (const owner of of.level === "none" || of.level === "deidentified" ? [] : of.owners) {
        const alone = all.filter((each) => "permit" in ask({ ...of, owners: [owner] }, [each], way));
        expect(alone.length).toBeGreaterThan(0);
      }
    }),
    { numRuns: 8000 },
  );
  expect(permitted).toBeGreaterThan(50);
});
