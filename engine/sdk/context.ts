import type { InboundAuth } from "./auth.ts";
import type { Content, Format } from "./content.ts";
import type { Envelope, Released } from "./envelope.ts";
import type { Code } from "./error.ts";
import type { DestinationFiles, SourceFiles } from "./files.ts";
import type { SourceMemory } from "./feeds.ts";
import type { FhirReader } from "./fhir.ts";
import type { HandOff } from "./hand-off.ts";
import type { IcalReader } from "./ical.ts";
import type { Outcome } from "./outcome.ts";
import type { Clock } from "./ports.ts";
import type { Principal } from "./principal.ts";
import type { Schedule, SchedulePlan } from "./schedule.ts";
import type { SplitOptions, Splitter } from "./splitter.ts";
import type { OpenedDatabase, OpenedStream, SendDatabase, SendStream } from "./streams.ts";

/** TLS of a listener; paths are relative to the project. With `ca`, the peer must present a certificate (mTLS). */
export interface ServerTls {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
}

/** An accepted connection. The engine opened it; it pauses reading by itself when the byte budget is used up. */
export interface InboundWire {
  /** Opaque number for events; no address, which could be personal. */
  readonly id: number;
  /** Bytes as they arrive. At most one handler, set in the connection callback. */
  onData(handler: (chunk: Uint8Array) => void): void;
  /** Called at most once, when the other side has said that it sends no more; replies can still go. Without a handler the wire closes. */
  onEnd(handler: () => void): void;
  /** Called once, when the other side has gone or the wire was closed. */
  onClose(handler: () => void): void;
  /** Sends an acknowledgement. Resolves when handed to the kernel; a peer that left is no error. */
  reply(bytes: Uint8Array): void;
  /** Tells the engine how many bytes of unfinished frames the connector keeps for this wire. */
  hold(bytes: number): void;
  pause(): void;
  resume(): void;
  close(): void;
}

export interface ListenOptions {
  readonly port: number;
  /** Default `127.0.0.1`. */
  readonly host?: string;
  readonly tls?: ServerTls;
  /** Connections beyond this are closed at once. */
  readonly maxConnections?: number;
  /** The same for one peer address. */
  readonly maxConnectionsPerPeer?: number;
}

/** One HTTP request, read whole within the body limit. Header names are lower-case. */
export interface InboundRequest {
  readonly method: string;
  /** The route's path, as it was asked for: with `/*` at its end. */
  readonly path: string;
  /** What the request's path has in place of the route's `*`, percent-decoded, without a slash at its ends; no segment of it is empty or climbs. */
  readonly rest?: string;
  /** Parameters of the request's query, decoded. A name that comes twice is left out, since nobody could say which is meant. */
  readonly query?: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Who sent it, where the route asks for a token; a source gives it on with the message (`ReceiveOptions.principal`). */
  readonly principal?: Principal;
  /** Of a signed webhook: the same for the same signed bytes, so that what is replayed is not taken twice (`ReceiveOptions.identity`). */
  readonly signed?: string;
}

export interface InboundReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** A route on a port that many channels may share; the same method, host, port and path twice is refused by lint. */
export interface RouteOptions {
  readonly port: number;
  readonly host?: string;
  /** GET, HEAD, POST, PUT, PATCH or DELETE. */
  readonly method: string;
  /** With `/*` at its end: whatever goes on below it (`InboundRequest.rest`). The longest route that fits answers. */
  readonly path: string;
  readonly tls?: ServerTls;
  /** Bytes; larger bodies get 413. */
  readonly maxBody: number;
  /** Requests per second and burst; beyond them 429. */
  readonly rate?: { readonly perSecond: number; readonly burst: number };
  /** Checked before any byte of the body is read; a signature after it. */
  readonly auth?: InboundAuth;
}

export interface Listening {
  readonly port: number;
  /** Stops accepting; open wires stay until closed. */
  close(): Promise<void>;
}

/**
 * What became of a received message. `accepted` and `duplicate` mean: committed and fsynced, and what the channel's ack mode waits for has
 * happened. `refused`: the message is not acceptable (bad format, type not allowed), or what the ack mode waits for went wrong.
 * `unavailable`: the engine cannot keep its promise now. `unanswered`: it may have arrived further on when the time ran out; the source must
 * give no answer, and a resend joins the message.
 * `ack` holds the acknowledgement in the source's format where the format has one (HL7 v2: MSH/MSA/ERR; SCRIPT: Status or Error).
 */
export interface Receipt {
  readonly kind: "accepted" | "duplicate" | "refused" | "unavailable" | "unanswered";
  readonly id?: string;
  readonly code?: Code;
  readonly ack?: Uint8Array;
  /** The format of `ack` where it is an answer that protocols with a body answer with; absent for HL7 v2, whose senders over HTTP get a status and an id. */
  readonly ackFormat?: Format;
  /** Why a message that is not as its standard or profile says was refused: codes, places and the standard's own codes, never content. */
  readonly problems?: readonly { readonly code: Code; readonly path: string; readonly line: number; readonly standard?: string }[];
  /** There is no `ack` because the sender asked for none in this case (enhanced mode, MSH-15 and MSH-16). */
  readonly unasked?: boolean;
  /**
   * A second acknowledgement of enhanced mode (HL7 v2 2.9.3), the application's: to be sent on the same connection when it comes, after `ack`.
   * Never rejects; `undefined`: none is due, or none can be given.
   */
  readonly applicationAck?: Promise<Uint8Array | undefined>;
  /** What the channel's `respond.from` destination answered, for protocols that answer with a body. */
  readonly response?: Content;
}

