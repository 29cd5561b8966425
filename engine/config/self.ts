import type { Channel, ConnectorCatalogue, Partner, Placed, Settings } from "./project.ts";

/** The engine's own name among partners: who hands a message from one channel to another, and whose clock it is. No file declares it. */
export const self = "self";

const prefix = `${self}:`;

/** The party that stands for a channel which takes hand-offs. The colon keeps it out of what a file can name. */
export function partnerOf(channel: string): string {
  return `${prefix}${channel}`;
}

/** The channel that a party stands for; `undefined` for all others. */
export function channelOf(partner: string): string | undefined {
  return partner.startsWith(prefix) ? partner.slice(prefix.length) : undefined;
}

/** Whether a party is of the engine's making. */
export function isSelf(partner: string): boolean {
  return partner === self || partner.startsWith(prefix);
}

/**
 * The parties of the engine's making: itself as a sender, and every channel that takes hand-offs as a receiver. What a partner's agreements
 * are elsewhere is the channel's own classification there: nothing comes to it that it may not carry.
 */
export function ownPartners(channels: readonly Channel[], connectors: ConnectorCatalogue, { place, owner }: Pick<Settings, "place" | "owner">): ReadonlyMap<string, Partner> {
  const takers = channels.filter(({ source }) => connectors.get(source.connector)?.destination?.reachesChannel);
  const all = [sender(place, owner), ...takers.map(taker)];
  return new Map(all.map((partner) => [partner.name, partner]));
}

const link = { auth: "none", allow: ["*"], limit: { perSecond: 1_000_000, burst: 1_000_000 }, audit: "full", phi: "allowed" } as const;
const none = { kind: self, endpoints: [], agreements: [], owner: self, ceiling: { compartments: [], obligations: [] }, mayDeidentify: false, breakGlass: false };

function sender(place: Placed, owner: string): Partner {
  return { ...none, place, owner, name: self, legalName: "this engine", links: { inbound: link } };
}

function taker({ name, place, classification: { level, compartments, owners, purposes, obligations } }: Channel): Partner {
  return {
    ...none,
    place,
    name: partnerOf(name),
    ceiling: { compartments, obligations, ...(purposes && { purposes }) },
    legalName: `the channel ${name}`,
    endpoints: [{ id: "channel", url: `channel:${name}` }],
    agreements: [{ id: name, basis: "same-engine", levels: [level], compartments, purposes: purposes ?? [], owners, mayAggregateOwners: true, effective: "0001-01-01", timezone: "UTC" }],
    links: { outbound: link },
  };
}
