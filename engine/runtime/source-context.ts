import type { Channel } from "../config/project.ts";
import { splitter } from "../codec/split/index.ts";
import { RateLimit } from "../flow/rate-limit.ts";
import type { Clock, Code, Listening, Receipt, ReceiveOptions, SourceContext, SourceFiles } from "../sdk/index.ts";
import type { Events } from "./events.ts";
import { fhirReader } from "./fhir-reader.ts";
import type { HandOffs } from "./hand-offs.ts";
import { icalReader } from "./ical-reader.ts";
import { InTurn } from "./in-turn.ts";
import type { Inbound } from "./net/inbound.ts";
import type { Tenancy } from "./net/listener.ts";
import { scheduleOf } from "./schedule/schedule.ts";
import { proofKey } from "./proof-key.ts";
import { named } from "./safe-field.ts";

interface Parts {
  readonly channel: Channel;
  readonly limit: { readonly perSecond: number; readonly burst: number } | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly inbound: Inbound;
  readonly files: SourceFiles;
  readonly handOffs: HandOffs;
  readonly events: Events;
  /** Where the channel's source stood, as the record has it. */
  checkpoint(of: string): string | undefined;
  moveCheckpoint: SourceContext["moveCheckpoint"];
  stream: SourceContext["stream"];
  sqlite: SourceContext["sqlite"];
  opaque: SourceContext["opaque"];
  ask: SourceContext["ask"];
  readonly memory: SourceContext["memory"];
  receive(raw: Uint8Array, options?: ReceiveOptions): Promise<Receipt>;
  onListening(listening: Listening | Tenancy): void;
}

/** The source's door: sockets of the engine, the flow's `receive`, and the rate limit of the partner's inbound link. */
export function sourceContext(parts: Parts): SourceContext {
  const { channel, clock, signal, inbound, events, limit } = parts;
  const wireRate = limit && new RateLimit(limit, clock);
  const { split, csv, charset } = channel.source;
  const turns = new InTurn();
  let isPaced = false;
  const opened = (listening: Listening): Listening => {
    parts.onListening(listening);
    return listening;
  };
  const scope = { owner: channel.name, onProblem: (code: Code, counts?: Readonly<Record<string, number>>) => problem(code, counts) };
  const problem: SourceContext["problem"] = (code, counts) => events.log("source-problem", { channel: named(channel.name), code, ...(counts && { counts }) });
  return {
    channel: channel.name,
    clock,
    signal,
    ack: channel.source.respond ? "delivered" : channel.source.ack,
    fhir: fhirReader,
    ical: icalReader,
    memory: parts.memory,
    listen: async (options, onWire) => {
      isPaced = true;
      return opened(await inbound.listen(options, onWire, scope));
    },
    // Over HTTP the limit answers 429; a wire or a file has no such answer, so there the next message is taken later.
    serve: async (options, handler) => opened(await inbound.serve(limit ? { ...options, rate: limit } : options, handler, scope)),
    ask: (envelope, options) => parts.ask(envelope, options),
    receive: async (raw, options) => {
      if (isPaced && wireRate) await turns.pass(() => (wireRate.tryTake() ? undefined : wireRate.take(signal)));
      return parts.receive(raw, options);
    },
    checkpoint: (of) => parts.checkpoint(of),
    moveCheckpoint: (checkpoint) => parts.moveCheckpoint(checkpoint),
    files: {
      inbox: (options) => {
        isPaced = true;
        return parts.files.inbox(options);
      },
    },
    // What a source fetches waits for the limit, as what comes by a wire does.
    stream: (endpoint) => {
      isPaced = true;
      return parts.stream(endpoint);
    },
    sqlite: (endpoint) => {
      isPaced = true;
      return parts.sqlite(endpoint);
    },
    opaque: (text) => parts.opaque(text),
    proofKey,
    idToken: (issuer, token) => inbound.idToken(issuer, token),
    schedule: scheduleOf,
    handOffs: async (handler) => parts.handOffs.take(channel.name, handler),
    ...(split === undefined ? {} : { split: (options) => splitter(split, csv, options, charset) }),
    problem,
  };
}
