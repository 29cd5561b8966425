import { keepingOf } from "../config/index.ts";
import type { Channel, DestinationSpec, Project } from "../config/project.ts";
import { outcomeOf } from "../flow/answer-policy.ts";
import { ChannelFlow } from "../flow/flow.ts";
import type { Exit, FlowPorts, LaneDoor } from "../flow/ports.ts";
import { batchOf, retryOf } from "../flow/queue-mode.ts";
import { RateLimit } from "../flow/rate-limit.ts";
import { laneOf, type Origin } from "../flow/stored.ts";
import { apart, eachApart } from "../queue/each-apart.ts";
import { Lane } from "../queue/lane.ts";
import { asWritten, wayOf } from "../flow/same-way.ts";
import { EngineError, type Receipt, type ReceiveOptions } from "../sdk/index.ts";
import { abandonable } from "./abandon.ts";
import { Backlog, type LanePulse } from "./backlog.ts";
import type { Budget } from "./budget.ts";
import { ChannelSource, checkpointName } from "./channel-source.ts";
import type { Events } from "./events.ts";
import type { Feeds } from "./feeds/feeds.ts";
import type { Files } from "./files/files.ts";
import type { HandOffs } from "./hand-offs.ts";
import type { TableFiles } from "./lookups/table-files.ts";
import { InTurn } from "./in-turn.ts";
import { isEstablished } from "./net/authenticators.ts";
import type { Inbound } from "./net/inbound.ts";
import type { Outbound } from "./net/outbound.ts";
import { withEndpoint } from "./net/sole-endpoint.ts";
import type { LaneView } from "./operations.ts";
import { refuseOtherOrder } from "./other-order.ts";
import type { Registry } from "./registry.ts";
import { sendContext } from "./send-context.ts";
import { WayOut } from "./way-out.ts";

/** What a runner is given; the engine makes it once for all channels. */
export interface RunnerParts {
  /** As of now: a reload puts another in its place. */
  readonly project: Project;
  readonly registry: Registry;
  readonly ports: FlowPorts;
  readonly events: Events;
  readonly inbound: Inbound;
  readonly outbound: Outbound;
  readonly files: Files;
  readonly feeds: Feeds;
  readonly handOffs: HandOffs;
  readonly tables: TableFiles;
  readonly budget: Budget;
  /** The order of a person that stops this lane, or everything to its partner. */
  readonly pausedBy: (lane: string, partner: string) => { readonly at: number; readonly reason?: string } | undefined;
}

/** How long a stop waits for a partner's answer; what has none by then is sent again after the next start. */
const graceMs = 5_000;

/** People who are being told at once. */
const alertsAtOnce = 256;

/** How often a lane that is to be emptied is looked at. */
const drainLookMs = 50;

interface RunningLane {
  readonly spec: DestinationSpec;
  /** All that the lane and its way out are made of; while it is the same, a reload does not touch the lane. */
  readonly key: string;
  /** The part of it that the connector is made of. */
  readonly wayKey: string;
  readonly lane: Lane;
  readonly exit: Exit;
  readonly way: WayOut;
  /** Of an alert: the ways to those who are told next. And the way of inquiries. */
  readonly ladder: readonly WayOut[];
  readonly backlog: Backlog;
}

/** One channel at work: its source, its flow, a lane for each destination. */
export class ChannelRunner {
  readonly #parts: RunnerParts;
  readonly #lanes = new Map<string, RunningLane>();
  /** Lanes that another has replaced, until their last attempt has ended. */
  readonly #leaving = new Map<RunningLane, Promise<void>>();
  readonly #exits = new Map<string, Exit>();
  readonly #doors = new Map<string, LaneDoor>();
  readonly #flow: ChannelFlow;
  readonly #source: ChannelSource;
  readonly #turns = new InTurn();
  readonly #receiving = new Set<Promise<Receipt>>();
  #stopped = false;

