import type { Channel, DestinationSpec, Partner, Project } from "../config/project.ts";
import { ChannelFlow } from "../flow/flow.ts";
import type { Exit, FlowPorts } from "../flow/ports.ts";
import { RateLimit } from "../flow/rate-limit.ts";
import { laneOf } from "../flow/stored.ts";
import { Lane } from "../queue/lane.ts";
import { EngineError, type Receipt, type ReceiveOptions, type Source } from "../sdk/index.ts";
import { abandonable } from "./abandon.ts";
import { Backlog, type LanePulse } from "./backlog.ts";
import type { Budget } from "./budget.ts";
import type { Events } from "./events.ts";
import type { Inbound } from "./net/inbound.ts";
import type { Outbound } from "./net/outbound.ts";
import { withEndpoint } from "./net/sole-endpoint.ts";
import type { LaneView } from "./operations.ts";
import type { Registry } from "./registry.ts";
import { sendContext } from "./send-context.ts";
import { sourceContext } from "./source-context.ts";

/** What a runner is given; the engine makes it once for all channels. */
export interface RunnerParts {
  readonly project: Project;
  readonly registry: Registry;
  readonly ports: FlowPorts;
  readonly events: Events;
  readonly inbound: Inbound;
  readonly outbound: Outbound;
  readonly budget: Budget;
}

/** How long a stop waits for a partner's answer; what has none by then is sent again after the next start. */
const graceMs = 5_000;

interface RunningLane {
  readonly spec: DestinationSpec;
  readonly lane: Lane;
  readonly exit: Exit;
  readonly backlog: Backlog;
}

/** One channel at work: its source, its flow, a lane for each destination. */
export class ChannelRunner {
  readonly channel: Channel;
  readonly #parts: RunnerParts;
  readonly #lanes = new Map<string, RunningLane>();
  readonly #flow: ChannelFlow;
  readonly #stop = new AbortController();
  #source: Source | undefined;
  #port: number | undefined;

  constructor(channel: Channel, parts: RunnerParts) {
    this.channel = channel;
    this.#parts = parts;
    const exits = new Map<string, Exit>();
    const doors = new Map<string, { push(entry: Parameters<Lane["push"]>[0]): void }>();
    this.#flow = new ChannelFlow(channel, exits, doors, parts.ports);
    for (const spec of channel.destinations) {
      const running = this.#lane(spec);
      const name = laneOf(channel.name, spec.name);
      this.#lanes.set(name, running);
      exits.set(spec.name, running.exit);
      doors.set(name, {
        push: (entry) => {
          running.backlog.accepted(entry.raw.bytes.length);
          running.lane.push(entry);
        },
      });
    }
  }

  /** Lanes first, so that what was accepted before is under way when the source opens. */
  async start(): Promise<void> {
    for (const { lane } of this.#lanes.values()) lane.start();
    const { connector, options } = this.channel.source;
    const definition = this.#parts.registry.definition(connector)?.source;
    if (!definition) throw new EngineError("RUN-105", { channel: this.channel.name, connector });
    this.#source = definition.create(options as never);
    await this.#source.start(
      sourceContext({
        channel: this.channel,
        limit: this.channel.source.limit ?? this.#sourcePartner()?.links.inbound?.limit,
        clock: this.#parts.ports.clock,
        signal: this.#stop.signal,
        inbound: this.#parts.inbound,
        events: this.#parts.events,
        receive: (raw, options) => this.#receive(raw, options),
        onListening: (port) => {
          this.#port = port;
        },
      }),
    );
  }

  /** Stops intake, lets the attempts in flight finish, closes the connectors. What waits stays in the store. */
  async stop(): Promise<void> {
    const lanes = [...this.#lanes.values()];
    this.#flow.stop();
    this.#stop.abort();
    // Receives that wait for room are answered "not now"; a source ends only when all of its messages have an answer.
    for (const { backlog } of lanes) backlog.release();
    await Promise.all([this.#source?.stop(), ...lanes.map(({ lane }) => lane.stop(graceMs))]);
    await Promise.all(lanes.map(({ exit }) => exit.connector.close()));
  }

  get view() {
    const { connector, partner } = this.channel.source;
    return {
      channel: this.channel.name,
      revision: this.channel.revision,
      source: { connector, partner, listening: this.#port !== undefined, ...(this.#port === undefined ? {} : { port: this.#port }) },
      received: this.#parts.events.received.get(this.channel.name) ?? 0,
    };
  }

  lane(name: string): Lane | undefined {
    return this.#lanes.get(name)?.lane;
  }

  laneParts(name: string): Pick<LaneView, "destination" | "partner" | "status"> | undefined {
    const found = this.#lanes.get(name);
    return found && { destination: found.spec.name, partner: found.spec.partner, status: found.lane.status };
  }

  get laneNames(): readonly string[] {
    return [...this.#lanes.keys()];
  }

  #sourcePartner(): Partner | undefined {
    return this.#parts.project.partners.get(this.channel.source.partner);
  }

  async #receive(raw: Uint8Array, options: ReceiveOptions | undefined): Promise<Receipt> {
    const { budget } = this.#parts;
    budget.take(raw.length);
    try {
      for (const { backlog } of this.#lanes.values()) {
        const room = backlog.room();
        if (room) await room;
      }
      return await this.#flow.receive(raw, options);
    } finally {
      budget.give(raw.length);
    }
  }

  #lane(spec: DestinationSpec): RunningLane {
    const { project, ports, registry, events, outbound } = this.#parts;
    const definition = registry.definition(spec.connector)?.destination;
    if (!definition) throw new EngineError("RUN-105", { channel: this.channel.name, connector: spec.connector });
    const partner = project.partners.get(spec.partner);
    if (!partner) throw new EngineError("RUN-105", { channel: this.channel.name, destination: spec.name });
    const connector = definition.create(withEndpoint(spec.options, partner, definition) as never);
    const name = laneOf(this.channel.name, spec.name);
    const way = outbound.forDestination();
    const limit = partner.links.outbound?.limit;
    const rate = limit && new RateLimit(limit, ports.clock);
    const exit: Exit = {
      spec,
      connector,
      send: async (released, attempt, signal) => {
        if (rate && !rate.tryTake()) await rate.take(signal);
        return abandonable(connector.send(released, sendContext({ way, clock: ports.clock, attempt, signal })), signal, ports.clock);
      },
    };
    const { laneBytes } = project.settings.budget;
    const backlog = new Backlog({ limitBytes: laneBytes, budget: this.#parts.budget, clock: ports.clock, pulse: () => pulseOf(lane) });
    const lane: Lane = new Lane({
      name,
      store: ports.store,
      policy: spec.retry,
      idempotent: definition.idempotent !== "no",
      clock: ports.clock,
      random: ports.random,
      work: this.#flow.lane(spec.name),
      window: { entries: 512, bytes: 2 * laneBytes },
      onSettled: (_, entry, state, code) => {
        events.settled(this.channel.name, spec.name, state, code, entry.id);
        if (state === "waiting") backlog.spill();
        else backlog.settled(entry.raw.bytes.length, state !== "dead");
      },
    });
    return { spec, lane, exit, backlog };
  }
}

function pulseOf({ status, heldBytes }: Lane): LanePulse {
  if (status.kind === "idle") return heldBytes === 0 ? "empty" : "moving";
  return status.kind === "working" ? "moving" : "stuck";
}
