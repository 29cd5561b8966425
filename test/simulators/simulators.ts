import { Arrivals, type Arrival } from "./arrivals.ts";
import { calendarHost } from "./calendar.ts";
import { clearinghouse } from "./clearinghouse.ts";
import { fhirServer } from "./fhir-server.ts";
import { httpPeer } from "./http-peer.ts";
import { mllpSystem } from "./mllp-peer.ts";
import { onCall } from "./on-call.ts";
import { anyReply, collectorReply, ehrReply } from "./replies.ts";
import { registry, warehouse } from "./places.ts";
import { launchServer } from "./launch-server.ts";
import { leaksIn } from "./planted.ts";
import { type Running, type Simulator, simulator } from "./simulator.ts";
import { scriptNetwork } from "./script-network.ts";
import { stripe } from "./stripe.ts";

/** The partners of the example project. */
const all = {
  ehr: simulator("ehr", 8051, (arrivals) => httpPeer(arrivals, ehrReply)),
  ward: simulator("ward", 8052, (arrivals) => mllpSystem(arrivals)),
  stripe,
  analytics: simulator("analytics", 8054, (arrivals) => httpPeer(arrivals, collectorReply)),
  covered: simulator("covered", 8057, (arrivals) => httpPeer(arrivals, collectorReply)),
  warehouse,
  registry,
  tracker: simulator("tracker", 8055, (arrivals) => httpPeer(arrivals, collectorReply)),
  calendar: calendarHost,
  schedule: simulator("schedule", 8069, (arrivals) => httpPeer(arrivals, anyReply)),
  hospital: simulator("hospital", 8064, fhirServer),
  lab: simulator("lab", 8073, (arrivals) => mllpSystem(arrivals, "ORL^O22^ORL_O22")),
  onCall,
  network: scriptNetwork,
  staff: simulator("staff", 8060, (arrivals) => httpPeer(arrivals, anyReply)),
  launch: launchServer,
  desk: simulator("desk", 8063, (arrivals) => httpPeer(arrivals, anyReply)),
  directory: simulator("directory", 8061, fhirServer),
  visits: simulator("visits", 8056, (arrivals) => httpPeer(arrivals, anyReply)),
  clearinghouse,
  billing: simulator("billing", 8077, (arrivals) => httpPeer(arrivals, anyReply)),
  inbox: simulator("inbox", 8071, (arrivals) => httpPeer(arrivals, anyReply)),
} as const satisfies Readonly<Record<string, Simulator>>;

/** They have no agreement that covers a patient, or are told of payments alone: each arrival is held against everybody of the fixtures, in every run. */
const uncovered: readonly PartnerName[] = ["stripe", "analytics", "warehouse", "registry", "tracker", "visits", "calendar"];

export type PartnerName = keyof typeof all;
export const partners = Object.keys(all) as readonly PartnerName[];
type ToldOf<N extends PartnerName> = (typeof all)[N] extends Simulator<infer Told> ? Told : never;

/** Where the example's `partners.yaml` expects them. */
export const examplePorts = eachPartner((name) => all[name].port);

/** Partners that are listening. */
export interface Simulators {
  /** Real ports, for those asked for with port 0. */
  readonly ports: Readonly<Record<PartnerName, number>>;
  /** What reached a partner, oldest first. */
  received(name: PartnerName): readonly Arrival[];
  /** How many arrivals each partner has seen. */
  counts(): Readonly<Record<PartnerName, number>>;
  /** What a test may ask of a partner, or tell it to do. */
  of<N extends PartnerName>(name: N): ToldOf<N>;
  /** Rejects where one of those without an agreement has received somebody's identifier. */
  close(): Promise<void>;
}

/**
 * Starts the partners on loopback; rejects, with none left open, when a port is in use.
 * @param portOf where each listens, given its port in the example; `() => 0`: at any free one
 * @param root the project's folder, for those who look there for what is theirs
 * @example const peers = await startSimulators(() => 0);
 */
export async function startSimulators(portOf: (port: number) => number = (port) => port, root?: string): Promise<Simulators> {
  const arrivals = eachPartner(() => new Arrivals());
  const started = await Promise.allSettled(partners.map((name) => all[name].start(portOf(all[name].port), arrivals[name], portOf, root)));
  const open = started.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const close = async () => {
    await Promise.all(open.map((running) => running.close()));
    for (const name of uncovered) {
      const leaks = arrivals[name].all().reduce((sum, arrival) => sum + leaksIn(arrival), 0);
      if (leaks > 0) throw new Error(`${name} has received ${leaks} identifiers of patients`);
    }
  };
  const failed = started.find((result) => result.status === "rejected");
  if (failed) {
    await close();
    throw failed.reason;
  }
  const running = Object.fromEntries(partners.map((name, i) => [name, open[i]])) as Record<PartnerName, Running>;
  return {
    ports: eachPartner((name) => running[name].port),
    received: (name) => arrivals[name].all(),
    counts: () => eachPartner((name) => arrivals[name].count),
    of: <N extends PartnerName>(name: N) => running[name].told as ToldOf<N>,
    close,
  };
}

function eachPartner<T>(make: (name: PartnerName) => T): Record<PartnerName, T> {
  return Object.fromEntries(partners.map((name) => [name, make(name)])) as Record<PartnerName, T>;
}
