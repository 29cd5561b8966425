import type { Channel, Link } from "../config/project.ts";
import { asked } from "../flow/asked.ts";
import { RateLimit } from "../flow/rate-limit.ts";
import { asWritten } from "../flow/same-way.ts";
import { EngineError, type OpenedStream, type Receipt, type ReceiveOptions, type Source, type SourceContext, type SourceDefinition } from "../sdk/index.ts";
import type { RunnerParts } from "./channel-runner.ts";
import type { Tenancy } from "./net/listener.ts";
import type { DestinationWay } from "./net/outbound.ts";
import { withEndpoint } from "./net/sole-endpoint.ts";
import { sourceContext } from "./source-context.ts";

export interface ChannelSourceParts extends Pick<RunnerParts, "project" | "registry" | "ports" | "inbound" | "outbound" | "files" | "feeds" | "handOffs" | "events"> {
  receive(raw: Uint8Array, options: ReceiveOptions | undefined): Promise<Receipt>;
}

interface Running {
  readonly channel: Channel;
  /** All that decides what the connector does; while it is the same, a reload does not touch the source. */
  readonly key: string;
  readonly source: Source;
  readonly abort: AbortController;
  readonly tenancies: readonly Tenancy[];
  /** It listens, so another may take over its sockets. */
  readonly listens: boolean;
  readonly port: number | undefined;
  /** Ends its connections to its partner, if it asks it. */
  hangUp(): void;
  /** Lets its messages in: none may come before the channel is ready for them. */
  admit(): void;
}

/** The record's name of a place that a source calls so; each channel's stand apart. */
export function checkpointName({ name }: Channel, of: string): string {
  return `${name}/${of}`;
}

/** The old source is in the way of the new one: the same port with other TLS. */
const taken: ReadonlySet<string> = new Set(["NET-101", "NET-104", "NET-105"]);

/** The source of a channel at work, and the sources it has replaced whose connections are still open. */
export class ChannelSource {
  readonly #parts: ChannelSourceParts;
  readonly #retired = new Set<Running>();
  #running: Running | undefined;

  constructor(parts: ChannelSourceParts) {
    this.#parts = parts;
  }

  /** Takes messages, whichever way they come. */
  get isOpen(): boolean {
    return this.#running !== undefined;
  }

  get port(): number | undefined {
    return this.#running?.port;
  }

  /** Rejects with what the connector could not do; then nothing runs. */
  async start(channel: Channel): Promise<void> {
    this.#running = await this.#begin(channel);
    this.#running.admit();
  }

