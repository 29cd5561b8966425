import { expect, test } from "vitest";
import type { ClosedList, DeidentifySpec } from "../../config/project.ts";
import { agreement, channel, destination, label, partner, project } from "../testing/given.ts";
import { configurationHash } from "../deidentify/configuration-hash.ts";
import { policies } from "../policies/manifest.ts";
import { egressMap } from "./egress-map.ts";

const now = Date.parse("2026-06-01T12:00:00Z");
const link = { auth: "mtls", allow: ["*"], limit: { perSecond: 1, burst: 1 }, audit: "full", phi: "allowed" } as const;
const list: ClosedList = { event: { kind: "const", value: "visit" }, status: { kind: "enum", values: ["F", "P"], optional: false } };
const deidentify: DeidentifySpec = { method: "safe-harbor", dates: "year", ids: "surrogate" };
const code = { text: "return msg;", language: "js", form: "body", file: "channel.yaml", line: 1, indent: 0 } as const;

const destinations = [
  destination({ name: "ehr", sends: "phi", purpose: "HOPERAT", fallback: "count" }),
  destination({ name: "count", partner: "counter", only: list, transform: code }),
  destination({ name: "study", partner: "study", sends: "deidentified", purpose: "HOPERAT", deidentify, format: "hl7v2" }),
  destination({ name: "all", partner: "self:all", connector: "relay", sends: "phi" }),
];
const classification = { level: "phi", compartments: ["sti", "hiv"], owners: ["northside"], obligations: [] } as const;
const source = { ...channel().source, respond: { from: "ehr", withinMs: 1 } };

function given() {
  return project([channel({ classification, source, destinations })], [
    partner({ agreements: [agreement({ id: "OLD", expires: "2025-12-31", compartments: ["hiv", "sti"] }), agreement({ compartments: ["hiv", "sti"] })] }),
    partner({ name: "counter", reply: { level: "none", compartments: [] } }),
    partner({ name: "study", agreements: [agreement({ id: "TERMS", basis: "deidentified", levels: ["deidentified"] })] }),
    partner({ name: "northside", kind: "lab", links: { inbound: link } }),
  ]);
}

test("the egress map tells every way out, its labels after each step, and why it is allowed, in the order of names", () => {
  const [study] = destinations.filter(({ name }) => name === "study");
  const phi = "phi {hiv, sti} of northside";
  const labelIn = label("phi", ["hiv", "sti"]);
  expect(egressMap(given(), now)).toEqual({
    project: "example",
    owner: "northside",
    policies: policies.map(({ id, version, sha256 }) => `${id}@${version}#${sha256}`),
    destinations: [
      {
        channel: "visits", destination: "all", partner: "self:all", handsTo: "all", denied: "PHI-202 partner", labelIn, labelOut: labelIn, answer: phi,
        path: [{ step: "source northside", label: phi }, { step: "relay to self:all", label: phi }],
      },
      {
        channel: "visits", destination: "count", partner: "counter", labelIn, labelOut: label("none"), capacityBits: 1, answer: "none",
        path: [{ step: "source northside", label: phi }, { step: "transform of the destination", label: phi }, { step: "closed list", label: "none" }, { step: "http to counter", label: "none" }],
        closedList: [{ field: "event", kind: "const", bits: 0 }, { field: "status", kind: "enum", bits: 1 }],
      },
      {
        channel: "visits", destination: "ehr", partner: "acme", purpose: "HOPERAT", agreement: "BAA-1", basis: "baa", fallback: "count", labelIn, labelOut: labelIn, answer: phi,
        path: [{ step: "source northside", label: phi }, { step: "http to acme", label: phi }],
      },
      {
        channel: "visits", destination: "study", partner: "study", purpose: "HOPERAT", agreement: "TERMS", basis: "deidentified", labelIn,
        labelOut: { level: "deidentified", method: "safe-harbor", compartments: [], owners: [], obligations: [] }, answer: `${phi}`,
        path: [
          { step: "source northside", label: phi }, { step: "deidentify safe-harbor", label: "deidentified by safe-harbor" }, { step: "http to study", label: "deidentified by safe-harbor" },
        ],
        deidentify: { method: "safe-harbor", configuration: study && configurationHash(study), policies: expect.arrayContaining([expect.stringMatching(/^zip3@\d+#[0-9a-f]{64}$/)]) },
      },
    ],
    questions: [],
    answers: [{ channel: "visits", to: "northside", from: ["ehr", "count"], label: phi, purpose: "HOPERAT", denied: "PHI-202 agreement" }],
  });
});

test("what a source asks its partner is a way out: as much as link and agreements let go there, else nothing about anybody", () => {
  const asks = (over: Partial<Parameters<typeof partner>[0]>) => {
    const own = partner({ name: "record", kind: "provider", links: { inbound: link, outbound: link }, agreements: [agreement({ id: "CARE", basis: "treatment", purposes: ["TREAT"] })], ...over });
    const source = { ...channel().source, partner: "record", connector: "fhir-poll", asks: true } as const;
    return egressMap(project([channel({ source })], [own]), now).questions;
  };
  const question = { channel: "visits", to: "record", connector: "fhir-poll" };
  expect(asks({})).toEqual([{ ...question, label: "phi of northside", purpose: "TREAT", agreement: "CARE", basis: "treatment" }]);
  expect(asks({ agreements: [] })).toEqual([{ ...question, label: "none" }]);
  expect(asks({ links: { inbound: link } })).toEqual([{ ...question, label: "none", denied: "PHI-202 link" }]);
});

test("files in another order make the same map", () => {
  const { channels: [own], ...rest } = given();
  const turned = { ...rest, channels: own ? [{ ...own, destinations: own.destinations.toReversed(), classification: { ...classification, compartments: ["hiv", "sti"] } }] : [] };
  expect(JSON.stringify(egressMap(turned, now))).toBe(JSON.stringify(egressMap(given(), now)));
});
