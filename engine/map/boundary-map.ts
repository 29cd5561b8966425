import type { Channel, DestinationSpec, Endpoint, Partner, Project, SourceSpec } from "../config/project.ts";
import { channelOf, isSelf } from "../config/self.ts";
import type { Label, Permit } from "../phi/boundary.ts";
import { permits } from "../phi/flow-rule.ts";
import { asking, labelOfReply, labelSent } from "../phi/index.ts";
import { standardOf } from "./standard.ts";

/** How a link is drawn: by the class of what crosses it, or that nothing may. */
export type Crossing = "phi" | "limited" | "deidentified" | "none" | "refused";

/** One link between the engine and a partner: what crosses, in which direction, by which right. Names of the configuration alone. */
export interface MapLink {
  /** Stable name: `in CHANNEL`, `ask CHANNEL`, `out CHANNEL/DESTINATION`, `answer CHANNEL`. */
  readonly id: string;
  /** `ask`: what a source that polls says to its partner. `answer`: what a source gets back of a destination's answer. */
  readonly kind: "in" | "ask" | "out" | "answer";
  /** Which way the data goes. */
  readonly direction: "in" | "out";
  /** Who opens the connection. */
  readonly opens: "us" | "them";
  readonly channel: string;
  readonly destination?: string;
  readonly partner: string;
  /** `HL7 v2 over MLLP with TLS`. */
  readonly standard: string;
  readonly crossing: Crossing;
  readonly compartments: readonly string[];
  /** What lets it cross, or why nothing may. */
  readonly by: string;
  readonly purpose?: string;
}

export interface MapPartner {
  readonly name: string;
  readonly legalName: string;
  readonly kind: string;
}

/** The boundary of a project (phi.md 5.4): the hub, its partners, and every link between them, in a stable order. */
export interface BoundaryMap {
  readonly project: string;
  readonly owner: string;
  readonly partners: readonly MapPartner[];
  readonly links: readonly MapLink[];
  /** Hand-offs from channel to channel, which leave nobody's hands. */
  readonly inside: number;
}

/** Drawn from channels and partners alone, with the agreements of the moment `now` (ms). */
export function boundaryMap(project: Project, now: number): BoundaryMap {
  const links = project.channels.flatMap((channel) => [...inbound(channel, project), ...asked(channel, project, now), ...outbound(channel, project, now), ...answered(channel, project, now)]);
  const crossing = links.filter(({ partner }) => !isSelf(partner));
  const named = new Set(crossing.map(({ partner }) => partner));
  return {
    project: project.settings.name,
    owner: project.settings.owner,
    partners: [...named].toSorted().map((name) => partnerOf(name, project.partners.get(name))),
    links: crossing.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    inside: links.filter(({ partner }) => channelOf(partner) !== undefined).length,
  };
}

function partnerOf(name: string, partner: Partner | undefined): MapPartner {
  return { name, legalName: partner?.legalName ?? name, kind: partner?.kind ?? "unknown" };
}

function inbound({ name, source, classification }: Channel, project: Project): readonly MapLink[] {
  const partner = project.partners.get(source.partner);
  return [
    {
      id: `in ${name}`,
      kind: "in",
      direction: "in",
      opens: source.asks ? "us" : "them",
      channel: name,
      partner: source.partner,
      standard: standardOf(source.format, source.connector, asksAt(source, partner)?.url, source.asks ? undefined : partner?.links.inbound?.auth),
      crossing: classification.level,
      compartments: classification.compartments,
      by: provenBy(source, partner),
    },
  ];
}

function provenBy({ asks }: SourceSpec, partner: Partner | undefined): string {
  if (asks) return "in answer to what we ask";
  const auth = partner?.links.inbound?.auth;
  return auth === undefined ? "no link is decided" : auth === "none" ? "from this machine alone" : `proves itself by ${auth}`;
}

