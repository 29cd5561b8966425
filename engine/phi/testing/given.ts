import { readTree, type Tree } from "../../codec/index.ts";
import type { Agreement, Channel, ClosedList, DestinationSpec, Partner, Placed, Project } from "../../config/project.ts";
import { type Envelope, type Format, SecretRef } from "../../sdk/index.ts";
import type { Label, Mint } from "../boundary.ts";

/** Places that say their own path, so that a test can see which one a diagnostic points to. */
export const place: Placed = {
  file: "channel.yaml",
  at: (...path) => ({ file: path.join("/"), line: 1, column: 1, endLine: 1, endColumn: 2 }),
  atKey: (...path) => ({ file: `key ${path.join("/")}`, line: 1, column: 1, endLine: 1, endColumn: 2 }),
};

export function agreement(over: Partial<Agreement> = {}): Agreement {
  return {
    id: "BAA-1", basis: "baa", levels: ["phi"], compartments: [], purposes: ["HOPERAT"], owners: ["northside"], mayAggregateOwners: false,
    effective: "2026-01-01", expires: "2026-12-31", timezone: "America/New_York", ...over,
  };
}

export function partner(over: Partial<Partner> = {}): Partner {
  const outbound = { auth: "bearer", allow: ["*"], limit: { perSecond: 10, burst: 10 }, audit: "full", phi: "allowed" } as const;
  return {
    place, name: "acme", kind: "analytics", endpoints: [{ id: "api", url: "https://acme.example/v1" }], agreements: [],
    links: { outbound }, owner: "northside", ceiling: { compartments: [], obligations: [] }, mayDeidentify: true, breakGlass: false, ...over,
  };
}

export function destination(over: Partial<DestinationSpec> = {}): DestinationSpec {
  return {
    name: "out", partner: "acme", sends: "none", connector: "http", options: { endpoint: "api", path: "/events", auth: { bearer: new SecretRef("env", "ACME_TOKEN") } }, format: "json",
    retry: { attempts: 0, initialMs: 1000, maxMs: 60_000, maxAgeMs: 0 }, ...over,
  };
}

export function channel(over: Partial<Channel> = {}): Channel {
  return {
    place, name: "visits", classification: { level: "phi", compartments: [], owners: ["northside"], obligations: [] },
    source: { partner: "northside", connector: "mllp", options: {}, format: "hl7v2", types: [], ack: "stored", charset: "utf-8" },
    destinations: [], lookups: [], tests: [], revision: "r1", ...over,
  };
}

export function project(channels: readonly Channel[], partners: readonly Partner[]): Project {
  return {
    root: "/project", partners: new Map(partners.map((p) => [p.name, p])), channels, profiles: new Map(), lookups: new Map([["units", {}]]),
    settings: {
      place, name: "example", owner: "northside", data: ".sluice", console: { port: 8040 }, connectors: [], trusted: [],
      sandbox: { walls: "full", timeoutMs: 1000, memoryMb: 64 }, budget: { engineBytes: 1, laneBytes: 1 }, store: { minFreeBytes: 1 }, disclosures: {}, people: [],
    },
  };
}

export function envelope(body: string | Uint8Array, over: Partial<Envelope> = {}): Envelope {
  return { endpoint: "api", method: "POST", path: "/events", headers: { "content-type": "application/json" }, body: typeof body === "string" ? new TextEncoder().encode(body) : body, ...over };
}

export const mint: Mint = { surrogate: (to, kind, value) => `token-${to}-${kind}-${value === undefined ? "fresh" : "kept"}`, pseudonym: (owner, to, kind) => `pseudonym-${owner}-${to}-${kind}`, shiftDays: () => 100 };

/** A registration with every kind of identifier; people and places are made up. */
export const registration = [
  "MSH|^~\\&|REG|NORTHSIDE|SLUICE|NORTHSIDE|20261121103000||ADT^A04|C7730021X|P|2.5.1",
  "EVN|A04|20261121103000",
  "PID|1||90017734^^^NS^MR||Rivera-Łąka^Jane^Q||19800102|F|||12 Elm Street^Apt 9^Millbrook^MA^02139||(617) 555-0142^^^jane.rivera@mail.example|||||ACC5520981|999-12-3456",
  "NK1|1|Rivera^Tomas|SPO||^^^^^^5550199~6175550133",
  "PV1|1|E|ED^04^A||||1987654321^Careful^Adam||||||||||||VN8830012",
  "IN1|1|PPO|77|Blue Plan||||GRP00881||||||||Rivera^Jane|SEL|19800102||||||||||||||||||POL4455667",
  "ZPX|1|Mulberry|R2D2-4711",
].join("\r");

/** A label of the owner of these examples. */
export function label(level: Label["level"], compartments: readonly string[] = [], over: Partial<Label> = {}): Label {
  return { level, compartments, owners: level === "none" ? [] : ["northside"], obligations: [], ...over };
}

export function tree(text = registration, format: Format = "hl7v2"): Tree {
  return readTree(format, text);
}

export const only = {
  event: { kind: "const", value: "visit" },
  kind: { kind: "enum", values: ["new", "follow-up", "Rivera-Clinic"], optional: false },
  amount: { kind: "integer", minimum: 0, maximum: 100_000, optional: true },
} as const satisfies ClosedList;
