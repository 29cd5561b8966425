import { createHash } from "node:crypto";
import type { Channel, DestinationSpec, Project } from "../../config/project.ts";
import { laneOf } from "../../flow/stored.ts";
import { labelSent } from "../../phi/index.ts";
import type { Boundary } from "../../phi/boundary.ts";
import { type Code, codeOf, type InboundReply, type InboundRequest, type Listening, type RouteOptions, type SecretRef, type ServedFeeds } from "../../sdk/index.ts";
import type { Events } from "../events.ts";
import type { Inbound } from "../net/inbound.ts";
import { withEndpoint } from "../net/sole-endpoint.ts";
import type { Registry } from "../registry.ts";
import { named } from "../safe-field.ts";
import type { Secret } from "../secrets.ts";
import { busyCalendar } from "./busy-calendar.ts";
import { busyUid, feedOf } from "./feed-token.ts";
import type { Feeds } from "./feeds.ts";

export interface FeedDoorPorts {
  readonly feeds: Feeds;
  readonly inbound: Pick<Inbound, "serve">;
  readonly events: Events;
  readonly project: () => Project;
  readonly registry: () => Registry;
  readonly boundary: Pick<Boundary, "permits">;
  readonly now: () => number;
  readonly openSecret: (ref: SecretRef) => Secret;
  readonly pausedBy: (lane: string, partner: string) => unknown;
}

/** A destination whose messages the engine serves, and where. */
export interface ServedPlace {
  readonly channel: Channel;
  readonly destination: DestinationSpec;
  readonly lane: string;
  readonly served: ServedFeeds;
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** Every destination of a project that publishes, at the `feed:` endpoint of its partner. */
export function servedPlaces(project: Project, registry: Registry): readonly ServedPlace[] {
  return project.channels.flatMap((channel) =>
    channel.destinations.flatMap((destination) => {
      const definition = registry.definition(destination.connector)?.destination;
      const partner = project.partners.get(destination.partner);
      if (!definition?.serves || !partner) return [];
      const options = withEndpoint(destination.options, partner, definition);
      const url = URL.parse(partner.endpoints.find(({ id }) => id === options.endpoint)?.url ?? "");
      if (!url) return [];
      return [{ channel, destination, lane: laneOf(channel.name, destination.name), served: definition.serves(options as never), host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port), path: url.pathname.replace(/\/$/, "") }];
    }),
  );
}

/** The routes at which feeds are fetched. */
export class FeedDoors {
  readonly #ports: FeedDoorPorts;
  readonly #open = new Map<string, { readonly key: string; readonly routes: readonly Listening[] }>();

  constructor(ports: FeedDoorPorts) {
    this.#ports = ports;
  }

  /** Opens what the project serves now, and closes what it serves no more. Rejects with EngineError `NET-*` or `SEC-*`. */
  async follow(): Promise<void> {
    const { project, registry, inbound, events, openSecret } = this.#ports;
    const places = servedPlaces(project(), registry());
    for (const [lane, { routes }] of this.#open) {
      const place = places.find((each) => each.lane === lane);
      if (place && this.#open.get(lane)?.key === keyOf(place, project())) continue;
      this.#open.delete(lane);
      await Promise.all(routes.map((route) => route.close()));
    }
    for (const place of places) {
      if (this.#open.has(place.lane)) continue;
      openSecret(place.served.secret);
      const rate = project().partners.get(place.destination.partner)?.links.outbound?.limit;
      const problem = (code: Code) => events.log("feed-refused", { channel: named(place.channel.name), destination: named(place.destination.name), code });
      const { host, port, path, served } = place;
      const route = (method: string): RouteOptions => ({ method, host, port, path: `${path}/*`, maxBody: 1, ...(rate && { rate }), ...(served.tls && { tls: served.tls }) });
      const answer = async (request: InboundRequest) => this.#answer(place.lane, request);
      const routes = await Promise.all(["GET", "HEAD"].map((method) => inbound.serve(route(method), answer, { onProblem: problem })));
      this.#open.set(place.lane, { key: keyOf(place, project()), routes });
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].flatMap(({ routes }) => routes.map((route) => route.close())));
    this.#open.clear();
  }

  /** As the project is at this moment: an epoch that was raised, or an agreement that has ended, counts at once. */
  #answer(lane: string, { rest = "", headers }: InboundRequest): InboundReply {
    const { project, registry, feeds, openSecret, events } = this.#ports;
    const place = servedPlaces(project(), registry()).find((each) => each.lane === lane);
    const [, token] = /^([A-Za-z0-9_-]{43})\.ics$/.exec(rest) ?? [];
    const secret = place && openSecret(place.served.secret).expose();
    const feed = place && secret !== undefined && token !== undefined ? feedOf(token, secret, lane, place.served.feeds) : undefined;
    const of = { channel: named(place?.channel.name ?? ""), destination: named(place?.destination.name ?? "") };
    if (!place || secret === undefined || feed === undefined) {
      events.log("feed-refused", { ...of, code: "ICL-201" });
      return { status: 404, headers: { "cache-control": "no-store" } };
    }
    const stopped = this.#stoppedBy(place);
    if (stopped) {
      events.log("feed-refused", { ...of, code: stopped });
      return { status: 503, headers: { "retry-after": "900", "cache-control": "no-store" } };
    }
    const { keepMs, summary, refreshMs } = place.served;
    try {
      const text = busyCalendar({ times: feeds.busy(lane, feed, keepMs), summary, refreshMs, uid: (since) => busyUid(secret, { lane, feed }, since) });
      const body = new TextEncoder().encode(text);
      const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
      const isKnown = (headers["if-none-match"] ?? "").split(",").some((each) => each.trim().replace(/^W\//, "") === etag);
      const status = isKnown ? 304 : 200;
      events.log("feed-fetched", { ...of, status });
      const head = { etag, "cache-control": `private, max-age=${Math.floor(refreshMs / 1000)}`, "content-type": "text/calendar; charset=utf-8", "referrer-policy": "no-referrer", "x-robots-tag": "noindex", "x-content-type-options": "nosniff" };
      return { status, headers: head, ...(status === 200 && { body }) };
    } catch (error) {
      events.log("feed-refused", { ...of, code: codeOf(error, "ICL-122") });
      return { status: 503, headers: { "retry-after": "60" } };
    }
  }

  /** What was released once leaves again at each fetch: the partner is asked about again. */
  #stoppedBy({ channel, destination, lane }: ServedPlace): Code | undefined {
    const { project, boundary, now, pausedBy } = this.#ports;
    const partner = project().partners.get(destination.partner);
    if (!partner) return "PHI-202";
    if (pausedBy(lane, destination.partner)) return "FLW-104";
    const verdict = boundary.permits({ label: labelSent(channel, destination), destination, partner, now: now() });
    return "refusal" in verdict ? verdict.refusal.code : undefined;
  }
}

function keyOf({ lane, host, port, path, served, destination }: ServedPlace, project: Project): string {
  return JSON.stringify([lane, host, port, path, served.tls, project.partners.get(destination.partner)?.links.outbound?.limit]);
}