/** What a source that opens connections says to its partner: as much as link and agreements let go there, else nothing about anybody. */
function asked({ name, source, ...channel }: Channel, project: Project, now: number): readonly MapLink[] {
  const partner = project.partners.get(source.partner);
  if (!source.asks || !partner || isSelf(partner.name)) return [];
  const { label, spec } = asking({ name, source, ...channel }, partner, now);
  const right = partner.links.outbound ? allowed(label, spec, partner, now) : ({ crossing: "refused", by: "nothing crosses: PHI-202 link", compartments: label.compartments } as const);
  return [
    {
      id: `ask ${name}`,
      kind: "ask",
      direction: "out",
      opens: "us",
      channel: name,
      partner: partner.name,
      standard: standardOf(source.format, source.connector, asksAt(source, partner)?.url),
      ...right,
      ...(right.crossing === "none" ? { by: "a question about nobody" } : spec.purpose === undefined ? {} : { purpose: spec.purpose }),
    },
  ];
}

function asksAt(source: SourceSpec, partner: Partner | undefined): Endpoint | undefined {
  return source.asks && partner ? endpointOf(source, partner) : undefined;
}

function outbound(channel: Channel, project: Project, now: number): readonly MapLink[] {
  return channel.destinations.map((destination) => {
    const partner = project.partners.get(destination.partner);
    const endpoint = partner && endpointOf(destination, partner);
    return {
      id: `out ${channel.name}/${destination.name}`,
      kind: "out" as const,
      direction: "out" as const,
      // A feed waits here for whoever reads it.
      opens: endpoint?.url.startsWith("feed:") ? ("them" as const) : ("us" as const),
      channel: channel.name,
      destination: destination.name,
      partner: destination.partner,
      standard: standardOf(destination.format, destination.connector, endpoint?.url),
      ...allowed(labelSent(channel, destination), destination, partner, now),
      ...(destination.purpose === undefined ? {} : { purpose: destination.purpose }),
    };
  });
}

/** A source that is answered with what a destination answered gets data too. */
function answered(channel: Channel, project: Project, now: number): readonly MapLink[] {
  const from = channel.destinations.find(({ name }) => name === channel.source.respond?.from);
  const partner = project.partners.get(channel.source.partner);
  if (!from || !partner) return [];
  const { inbound: link } = partner.links;
  const back = { ...partner, links: link ? { outbound: link } : {} };
  const destination = { ...from, partner: partner.name, sends: channel.classification.level };
  return [
    {
      id: `answer ${channel.name}`,
      kind: "answer",
      direction: "out",
      opens: "them",
      channel: channel.name,
      destination: from.name,
      partner: partner.name,
      standard: standardOf(from.response?.format ?? from.format, channel.source.connector, undefined, link?.auth),
      ...allowed(labelOfReply(channel, (name) => project.partners.get(name)) ?? channel.classification, destination, back, now, true),
      ...(from.purpose === undefined ? {} : { purpose: from.purpose }),
    },
  ];
}

function allowed(label: Label, destination: DestinationSpec, partner: Partner | undefined, now: number, isReply = false): Pick<MapLink, "crossing" | "by" | "compartments"> {
  const verdict = partner ? permits({ label, destination, partner, now, isReply }) : undefined;
  if (!verdict || "refusal" in verdict) {
    const why = verdict ? `${verdict.refusal.code} ${verdict.refusal.rule}` : "no such partner";
    return { crossing: "refused", by: `nothing crosses: ${why}`, compartments: label.compartments };
  }
  return { crossing: label.level, by: rightOf(verdict.permit, destination), compartments: label.compartments };
}

function rightOf({ agreement, basis }: Permit, destination: DestinationSpec): string {
  if (agreement !== undefined) return `${agreement} (${basis})`;
  return destination.only ? "closed list" : "says nothing about anybody";
}

/** The endpoint a destination names, or the partner's only one. */
function endpointOf({ options }: Pick<DestinationSpec, "options">, { endpoints }: Partner): Endpoint | undefined {
  return endpoints.find(({ id }) => id === options["endpoint"]) ?? (endpoints.length === 1 ? endpoints[0] : undefined);
}