export interface ReceiveOptions {
  /**
   * The protocol's own id of the message, by which a resend is recognised: the same id with the same bytes gets the first one's receipt. It
   * takes the place of an id inside the message (MSH-10). Kept as a keyed hash alone.
   */
  readonly identity?: string;
  /**
   * The bytes are all that the sender sent at once: where the channel says `split`, they are cut into messages, and the receipt is for all of
   * them. A source that cuts its stream by itself (`SourceContext.split`) leaves it out.
   */
  readonly whole?: boolean;
  /**
   * Where the source stands once this message is accepted (a file's offset, a sequence number): kept in the same commit as the message, and
   * given back after a restart. No content and no name of a file that could be personal; at most 1,000 characters.
   */
  readonly checkpoint?: Checkpoint;
  /** `InboundRequest.principal`, as it came: kept with the message. One that the engine did not make is refused. */
  readonly principal?: Principal;
  /** What the sender's application states of how a prescription was signed: a compact JWS over the very bytes (21 CFR 1311; `signing` of its partner). */
  readonly evidence?: string;
  /** What another channel handed over (`SourceContext.handOffs`): the message is kept as its child. */
  readonly handOff?: HandOff;
}

/**
 * `of` is the source's own name for a place; the engine keeps it apart from other channels'. `after` is where the source must stand for the
 * message to be accepted (`""`: nowhere yet): of messages that are in flight together none lands without the one before it, which is
 * then `unavailable`.
 */
export interface Checkpoint {
  readonly of: string;
  readonly value: string;
  readonly after?: string;
}

export interface SourceContext {
  readonly channel: string;
  readonly clock: Clock;
  /** Aborts when the engine stops. */
  readonly signal: AbortSignal;
  /** What a positive receipt stands for in this channel, for protocols that say so: stored on disk, processed, or delivered to every destination. */
  readonly ack: "stored" | "processed" | "delivered";
  readonly fhir: FhirReader;
  readonly ical: IcalReader;
  readonly memory: SourceMemory;
  listen(options: ListenOptions, onWire: (wire: InboundWire) => void): Promise<Listening>;
  serve(options: RouteOptions, handler: (request: InboundRequest) => Promise<InboundReply>): Promise<Listening>;
  /**
   * One exchange with a pinned endpoint of the channel's source partner: a poll, a next page, an acknowledgement to fetch. The guard reads the
   * envelope like any other before it leaves (phi.md 1.6), and the ledger holds it; it may carry patient data only where the partner's agreements
   * and its `links.outbound` say so. The connector says `asks` in its declaration. Rejects with EngineError `NET-*` or `PHI-*`.
   */
  ask(envelope: Envelope, options?: RequestOptions): Promise<OutboundResponse>;
  /** Hands a whole message to the engine. Never rejects; resolves after the commit, or with why not. */
  receive(raw: Uint8Array, options?: ReceiveOptions): Promise<Receipt>;
  /** Where the source stood with the last accepted message that had a checkpoint of this name. */
  checkpoint(of: string): string | undefined;
  /** Says where the source stands without a message; resolves after the commit. Rejects with EngineError `STO-*`. */
  moveCheckpoint(checkpoint: Checkpoint): Promise<void>;
  readonly files: SourceFiles;
  /**
   * What an id token (OpenID Connect Core 2) of an issuer in `sluice.yaml` says, once signature, issuer, audience and times hold; else why it is not taken. Whoever asked for it compares the nonce.
   * Never rejects.
   */
  idToken(issuer: string, token: string): Promise<{ readonly principal: Principal; readonly claims: Readonly<Record<string, unknown>> } | { readonly code: Code }>;
  /** A secret that nobody can guess (256 bits, base64url), and what may be shown of it beforehand: its SHA-256, as PKCE wants it (RFC 7636, S256). */
  proofKey(): { readonly verifier: string; readonly challenge: string };
  /** Throws EngineError `SCH-*` for a plan that cannot be. */
  schedule(plan: SchedulePlan): Schedule;
  /** Takes what other channels of this engine hand over to this one, one at a time for each of their lanes. */
  handOffs(handler: (handOff: HandOff) => Promise<Receipt>): Promise<{ close(): Promise<void> }>;
  /** A splitter as the channel's `split` says, for a stream from its beginning; absent: what arrives is one message. */
  readonly split?: (options: SplitOptions) => Splitter;
  /**
   * Opens a connection to a pinned endpoint of the source's partner, for a library. Whoever opened it destroys it; the engine does when the
   * source ends. Rejects with EngineError `NET-*`.
   */
  stream(endpoint: string): Promise<OpenedStream>;
  /** Opens the database file of a pinned `sqlite:` endpoint of the source's partner. Rejects with EngineError `DIR-*`, `NET-202`. */
  sqlite(endpoint: string): Promise<OpenedDatabase>;
  /** A keyed hash that only this installation can make: stands for a name that may be personal in a checkpoint or an identity. */
  opaque(text: string): string;
  /** Reports a problem of the transport (a limit hit, garbage skipped). Codes and counts only. */
  problem(code: Code, counts?: Readonly<Record<string, number>>): void;
}

