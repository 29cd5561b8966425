import type { AddressInfo, Server } from "node:net";
import { Arrivals, type Arrival } from "./arrivals.ts";
import { httpPeer } from "./http-peer.ts";
import { mllpPeer } from "./mllp-peer.ts";
import { collectorReply, ehrReply, stripeReply } from "./replies.ts";

/** The partners of the example project, by the names it uses for them. */
export const partners = ["ehr", "ward", "stripe", "analytics", "tracker"] as const;
export type PartnerName = (typeof partners)[number];

/** Where the example's `partners.yaml` expects them. */
export const examplePorts: Readonly<Record<PartnerName, number>> = { ehr: 8051, ward: 8052, stripe: 8053, analytics: 8054, tracker: 8055 };

/** Partners that are listening. */
export interface Simulators {
  /** Real ports, for those asked for with port 0. */
  readonly ports: Readonly<Record<PartnerName, number>>;
  /** What reached a partner, oldest first. */
  received(name: PartnerName): readonly Arrival[];
  /** How many arrivals each partner has seen. */
  counts(): Readonly<Record<PartnerName, number>>;
  close(): Promise<void>;
}

/**
 * Starts the partners on loopback; rejects, with none left open, when a port is in use.
 * @example const peers = await startSimulators({ ehr: 0, ward: 0, stripe: 0, analytics: 0, tracker: 0 });
 */
export async function startSimulators(ports: Readonly<Record<PartnerName, number>> = examplePorts): Promise<Simulators> {
  const arrivals = eachPartner(() => new Arrivals());
  const servers: Readonly<Record<PartnerName, Server>> = {
    ehr: httpPeer(arrivals.ehr, ehrReply),
    ward: mllpPeer(arrivals.ward),
    stripe: httpPeer(arrivals.stripe, stripeReply),
    analytics: httpPeer(arrivals.analytics, collectorReply),
    tracker: httpPeer(arrivals.tracker, collectorReply),
  };
  const close = async () => void (await Promise.all(partners.map((name) => stop(servers[name]))));
  const started = await Promise.allSettled(partners.map((name) => listen(servers[name], ports[name])));
  const failed = started.find((result) => result.status === "rejected");
  if (failed) {
    await close();
    throw failed.reason;
  }
  return {
    ports: eachPartner((name) => (servers[name].address() as AddressInfo).port),
    received: (name) => arrivals[name].all(),
    counts: () => eachPartner((name) => arrivals[name].count),
    close,
  };
}

function eachPartner<T>(make: (name: PartnerName) => T): Record<PartnerName, T> {
  return Object.fromEntries(partners.map((name) => [name, make(name)])) as Record<PartnerName, T>;
}

function listen(server: Server, port: number): Promise<void> {
  const sockets = new Set<{ destroy(): void }>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("stop", () => {
    for (const socket of sockets) socket.destroy();
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
}

function stop(server: Server): Promise<void> {
  server.emit("stop");
  return new Promise((resolve) => server.close(() => resolve()));
}