  constructor(channel: Channel, parts: RunnerParts) {
    this.#parts = parts;
    this.#flow = new ChannelFlow(channel, this.#exits, this.#doors, parts.ports);
    this.#source = new ChannelSource({
      ...parts,
      // A getter does not survive the copy, and a reload puts another project in its place.
      get project() {
        return parts.project;
      },
      receive: (raw, options) => this.#receive(raw, options),
    });
    for (const spec of channel.destinations) this.#enter(this.#lane(spec, channel));
  }

  get channel(): Channel {
    return this.#flow.channel;
  }

  /** Lanes first, so that what was accepted before is under way when the source opens. */
  async start(): Promise<void> {
    for (const { lane } of this.#lanes.values()) await refuseOtherOrder(lane.name, this.channel, this.#parts.ports);
    for (const { lane } of this.#lanes.values()) lane.start();
    await this.open();
  }

  async open(): Promise<void> {
    await this.#source.start(this.channel);
  }

  /** Takes no more messages until `open`; those it has taken are answered, and its lanes go on. */
  async close(): Promise<void> {
    await this.#source.stop();
  }

  /** Stops intake, lets the attempts in flight finish, closes the connectors. What waits stays in the store. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const lanes = [...this.#lanes.values(), ...this.#leaving.keys()];
    this.#flow.stop();
    // Receives that wait for room are answered "not now"; a source ends only when all of its messages have an answer.
    for (const { backlog } of lanes) backlog.release();
    const ended = Promise.all(lanes.map(({ lane }) => lane.stop(graceMs))).finally(() => this.#flow.release());
    await Promise.all([this.#source.stop(), ended]);
    await Promise.all([...this.#leaving.values(), ...[...this.#lanes.values()].flatMap(({ way, ladder }) => [way, ...ladder].map((each) => each.close()))]);
  }

  /**
   * Goes on as the channel and its partners are now; what was accepted before keeps its revision. What has not changed is not touched: a
   * lane keeps its attempt and its connection, a source its socket. Rejects, and everything stays, when the new source cannot start.
   */
  async adopt(channel: Channel): Promise<void> {
    const changed = channel.destinations.flatMap((spec) => {
      const kept = this.#lanes.get(laneOf(channel.name, spec.name));
      return kept?.key === this.#keyOf(spec, channel) ? [] : [this.#lane(spec, channel, kept)];
    });
    const wanted = new Set(channel.destinations.map((spec) => laneOf(channel.name, spec.name)));
    try {
      await this.#source.replace(channel, () => {
        this.#flow.adopt(channel);
        for (const next of changed) this.#swap(next);
        for (const [name, lane] of this.#lanes) if (!wanted.has(name)) void this.#retire(name, lane);
      });
    } catch (error) {
      await Promise.all(changed.map((next) => this.#closeWay(next)));
      throw error;
    }
  }

  get view() {
    const { connector, partner } = this.channel.source;
    return {
      channel: this.channel.name,
      revision: this.channel.revision,
      source: { connector, partner, open: this.#source.isOpen, ...(this.#source.port === undefined ? {} : { port: this.#source.port }) },
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

  async #receive(raw: Uint8Array, options: ReceiveOptions | undefined): Promise<Receipt> {
    const { budget } = this.#parts;
    if (options?.principal && !isEstablished(options.principal)) return { kind: "refused", code: "NET-217" };
    budget.take(raw.length);
    try {
      // What stands in an order of its own is stored in that order, however long each has to wait for room.
      if (options?.checkpoint) await this.#turns.pass(() => this.#room());
      else await this.#room();
      const receipt = this.#flow.receive(raw, options, this.#originOf(options));
      this.#receiving.add(receipt);
      try {
        return await receipt;
      } finally {
        this.#receiving.delete(receipt);
      }
    } finally {
      budget.give(raw.length);
    }
  }

  async #room(): Promise<void> {
    for (const { backlog } of this.#lanes.values()) {
      const room = backlog.room();
      if (room) await room;
    }
  }

  #originOf({ checkpoint, handOff, principal }: ReceiveOptions = {}): Origin {
    const parent = this.#parts.handOffs.parentOf(handOff);
    const { storage } = keepingOf(this.channel, this.#parts.project.settings);
    return {
      ...(storage === undefined ? {} : { storage }),
      ...(checkpoint === undefined ? {} : { checkpoint: { ...checkpoint, of: checkpointName(this.channel, checkpoint.of) } }),
      ...(parent === undefined ? {} : { parent }),
      ...(principal && { principal }),
    };
  }

  #enter(running: RunningLane): void {
    const { spec, lane, exit, backlog } = running;
    const name = laneOf(this.channel.name, spec.name);
    this.#lanes.set(name, running);
    this.#exits.set(spec.name, exit);
    this.#doors.set(name, {
      push: (entry) => {
        // What waits behind a retry of its key does not slow the others' intake.
        if (!lane.isBlocked(entry)) backlog.accepted(entry.raw.bytes.length);
        lane.push(spec.alert ? apart(entry) : entry);
      },
      ring: () => lane.ring(),
      stuck: (entry) => pulseOf(lane) === "stuck" || lane.isBlocked(entry),
      withdraw: (id, change) => lane.withdraw(id, change),
    });
  }

  /** The new lane begins, from the disk, when the old one's attempt has ended; meanwhile nothing is sent, so the order holds. */
  #swap(next: RunningLane): void {
    const name = laneOf(this.channel.name, next.spec.name);
    const before = this.#lanes.get(name);
    this.#enter(next);
    const begin = () => {
      if (!this.#stopped && this.#lanes.get(name) === next) next.lane.start();
    };
    if (before) void this.#leave(before, next.way).then(begin);
    else begin();
  }

  /** The destination is gone: its lane ends once nothing is in it, and what is being received may still enter it. */
  async #retire(name: string, lane: RunningLane): Promise<void> {
    const { store, clock } = this.#parts.ports;
    await Promise.allSettled([...this.#receiving]);
    const isWanted = () => this.#stopped || this.#lanes.get(name) !== lane || this.channel.destinations.some((d) => d.name === lane.spec.name);
    const isEmpty = () => store.counts().every((count) => count.lane !== name || count.waiting + count.held === 0);
    while (!isWanted() && !isEmpty()) await new Promise<void>((resolve) => clock.after(drainLookMs, resolve));
    if (isWanted()) return;
    this.#lanes.delete(name);
    this.#doors.delete(name);
    this.#exits.delete(lane.spec.name);
    await this.#leave(lane);
  }

  /** Ends a lane after its attempt. `keep`: the way out that its successor goes on with. */
  #leave(lane: RunningLane, keep?: WayOut): Promise<void> {
    // A lane that was itself replaced before it began waits for the one before it.
    const earlier = [...this.#leaving].filter(([other]) => other.spec.name === lane.spec.name).map(([, left]) => left);
    const left = (async () => {
      lane.backlog.release();
      await Promise.all([...earlier, lane.lane.stop()]);
      if (lane.way !== keep) await this.#closeWay(lane);
      await Promise.all(lane.ladder.map((way) => way.close()));
      this.#leaving.delete(lane);
    })();
    this.#leaving.set(lane, left);
    return left;
  }

  async #closeWay(lane: RunningLane): Promise<void> {
    const shared = [...this.#lanes.values(), ...this.#leaving.keys()].some((other) => other !== lane && other.way === lane.way);
    if (shared) return;
    await lane.way.close();
  }

  /** The options as the connector gets them: where a partner has one endpoint, it need not be named. */
  #optionsOf(spec: DestinationSpec): Readonly<Record<string, unknown>> {
    const partner = this.#parts.project.partners.get(spec.partner);
    const definition = this.#parts.registry.definition(spec.connector)?.destination;
    return partner && definition ? withEndpoint(spec.options, partner, definition) : spec.options;
  }

  #wayKeyOf(spec: DestinationSpec): string {
    return JSON.stringify([spec.partner, spec.connector, this.#optionsOf(spec)], asWritten);
  }

  #keyOf(spec: DestinationSpec, channel: Channel): string {
    // Code, closed list and label belong to the revision that accepts a message, not to the lane.
    const { filter: _, transform: _t, only: _o, options: _p, ...rest } = spec;
    const limit = this.#parts.project.partners.get(spec.partner)?.links.outbound?.limit;
    return JSON.stringify([rest, channel.order, limit, this.#wayKeyOf(spec)], asWritten);
  }

  #lane(spec: DestinationSpec, channel: Channel, before?: RunningLane): RunningLane {
    const { project, ports, registry, events, outbound, files, feeds, handOffs, tables } = this.#parts;
    const definition = registry.definition(spec.connector)?.destination;
    if (!definition) throw new EngineError("RUN-105", { channel: channel.name, connector: spec.connector });
    const partner = project.partners.get(spec.partner);
    if (!partner) throw new EngineError("RUN-105", { channel: channel.name, destination: spec.name });
    const wayKey = this.#wayKeyOf(spec);
    const kept = before?.wayKey === wayKey ? before : undefined;
    const options = this.#optionsOf(spec);
    const name = laneOf(channel.name, spec.name);
    const way = kept?.way ?? new WayOut({ connector: () => definition.create(options as never), way: () => outbound.forDestination() });
    const ladder = (spec.alert?.escalate ?? []).map((endpoint) => new WayOut({ connector: () => definition.create({ ...options, endpoint } as never), way: () => outbound.forDestination() }));
    const asks = spec.unknown?.do === "inquire" ? { ...options, ...(spec.unknown.endpoint !== undefined && { endpoint: spec.unknown.endpoint }) } : undefined;
    const inquiries = asks && new WayOut({ connector: () => definition.create(asks as never), way: () => outbound.forDestination() });
    const limit = partner.links.outbound?.limit;
    const rate = limit && new RateLimit(limit, ports.clock);
    const sendBy = (out: WayOut, isInquiry = false): Exit["send"] => async (released, attempt, signal, { id, again }) => {
      const seat = out.take();
      try {
        const context = sendContext({
          way: seat.way, clock: ports.clock, judge: (ack) => outcomeOf(spec, ack), attempt, signal,
          publish: (one) => feeds.publish(name, definition.serves?.(options as never), one, id),
          files: files.forAttempt(signal), sqlite: (one) => files.databaseFor(one, signal), putRow: (one) => tables.put(one, signal), handOff: (one) => handOffs.give(one, { lane: name, message: id, ...(again !== undefined && { again }) }),
        });
        // The answer to an inquiry speaks of another message than the inquiry itself; the flow reads it.
        const inquiry = isInquiry ? { ...context, controlId: () => undefined } : context;
        return await abandonable(seat.connector.send(released, inquiry), signal, ports.clock);
      } finally {
        out.give(seat);
      }
    };
    const exit: Exit = {
      spec,
      connector: way.connector,
      way: wayOf(definition.options),
      turn: async (signal) => {
        if (rate && !rate.tryTake()) await rate.take(signal);
      },
      send: sendBy(way),
      ...(inquiries && { inquiry: { connector: inquiries.connector, send: sendBy(inquiries, true) } }),
      ...(ladder.length > 0 && { escalations: ladder.map((out) => ({ connector: out.connector, send: sendBy(out) })) }),
    };
    const { laneBytes } = project.settings.budget;
    const batch = batchOf(spec);
    const fallback = spec.fallback === undefined ? undefined : laneOf(channel.name, spec.fallback);
    const backlog = new Backlog({ limitBytes: laneBytes, budget: this.#parts.budget, clock: ports.clock, pulse: () => pulseOf(lane) });
    const lane: Lane = new Lane({
      name,
      partner: spec.partner,
      // No alert waits for another.
      store: spec.alert ? eachApart(ports.store) : ports.store,
      policy: retryOf(spec),
      ...(fallback === undefined ? {} : { fallback }),
      idempotent: definition.idempotent !== "no",
      clock: ports.clock,
      random: ports.random,
      work: this.#flow.lane(spec.name, exit),
      window: { entries: 512, bytes: 2 * laneBytes },
      ...(spec.alert ? { order: { parallel: alertsAtOnce } } : channel.order && !spec.deidentify?.aggregate && { order: channel.order }),
      ...(spec.window && { hours: spec.window }),
      ...(batch && { batch }),
      ...(spec.unknown && { unknown: spec.unknown }),
      onSettled: (_, entry, state, code) => {
        events.settled(this.channel.name, spec.name, state, code, entry.id);
        this.#flow.settled(entry, state, code);
        if (fallback !== undefined && (state === "dead" || state === "rejected")) this.#lanes.get(fallback)?.lane.ring();
        if (state === "waiting") backlog.spill();
        else backlog.settled(entry.raw.bytes.length, state !== "dead");
      },
    });
    const paused = this.#parts.pausedBy(name, spec.partner);
    if (paused) lane.pause(paused);
    return { spec, key: this.#keyOf(spec, channel), wayKey, lane, exit, way, ladder: inquiries ? [...ladder, inquiries] : ladder, backlog };
  }
}

function pulseOf({ status, heldBytes }: Lane): LanePulse {
  if (status.kind === "idle") return heldBytes === 0 ? "empty" : "moving";
  return status.kind === "working" ? "moving" : "stuck";
}