/** A connection to a pinned endpoint of the partner, kept between messages of one destination. */
export interface OutboundWire {
  readonly closed: boolean;
  /**
   * Writes the released body between two framing strings of at most 16 control characters (below 0x20) each; nothing else can be
   * written. One release is sent once, by `send` or `request`: what goes again is a new attempt.
   */
  send(before: Uint8Array, released: Released, after: Uint8Array): void;
  onData(handler: (chunk: Uint8Array) => void): void;
  onClose(handler: () => void): void;
  close(): void;
}

export interface OutboundResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty when `truncated`. */
  readonly body: Uint8Array;
  /** The body was beyond the engine's limit and was not kept; the status stands. */
  readonly truncated?: boolean;
}

export interface RequestOptions {
  /** The exchange is given up after this time; then `safe.sent` of the error says whether bytes may have left. With `onBody`: when so long nothing has come. */
  readonly timeoutMs?: number;
  /**
   * Takes the body of a 2xx answer in pieces as they come, however long it is, at the pace of what it gives back; the response's own body is
   * empty then. When it rejects the exchange ends with NET-216.
   */
  readonly onBody?: (piece: Uint8Array) => Promise<void>;
}

/**
 * An acknowledgement as the codec reads it. `code` is that of MSA-1: AA, AE, AR, CA, CE, CR; of SCRIPT, Status and Verify are AA, Error 600 and 602
 * AE with condition 207, other errors AR.
 */
export interface Ack {
  readonly code: string;
  /** MSA-2 or RelatesToMessageID, the control id of the message acknowledged. */
  readonly controlId: string;
  /** The reason by HL7 table 0357 (`207`), where ERR or MSA-6 states one. */
  readonly condition?: string;
  readonly content: Content;
}

export interface SendContext {
  readonly clock: Clock;
  /** 1 for the first attempt. Beyond 1 the partner may have the message already. */
  readonly attempt: number;
  /** Aborts at the deadline of the attempt and when the engine stops. */
  readonly signal: AbortSignal;
  /** Opens, or gives back, the connection to the envelope's endpoint. Rejects with EngineError `NET-*`. */
  wire(released: Released): Promise<OutboundWire>;
  /**
   * One HTTP exchange with the envelope's endpoint; redirects are not followed. Rejects with EngineError `NET-*`, whose
   * `safe.sent` is `true` when bytes may have reached the partner.
   */
  request(released: Released, options?: RequestOptions): Promise<OutboundResponse>;
  /**
   * A connection to the envelope's endpoint, for a library. Spends the release: `body()` is all that may be written of the message. `kept`: what an
   * earlier message of this destination was given; while that is open, and the endpoint as it was, it comes back with the new body.
   * Rejects with EngineError `NET-*`; nothing has left then.
   */
  stream(released: Released, kept?: OpenedStream): Promise<SendStream>;
  /** Opens the database file of the envelope's `sqlite:` endpoint, and spends the release. Rejects with EngineError `DIR-*`, `NET-*`. */
  sqlite(released: Released): Promise<SendDatabase>;
  readonly files: DestinationFiles;
  /**
   * Puts the released body, JSON `{"key":…,"value":…}`, as a row into the lookup table of the envelope's `lookup:` endpoint; without `value` the row goes. Resolves when
   * it is on disk; channels read the table anew soon after. Rejects with EngineError `IDN-12x`, `NET-*`.
   */
  putRow(released: Released): Promise<void>;
  /**
   * Hands the released body to the channel that the destination's partner stands for; nothing leaves the engine. Resolves when that
   * channel has committed it, or with why not. Rejects with EngineError `NET-*` for what was not released.
   */
  handOff(released: Released): Promise<Receipt>;
  /**
   * Puts the released body into a feed that the engine serves (`DestinationDefinition.serves`): JSON with `feed`, `item` (which time), `start` (minutes since 1970),
   * `minutes` and `busy`. The newest of an item counts, by the number of its message. On disk when it resolves. Rejects with EngineError `ICL-12n`, `NET-*`.
   */
  publish(released: Released): Promise<void>;
  /** Reads an acknowledgement; `undefined` when the bytes are none. */
  readAck(bytes: Uint8Array): Ack | undefined;
  /**
   * What an acknowledgement comes to by the destination's `accept` and `answers`: connectors frame and correlate, the flow decides. `undefined`:
   * it settles nothing (a commit acknowledgement where the application's counts), and another is to come.
   */
  judge(ack: Ack): Outcome | undefined;
  /** Control id of a released HL7 v2 body (MSH-10) or SCRIPT body (MessageID), to correlate with `Ack.controlId`. */
  controlId(released: Released): string | undefined;
}
