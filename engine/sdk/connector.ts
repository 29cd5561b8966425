import type { Static, TObject } from "typebox";
import type { Content, Format } from "./content.ts";
import type { SendContext, SourceContext } from "./context.ts";
import type { Envelope, Released } from "./envelope.ts";
import type { ServedFeeds } from "./feeds.ts";
import type { Outcome } from "./outcome.ts";
import type { Schedule, SchedulePlan } from "./schedule.ts";

/** A message as `render` sees it: the final content and names that hold no patient data. */
export interface OutboundMessage {
  /** Engine-minted message id, opaque to the partner: fit for an idempotency key. The same at every repeat; a replay by a person has another. */
  readonly id: string;
  readonly channel: string;
  readonly destination: string;
  readonly content: Content;
  /** The engine's number of the message, or of its replay: counts up in the order of acceptance, the same at every repeat. */
  readonly sequence: number;
  /** When it was accepted, ms since epoch; the same at every repeat. */
  readonly receivedAt: number;
}

/** Receives messages. `start` opens what it needs through `ctx` alone; construction has no effects. */
export interface Source {
  start(ctx: SourceContext): Promise<void>;
  /** Takes no new message, lets those being received finish, closes what `start` opened. */
  stop(): Promise<void>;
}

export interface Destination {
  /** Pure: the same message gives the same envelope, without clock, randomness or I/O. */
  render(message: OutboundMessage): Envelope;
  /** One attempt. Takes only what the guard released; returns an outcome, never throws for what a partner does. */
  send(released: Released, ctx: SendContext): Promise<Outcome>;
  close(): Promise<void>;
}

/** A mistake in options that their schema cannot see: `path` below the connector's key. Quotes configuration alone. */
export interface OptionProblem {
  readonly path: readonly string[];
  readonly message: string;
  readonly help?: string;
}

/** What a check of options may ask. */
export interface VerifyTools {
  /** Throws EngineError `SCH-*` for a plan that cannot be. */
  schedule(plan: SchedulePlan): Schedule;
}

export interface SourceDefinition<S extends TObject = TObject> {
  readonly options: S;
  readonly formats: readonly Format[];
  /** `engine`: its messages come from the engine itself (a clock, another channel), and its partner is `self`. Default: `partner`. */
  readonly origin?: "partner" | "engine";
  /** Whether with these options it asks its partner (`SourceContext.ask`): lint then wants an outbound link, and an endpoint by the option `endpoint`. */
  asks?(options: Static<S>): boolean;
  /** URL schemes of the endpoints that it asks; absent: any. */
  readonly schemes?: readonly string[];
  /** Whether with these options an id that the partner's server has assigned stands in an address (`Envelope.serverIds`). */
  urlIds?(options: Static<S>): boolean;
  /** Run by lint on options that fit the schema. Pure. */
  verify?(options: Static<S>, tools: VerifyTools): readonly OptionProblem[];
  create(options: Static<S>): Source;
}

/** Ways in which a field of a closed list (`only:`) is set. */
export type ClosedFieldKind = "const" | "enum" | "integer" | "number" | "boolean" | "year" | "zip3" | "age-band" | "coded" | "surrogate" | "copy";

export interface DestinationDefinition<S extends TObject = TObject> {
  readonly options: S;
  readonly formats: readonly Format[];
  /** `ordered`: one message at a time keeps the order; `idempotent`: how a repeat is recognised by the partner. */
  readonly ordered: boolean;
  /** URL schemes of the endpoints it can address, for example `mllp` and `mllps`; absent: any. */
  readonly schemes?: readonly string[];
  readonly idempotent: "by-control-id" | "by-idempotency-key" | "no";
  /**
   * A status inquiry of the content's standard (`unknown: { do: inquire }`) can go through it: `render` makes an envelope of it as of any message, and where
   * `ctx.controlId` knows no id the outcome of a partner's answer is `delivered` with that answer.
   */
  readonly inquires?: true;
  /** `channel`: hands to the channel that the option `to` names, and reaches nobody outside. Default: `partner`. */
  readonly reaches?: "partner" | "channel";
  /** Whether with these options an id that the partner's server has assigned stands in an address (`Envelope.serverIds`). */
  urlIds?(options: Static<S>): boolean;
  /** What it sends is kept and served by the engine, at a `feed:` endpoint. Pure. */
  serves?(options: Static<S>): ServedFeeds;
  /**
   * The party behind it gets a closed list of these fields and no others, each set in one of these ways (phi.md 2.10); lint holds the list
   * of every destination against it. Absent: any list, or none. Asked with options that fit the schema. Pure.
   */
  closedTo?(options: Static<S>): Readonly<Record<string, readonly ClosedFieldKind[]>>;
  /** Run by lint on options that fit the schema. Pure. */
  verify?(options: Static<S>, tools: VerifyTools): readonly OptionProblem[];
  create(options: Static<S>): Destination;
}

export interface ConnectorDefinition<S extends TObject = TObject, D extends TObject = TObject> {
  /** The key in channel YAML. */
  readonly name: string;
  readonly summary: string;
  readonly standard: string;
  readonly stability: "stable" | "beta" | "experimental";
  readonly source?: SourceDefinition<S>;
  readonly destination?: DestinationDefinition<D>;
}

/**
 * Declares a connector. One declaration feeds schema, lint, docs and run time.
 * @example
 * export default defineConnector({
 *   name: "mllp", summary: "HL7 v2 over MLLP", standard: "HL7 v2 / MLLP release 1", stability: "beta",
 *   source: { options: object({ port: port("TCP port") }), formats: ["hl7v2"], create: mllpSource },
 * });
 */
export function defineConnector<S extends TObject, D extends TObject>(
  definition: ConnectorDefinition<S, D>,
): ConnectorDefinition<S, D> {
  return definition;
}
