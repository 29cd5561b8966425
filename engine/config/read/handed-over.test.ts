import { expect, test } from "vitest";
import { catalogue } from "../../../test/golden/catalogue.ts";
import { memoryFiles } from "../files.ts";
import { readProject } from "./project.ts";

const inbound = "links: { inbound: { auth: none, allow: [\"*\"], limit: 5/s, audit: full, phi: allowed } }";
const partners = `partners:
  clinic: { kind: provider, owner: riverside, part2Program: true, ceiling: { compartments: [hiv], purposes: [TREAT, HPAYMT] }, ${inbound} }
  hospital: { kind: provider, ceiling: { purposes: [TREAT] }, ${inbound} }
`;
const giver = (name: string, partner: string, way: string) =>
  `channel: ${name}\nclassification: phi\nsource: { partner: ${partner}, mllp: { port: 2575 } }\ndestinations:\n  next: { partner: self, relay: { to: taken }${way} }\n`;
const taker = (classification: string) => `channel: taken\nclassification: ${classification}\nsource: { partner: self, relay: {}, format: hl7v2 }\ndestinations: {}\n`;

function taken(channels: Record<string, string>) {
  const files = Object.fromEntries(Object.entries(channels).map(([name, text]) => [`/p/${name}.yaml`, text]));
  const { project } = readProject("/p", { connectors: catalogue, files: memoryFiles({ "/p/sluice.yaml": "name: p\nowner: northside\n", "/p/partners.yaml": partners, ...files }) });
  return project?.channels.find(({ name }) => name === "taken")?.classification;
}

test("a program under part 2 is so in every channel that its messages reach, with its owner, purposes and duties", () => {
  expect(taken({ clinic: giver("clinic", "clinic", ""), taken: taker("phi") })).toEqual({
    level: "phi", compartments: ["hiv", "part2"], owners: ["riverside"], purposes: ["TREAT", "HPAYMT"], obligations: ["part2-notice"],
  });
});

test("what comes from two is of both, and for what both allow", () => {
  const both = { clinic: giver("clinic", "clinic", ""), hospital: giver("hospital", "hospital", "") };
  expect(taken({ ...both, taken: taker("phi") })).toMatchObject({ owners: ["riverside", "northside"], purposes: ["TREAT"], obligations: ["part2-notice"] });
});

test("compartments may be narrowed there, what is owed may not", () => {
  expect(taken({ clinic: giver("clinic", "clinic", ""), taken: taker("{ level: phi, compartments: [] }") })).toMatchObject({ compartments: [], obligations: ["part2-notice"], owners: ["riverside"] });
});

test("what is handed over de-identified is nobody's, and says how it was made so", () => {
  expect(taken({ clinic: giver("clinic", "clinic", ", sends: deidentified, deidentify: safe-harbor"), taken: taker("deidentified") })).toEqual({
    level: "deidentified", compartments: [], owners: [], obligations: [], method: "safe-harbor",
  });
});

test("a chain carries it to its end, and a circle comes to a rest", () => {
  const first = `channel: first\nclassification: phi\nsource: { partner: clinic, mllp: { port: 2575 } }\ndestinations:\n  next: { partner: self, relay: { to: between } }\n`;
  const between = `channel: between\nclassification: phi\nsource: { partner: self, relay: {}, format: hl7v2 }\ndestinations:\n  next: { partner: self, relay: { to: taken } }\n`;
  const round = `channel: taken\nclassification: phi\nsource: { partner: self, relay: {}, format: hl7v2 }\ndestinations:\n  back: { partner: self, relay: { to: between } }\n`;
  expect(taken({ first, between, taken: taker("phi") })).toMatchObject({ owners: ["riverside"], compartments: ["hiv", "part2"] });
  expect(taken({ first, between, taken: round })).toMatchObject({ owners: ["riverside"], compartments: ["hiv", "part2"] });
});

test("what comes from the engine alone is the installation's", () => {
  expect(taken({ taken: taker("phi") })).toEqual({ level: "phi", compartments: [], owners: ["northside"], obligations: [] });
});
