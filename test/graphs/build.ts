import type { Agreement, Channel, Classification, CodeSpec, DestinationSpec, Link, Partner, Placed, Project } from "../../engine/config/project.ts";
import { type Ceiling, withHandedOver } from "../../engine/config/read/handed-over.ts";
import { ceilingOf } from "../../engine/config/read/channel.ts";
import { toClosedList } from "../../engine/config/read/closed-list.ts";
import { ownPartners, partnerOf } from "../../engine/config/self.ts";
import { catalogue } from "../golden/catalogue.ts";
import { code, type Plan, type PlannedChannel, type PlannedDestination, type PlannedPartner } from "./plan.ts";

/** A planned project as values, without the reader: places name the file and the path that a diagnostic points to. */
export function projectOf(plan: Plan): Project {
  const named = Object.fromEntries(Object.entries(plan.partners).map(([name, partner]) => [name, partyOf(name, partner, plan.owner)]));
  const reads = plan.channels.map((channel) => {
    const classify = (ceiling: Ceiling): Classification => classificationOf(channel, ceiling);
    return { channel: channelOf(channel, classify(ceilingOf(named[channel.partner], plan.owner)), plan), classify };
  });
  const channels = withHandedOver(reads, ceilingOf(undefined, plan.owner));
  const settings = { place: placeIn("sluice.yaml"), name: "graph", owner: plan.owner, sandbox: { walls: "full", timeoutMs: 1000, memoryMb: 64 }, connectors: [], trusted: [] } as unknown as Project["settings"];
  const partners = new Map([...Object.entries(named), ...ownPartners(channels, catalogue, settings)]);
  return { root: "/graph", settings, partners, channels, profiles: new Map(), lookups: new Map(Object.entries(plan.lookups)) };
}

function placeIn(file: string, ...prefix: string[]): Placed {
  const at = (...path: (string | number)[]) => ({ file: [file, ...prefix, ...path].join("/"), line: 1, column: 1, endLine: 1, endColumn: 2 });
  return { file, at, atKey: at };
}

const link = (phi: Link["phi"] | undefined): Link | undefined =>
  phi && { auth: "none", allow: ["*"], limit: { perSecond: 50, burst: 50 }, audit: "full", phi };

function partyOf(name: string, planned: PlannedPartner, owner: string): Partner {
  const { kind, endpoints = [], agreements = [], inbound, outbound, ceiling = {}, mayDeidentify = false, breakGlass = false, reply } = planned;
  const into = link(inbound);
  const out = link(outbound);
  return {
    place: placeIn("partners.yaml", "partners", name), name, kind, endpoints, owner: planned.owner ?? owner, mayDeidentify, breakGlass,
    agreements: agreements.map((a) => ({ compartments: [], purposes: [], owners: [owner], mayAggregateOwners: false, ...a }) as Agreement),
    links: { ...(into && { inbound: into }), ...(out && { outbound: out }) },
    ceiling: { compartments: [], obligations: [], ...ceiling },
    ...(reply && { reply: { compartments: [], ...reply } }),
  };
}

function classificationOf({ classification }: PlannedChannel, ceiling: Ceiling): Classification {
  const written = typeof classification === "string" ? { level: classification } : classification;
  const inherits = typeof classification === "string";
  const purposes = written.purposes ? written.purposes.filter((p) => ceiling.purposes?.includes(p) ?? true) : ceiling.purposes;
  const { method } = ceiling;
  return {
    level: written.level, compartments: inherits ? ceiling.compartments : (written.compartments ?? []), owners: ceiling.owners, obligations: ceiling.obligations,
    ...(purposes && { purposes }), ...(written.level === "deidentified" && method ? { method } : {}),
  };
}

function channelOf(planned: PlannedChannel, classification: Classification, plan: Plan): Channel {
  const { channel: name, partner, respond, transform, lookups = [], destinations } = planned;
  const isFed = partner === "self";
  return {
    place: placeIn(`channels/${name}.yaml`), name, classification,
    source: {
      partner, connector: isFed ? "relay" : "mllp", options: {}, format: "hl7v2", types: [], ack: "stored", charset: "utf-8",
      ...(respond === undefined ? {} : { respond: { from: respond, withinMs: 20_000 } }),
    },
    ...(transform && { transform: spec }),
    destinations: Object.entries(destinations).map(([each, way]) => destinationOf(each, way, classification, plan)),
    lookups, tests: [], revision: "r1",
  };
}

const spec: CodeSpec = { text: code, language: "js", form: "body", file: "transforms/same.js", line: 1, indent: 0 };

function destinationOf(name: string, planned: PlannedDestination, { level }: Classification, plan: Plan): DestinationSpec {
  const { partner, to, sends = level, purpose, transform, deidentify, only, path, fallback } = planned;
  const method = deidentify?.method;
  return {
    name, sends, partner: to === undefined ? partner : partnerOf(to), connector: to === undefined ? "http" : "relay",
    options: to === undefined ? { ...(path !== undefined && { path }) } : { to }, format: only ? "json" : "hl7v2",
    retry: { attempts: 0, initialMs: 1000, maxMs: 60_000, maxAgeMs: 0 },
    ...(purpose !== undefined && { purpose }), ...(transform && { transform: spec }), ...(fallback !== undefined && { fallback }),
    ...(deidentify && {
      deidentify: { dates: method === "limited-data-set" ? "keep" : "year", ids: "surrogate", ...deidentify, transform: undefined, ...(deidentify.transform && { transform: spec }) },
    }),
    ...(only && { only: toClosedList(only, tablesOf(plan), () => false) }),
  } as DestinationSpec;
}

function tablesOf({ lookups }: Plan): ReadonlyMap<string, { file: string; rows: Record<string, string> }> {
  return new Map(Object.entries(lookups).map(([name, rows]) => [name, { file: `lookups/${name}.yaml`, rows }]));
}
