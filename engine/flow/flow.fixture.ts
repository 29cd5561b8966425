import type { Channel, DestinationSpec, Partner } from "../config/project.ts";
import type { LaneWork } from "../queue/lane.ts";
import type { RunInput, RunOutput } from "../sandbox/sandbox.ts";
import { createBoundary } from "../phi/index.ts";
import type { Envelope, OutboundMessage, Outcome, Released } from "../sdk/index.ts";
import { ManualClock } from "../sdk/testing/manual-clock.ts";
import type { AcceptRequest, Claimed, Store } from "../store/store.ts";
import { ChannelFlow } from "./flow.ts";
import type { ChannelRevision, Exit, FlowEvents, FlowPorts } from "./ports.ts";

/** A flow over ports in memory, for tests of this room: one channel `results`, one destination `ward`, both the test's to change. */
export const message = (id = "C1", rest = "") =>
  `MSH|^~\\&|LIS|NORTH|EHR|SOUTH|20260301120000||ORU^R01|${id}|P|2.5.1\rPID|1||900123^^^NORTH^MR||EXEMPLAR^ADA\r${rest}`;
export const bytes = (text: string) => new Uint8Array(Buffer.from(text));

export function destination(change: Partial<DestinationSpec> = {}): DestinationSpec {
  return {
    name: "ward", partner: "ward", sends: "phi", purpose: "TREAT", connector: "mllp", options: { endpoint: "feed" }, format: "hl7v2",
    retry: { attempts: 0, initialMs: 1, maxMs: 1, maxAgeMs: 0 }, ...change,
  };
}

export function channel(change: Partial<Channel> = {}): Channel {
  return {
    name: "results", classification: { level: "phi", compartments: [], owners: ["clinic"], obligations: [] },
    source: { partner: "lab", connector: "mllp", options: {}, format: "hl7v2", types: [], ack: "stored", charset: "utf-8" },
    destinations: [destination()], lookups: [], tests: [], revision: "r1", ...change,
  } as unknown as Channel;
}

export function partner(name: string, allow: readonly string[] = ["*"]): Partner {
  const link = { auth: "none", allow, limit: { perSecond: 1000, burst: 1000 }, audit: "full", phi: "allowed" } as const;
  return {
    name, kind: "provider", endpoints: [{ id: "feed", url: "mllp://127.0.0.1:1" }], owner: "clinic", ceiling: { compartments: [], obligations: [] }, mayDeidentify: false, breakGlass: false,
    agreements: [{ id: "A", basis: "treatment", levels: ["phi"], compartments: [], purposes: ["TREAT"], owners: ["clinic"], mayAggregateOwners: false, effective: "1960-01-01", timezone: "UTC" }],
    links: { inbound: link, outbound: link },
  } as unknown as Partner;
}

export interface Setting {
  readonly channel?: Channel;
  /** What the partner's connector is today; default: as the channel says. */
  readonly today?: DestinationSpec;
  readonly partners?: Readonly<Record<string, Partner>>;
  readonly revision?: (revision: string) => Promise<ChannelRevision | undefined>;
  readonly run?: (program: string, input: RunInput) => Promise<RunOutput>;
  readonly accept?: (request: AcceptRequest) => Promise<never>;
  readonly render?: (message: OutboundMessage) => Envelope;
  readonly send?: (released: Released) => Promise<Outcome>;
  readonly events?: FlowEvents;
  /** What happens while the partner's link is waited for. */
  readonly turn?: () => Promise<void>;
  /** What of the store is the test's own. */
  readonly store?: Partial<FlowPorts["store"]>;
}

export function setUp(setting: Setting = {}) {
  const own = setting.channel ?? channel();
  const rendered: OutboundMessage[] = [];
  const ran: { readonly program: string; readonly input: RunInput }[] = [];
  const accepted: AcceptRequest[] = [];
  const sent: Envelope[] = [];
  const attempts: number[] = [];
  const partners: Readonly<Record<string, Partner>> = { lab: partner("lab"), ward: partner("ward"), ...setting.partners };
  const accept: Store["accept"] = async (request) => ({ kind: "accepted", id: accepted.push(request), sameIdOtherBytes: false });
  const ports: FlowPorts = {
    clock: new ManualClock(),
    random: { next: () => 0, bytes: (length) => new Uint8Array(length) },
    store: { accept: setting.accept ?? accept, keyedId: () => "0123456789abcdef0123456789abcdef", surrogate: () => "d".repeat(32), fill: async () => {}, intend: async () => {}, disclose: async () => {}, ...setting.store } as unknown as FlowPorts["store"],
    sandbox: {
      run: (program: string, input: RunInput) => {
        ran.push({ program, input });
        return setting.run?.(program, input) ?? Promise.resolve({ results: [{ kind: "output", format: "hl7v2", text: input.text }], log: [] });
      },
    } as unknown as FlowPorts["sandbox"],
    boundary: createBoundary(),
    opaqueId: (scope, id) => `${scope}:${id}`,
    partner: (name) => setting.partners?.[name] ?? partners[name],
    revision: (_, revision) => setting.revision?.(revision) ?? Promise.resolve(undefined),
    events: setting.events ?? { accepted() {}, duplicate() {}, notAccepted() {}, nonconforming() {}, sameIdOtherBytes() {}, settled() {}, unanswered() {} },
  };
  const exit: Exit = {
    spec: setting.today ?? own.destinations[0] ?? destination(),
    connector: {
      render: (one) => {
        rendered.push(one);
        return setting.render?.(one) ?? { endpoint: "feed", body: one.content.bytes };
      },
      send: async () => ({ kind: "delivered" }),
      close: async () => {},
    },
    ...(setting.turn && { turn: setting.turn }),
    send: async (released, attempt) => {
      sent.push(released.envelope);
      attempts.push(attempt);
      return setting.send?.(released) ?? { kind: "delivered" };
    },
  };
  const flow = new ChannelFlow(own, new Map([[exit.spec.name, exit]]), new Map(), ports);
  const lane: LaneWork = flow.lane("ward");
  return { flow, lane, rendered, ran, accepted, sent, attempts };
}

export function entry(change: Partial<Claimed> = {}): Claimed {
  return {
    lane: "results/ward", id: 7, channel: "results", revision: "r1", receivedAt: 0, state: "waiting", attempts: 0, nextAt: 0, filled: false,
    raw: { format: "hl7v2", bytes: bytes(message()) }, ...change,
  };
}