  /**
   * Goes on with the channel as it is now, and calls `adopt` at the moment from which on its messages come. A source that listens hands its
   * sockets over, and its open connections stay with it until their peers close them; any other ends before the next begins.
   * When the new one cannot start the old one runs on, and the promise rejects.
   */
  async replace(channel: Channel, adopt: () => void): Promise<void> {
    const before = this.#running;
    if (!before || before.key === this.#keyOf(channel)) return adopt();
    const next = before.listens ? await this.#follow(before, channel) : await this.#afterEndOf(before, channel);
    this.#running = next;
    adopt();
    next.admit();
    if (!this.#retired.has(before)) return;
    const stays = before.tenancies.length > 0 && before.tenancies.every(({ succeeded }) => succeeded);
    void (stays ? Promise.all(before.tenancies.map(({ idle }) => idle)) : Promise.resolve()).then(() => this.#end(before));
  }

  async stop(): Promise<void> {
    const all = [...this.#retired, ...(this.#running ? [this.#running] : [])];
    this.#running = undefined;
    await Promise.all(all.map((each) => this.#end(each)));
  }

  async #follow(before: Running, channel: Channel): Promise<Running> {
    try {
      const next = await this.#begin(channel);
      this.#retired.add(before);
      return next;
    } catch (error) {
      const inTheWay = error instanceof EngineError && taken.has(error.code) && error.safe.port === before.port;
      if (!inTheWay) throw error;
      return this.#afterEndOf(before, channel);
    }
  }

  async #afterEndOf(before: Running, channel: Channel): Promise<Running> {
    await this.#end(before);
    try {
      return await this.#begin(channel);
    } catch (error) {
      this.#running = await this.#begin(before.channel);
      this.#running.admit();
      throw error;
    }
  }

  async #end(running: Running): Promise<void> {
    running.abort.abort();
    await running.source.stop();
    running.hangUp();
    this.#retired.delete(running);
  }

  async #begin(channel: Channel): Promise<Running> {
    const { registry, ports, inbound, outbound, files, feeds, handOffs, events } = this.#parts;
    const { connector } = channel.source;
    const definition = registry.definition(connector)?.source;
    if (!definition) throw new EngineError("RUN-105", { channel: channel.name, connector });
    const source = definition.create(this.#withEndpoint(channel, definition) as never);
    const abort = new AbortController();
    const way = definition.asks ? outbound.forDestination() : undefined;
    const tenancies: Tenancy[] = [];
    const streams = new Set<OpenedStream["stream"]>();
    const hangUp = () => {
      for (const stream of streams) stream.destroy();
      way?.close();
    };
    let admit = () => {};
    let closed: Promise<void> | undefined = new Promise((resolve) => {
      admit = () => {
        closed = undefined;
        resolve();
      };
    });
    let port: number | undefined;
    const context = sourceContext({
      channel,
      limit: this.#limitOf(channel),
      clock: ports.clock,
      signal: abort.signal,
      inbound,
      files,
      handOffs,
      events,
      checkpoint: (of) => ports.store.checkpoint(checkpointName(channel, of)),
      moveCheckpoint: (checkpoint) => ports.store.moveCheckpoint({ ...checkpoint, of: checkpointName(channel, checkpoint.of) }),
      stream: async (endpoint) => {
        const opened = await outbound.streamTo(channel.source.partner, endpoint, abort.signal);
        streams.add(opened.stream);
        opened.stream.once("close", () => streams.delete(opened.stream));
        return opened;
      },
      sqlite: (endpoint) => files.database(channel.source.partner, endpoint),
      opaque: (text) => ports.store.keyedId("source", text),
      ask: this.#ask(channel, way, abort.signal),
      memory: feeds.memoryOf(channel.name),
      receive: async (raw, given) => {
        if (closed) await closed;
        return this.#parts.receive(raw, given);
      },
      onListening: (listening) => {
        port = listening.port;
        if ("idle" in listening) tenancies.push(listening);
      },
    });
    try {
      await source.start(context);
    } catch (error) {
      hangUp();
      throw error;
    }
    return { channel, key: this.#keyOf(channel), source, abort, tenancies, listens: port !== undefined, port, admit, hangUp };
  }

  /** What it asks leaves under the channel and the partner as they are then, within the outbound link's limit. */
  #ask(channel: Channel, way: DestinationWay | undefined, signal: AbortSignal): SourceContext["ask"] {
    const { ports } = this.#parts;
    const limit = this.#parts.project.partners.get(channel.source.partner)?.links.outbound?.limit;
    const rate = limit && new RateLimit(limit, ports.clock);
    return async (envelope, options) => {
      if (!way) throw new EngineError("RUN-123", { channel: channel.name, connector: channel.source.connector });
      const turn = async () => {
        if (rate && !rate.tryTake()) await rate.take(signal);
        if (signal.aborted) throw new EngineError("NET-210", { sent: false });
      };
      return asked(envelope, channel, { turn, exchange: (released) => way.request(released, signal, options) }, ports);
    };
  }

  /** The options as the connector gets them: where a partner has one endpoint to ask, it need not be named. */
  #withEndpoint({ source }: Channel, definition: SourceDefinition): Readonly<Record<string, unknown>> {
    const partner = this.#parts.project.partners.get(source.partner);
    return partner && definition.asks ? withEndpoint(source.options, partner, definition) : source.options;
  }

  #keyOf(channel: Channel): string {
    const { connector, options, split, csv, charset, partner, purpose, ack, respond } = channel.source;
    const definition = this.#parts.registry.definition(connector)?.source;
    const endpoints = this.#parts.project.partners.get(partner)?.endpoints;
    const asking = definition?.asks && { partner, endpoints, purpose, options: this.#withEndpoint(channel, definition), classification: channel.classification, outbound: this.#parts.project.partners.get(partner)?.links.outbound?.limit };
    return JSON.stringify({ connector, options, asking, ack: respond ? "delivered" : ack, split, ...(split === undefined ? {} : { csv, charset }), limit: this.#limitOf(channel) }, asWritten);
  }

  #limitOf({ source }: Channel): Link["limit"] | undefined {
    return source.limit ?? this.#parts.project.partners.get(source.partner)?.links.inbound?.limit;
  }
}
