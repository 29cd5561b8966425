import type { Channel, Classification, DestinationSpec } from "../config/project.ts";
import { join } from "../phi/lattice.ts";
import type { Attempted, Inquired, LaneWork, Prepared } from "../queue/lane.ts";
import { type Code, codeOf, type Receipt, type ReceiveOptions } from "../sdk/index.ts";
import { personCode } from "../queue/unknown.ts";
import type { Accepted, Claimed, End, Flight } from "../store/store.ts";
import { notEnded } from "./alerted.ts";
import { inquired } from "./inquired.ts";
import { Answering } from "./answering.ts";
import { delivered, deliveredTogether } from "./delivered.ts";
import { readText, xmlWriter } from "./encoding.ts";
import { type ChannelRevision, type Exit, type FlowPorts, type LaneDoor, programName } from "./ports.ts";
import { queued } from "./queued.ts";
import { AckIds, Receipts } from "./receipts.ts";
import type { Received } from "./received.ts";
import { type Part, partsOf } from "./parts.ts";
import { changedWay } from "./same-way.ts";
import { Sequence, type Sequenced } from "./sequence.ts";
import { type Origin, stored } from "./stored.ts";
import { nonconforming as reported, Strict } from "./validated.ts";
import { acceptedPart } from "./x12-accepted.ts";
import { tightened, type Tightened } from "./tightened.ts";
import { isEngineFault } from "./transformed.ts";
import { verdictOfAll } from "./verdict.ts";
import { type Wait, waitOf } from "./wait.ts";
import { Work } from "./work.ts";
import { Works } from "./works.ts";

/**
 * The path of a message through one channel (DESIGN 3):
 *
 *     received → stored → filtered | transformed → guarded → queued → delivered → responded
 *
 * `receive` walks the first two stages and the answer to the source; a lane calls `prepare` (filtered, transformed, guarded, queued) ahead
 * of its head and `attempt` (delivered) for the head alone.
 */
export class ChannelFlow {
  #channel: Channel;
  readonly #ports: FlowPorts;
  readonly #exits: ReadonlyMap<string, Exit>;
  readonly #lanes: ReadonlyMap<string, LaneDoor>;
  readonly #works = new Works();
  /** What was put back, by the revision it was first prepared under: a reload in between must not part them. */
  readonly #chosen = new WeakMap<Claimed, string>();
  readonly #ackIds: AckIds;
  readonly #answering: Answering;
  readonly #strict = new Strict();
  readonly #sequence: Sequence;
  #wait: Wait | undefined;
  #stopping = false;

  constructor(channel: Channel, exits: ReadonlyMap<string, Exit>, lanes: ReadonlyMap<string, LaneDoor>, ports: FlowPorts) {
    this.#channel = channel;
    this.#exits = exits;
    this.#lanes = lanes;
    this.#ports = ports;
    this.#wait = waitOf(channel);
    this.#sequence = new Sequence(ports.store);
    this.#ackIds = new AckIds(ports);
    this.#answering = new Answering(ports, lanes, () => this.#wait);
  }

  get channel(): Channel {
    return this.#channel;
  }

  /** Messages taken from now on run under this revision; those taken before keep theirs. */
  adopt(channel: Channel): void {
    this.#channel = channel;
    this.#wait = waitOf(channel);
  }

  /** From now on new messages are answered "not now"; those being stored are answered as they end. */
  stop(): void {
    this.#stopping = true;
  }

  /** The lanes have stopped: sources that still wait get no answer, and a resend after the next start joins their messages. */
  release(): void {
    this.#answering.release();
  }

  /** Never rejects. A positive answer means committed and fsynced, and that what the channel's ack mode waits for has happened. */
  async receive(raw: Uint8Array, options: ReceiveOptions = {}, origin: Origin = {}): Promise<Receipt> {
    if (!this.channel.source.sequence || origin.checkpoint) return this.#receive(raw, options, origin);
    const sequenced = this.#sequence.of(this.channel, raw);
    if (sequenced?.kind !== "next") return this.#receive(raw, options, origin, sequenced);
    const receipt = await this.#receive(raw, options, { ...origin, checkpoint: sequenced.checkpoint }, sequenced);
    this.#sequence.settled(sequenced, receipt.id !== undefined);
    return receipt;
  }

  async #receive(raw: Uint8Array, options: ReceiveOptions, origin: Origin, sequenced?: Sequenced): Promise<Receipt> {
    const { events } = this.#ports;
    const { channel } = this;
    const xml = channel.source.encoding === "xml" ? await xmlWriter() : undefined;
    const receipts = new Receipts(channel, this.#ports, this.#ackIds, xml);
    const expected = sequenced === undefined ? {} : { expected: sequenced.expected };
    if (sequenced && sequenced.kind !== "next" && !this.#stopping) {
      const asked = { code: "FLW-111", text: readText(raw, channel.source).text, ...expected } as const;
      const failed = sequenced.kind === "reset" && (await this.#ports.store.moveCheckpoint(sequenced.checkpoint).then(() => undefined, (error: unknown) => codeOf(error, "FLW-105")));
      if (failed) return receipts.refused("unavailable", failed, asked);
      if (sequenced.kind !== "unexpected") return receipts.known(asked);
      events.notAccepted(channel.name, "FLW-111");
      return receipts.refused("refused", "FLW-111", asked);
    }
    const validator = channel.source.validate === undefined ? undefined : await this.#strict.of(channel).catch(() => "none" as const);
    if (validator === "none") return receipts.refused("unavailable", "FLW-105", { code: "FLW-105" });
    const accepted = acceptedPart(raw, channel);
    const parts = partsOf(accepted?.raw ?? raw, channel, this.#ports.partner(channel.source.partner), options, this.#ports, validator);
    if ("code" in parts) {
      events.notAccepted(channel.name, parts.code);
      reported(channel, parts, events);
      return receipts.refused("refused", parts.code, parts);
    }
    // The answer names the first message of a body, and speaks for all of them; of an interchange, of what was left out of it too.
    const message = { ...(parts[0] as Part).message, ...(accepted && { text: accepted.text }), ...expected };
    if (accepted) {
      events.notAccepted(channel.name, "FLW-110");
      reported(channel, { code: "FLW-110", problems: accepted.problems }, events);
    }
    if (this.#stopping) return receipts.refused("unavailable", "FLW-104", message);
    const wait = this.#wait;
    const stored = await Promise.allSettled(parts.map((part, index) => this.#take(part, channel, lastOnly(origin, index === parts.length - 1))));
    const failed = stored.find((each) => each.status === "rejected");
    if (failed) {
      const code = codeOf(failed.reason, "FLW-105");
      events.notAccepted(channel.name, code);
      return receipts.refused("unavailable", code, message);
    }
    const taken = stored.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    const { id } = taken[0] as Accepted;
    const kind = taken.some((each) => each.kind === "accepted") ? "accepted" : "duplicate";
    if (!wait) return receipts.stored(kind, id, message);
    const verdict = async () => verdictOfAll(await Promise.all(taken.map((each) => this.#answering.verdict(each.id, wait))));
    return receipts.waited(kind, id, message, verdict);
  }

  async #take({ raw, message }: Part, channel: Channel, origin: Origin): Promise<Accepted> {
    const accepted = await this.#store(raw, message, channel, origin);
    // Who wants no application's answer waits for none (MSH-16).
    if (accepted.kind === "accepted") reported(channel, message, this.#ports.events);
    if (accepted.kind === "accepted") this.#enter(accepted, message.due?.application !== "NE");
    else this.#ports.events.duplicate(this.channel.name);
    return accepted;
  }

  /**
   * What was cancelled at its deadline and is not kept (`keep: { storage }`) comes into the record once more with its resend, under a name that
   * the next resend finds as well.
   */
  async #store(raw: Uint8Array, message: Received, channel: Channel, origin: Origin): Promise<Accepted> {
    const accepted = await stored(channel, raw, message, origin, this.#ports);
    if (accepted.kind === "accepted" || !this.#wait || (await this.#answering.again(accepted.id)) === "known") return accepted;
    return this.#store(raw, { ...message, identity: `${message.identity}\nafter ${accepted.id}` }, channel, origin);
  }

  /** A lane has changed the state of an entry, in the record. */
  settled(entry: Claimed, state: Flight | End, code: Code | undefined): void {
    this.#answering.settled(entry.lane, entry, state, code);
  }

  /** The flow's side of the lane of one destination. With `exit`, the lane keeps to it although the destination gets another. */
  lane(destination: string, exit?: Exit): LaneWork {
    const own = () => exit ?? this.#exits.get(destination);
    return {
      prepare: async (entry) => {
        const prepared = await this.#prepare(entry, destination, own());
        this.#answering.prepared(entry, prepared);
        return prepared;
      },
      attempt: (entry, attempt, signal) => this.#answering.attempting(entry, () => this.#attempt(entry, attempt, signal, destination, own())),
      attemptBatch: (entries, attempt, signal) => {
        const all = () => this.#attemptBatch(entries, attempt, signal, destination, own());
        return entries.reduce((next, entry) => () => this.#answering.attempting(entry, next), all)();
      },
      inquire: async (entry, inquiry, signal) => {
        const found = await this.#inquire(entry, inquiry, signal, destination, own());
        this.#answering.inquired(entry, found);
        return found;
      },
      undecided: async (entry) => {
        const { list, owner } = own()?.spec.unknown ?? {};
        if (list !== undefined && owner !== undefined) await this.#ports.cases?.raise({ list, owner, code: personCode, channel: entry.channel, message: entry.id, at: this.#ports.clock.now() });
      },
      forget: (entry) => this.#forget(entry),
    };
  }

  #enter(accepted: Extract<Accepted, { kind: "accepted" }>, isAwaited: boolean): void {
    this.#ports.events.accepted(this.channel.name, accepted.id);
    if (accepted.sameIdOtherBytes) this.#ports.events.sameIdOtherBytes(this.channel.name);
    const entries = accepted.entries ?? [];
    if (this.#wait && isAwaited && accepted.entries) this.#answering.accepted(accepted.id, entries);
    for (const entry of entries) this.#lanes.get(entry.lane)?.push(entry);
  }

  async #prepare(entry: Claimed, destination: string, exit: Exit | undefined): Promise<Prepared> {
    try {
      const revision = await this.#revisionOf(entry);
      if (!exit || !revision) return { kind: "held", code: "FLW-202", reason: "revision" };
      const spec = revision.channel.destinations.find((d) => d.name === destination);
      if (!spec) return { kind: "held", code: "FLW-202", reason: "destination" };
      const changed = spec === exit.spec ? undefined : changedWay(spec, exit.spec, exit.way);
      if (changed) return { kind: "held", code: "FLW-206", reason: changed };
      const tighter = this.#tightened(revision.channel, spec, exit);
      if (tighter) return { kind: "held", code: "FLW-206", reason: tighter };
      const work = this.#workOf(entry, revision.channel);
      if (revision.channel.source.validate === "hold") work.flaw ??= await this.#strict.flawOf(work.tree(), revision.channel);
      const prepared = await queued(entry, work, revision, this.#exitNow(revision.channel, spec, exit), this.#ports);
      return spec.alert ? notEnded(prepared) : prepared;
    } catch (error) {
      return this.#unprepared(error);
    }
  }

  async #attempt(entry: Claimed, attempt: number, signal: AbortSignal, destination: string, exit: Exit | undefined): Promise<Attempted> {
    const work = this.#workIn(entry);
    const revision = await this.#revisionOf(entry);
    const spec = revision?.channel.destinations.find((d) => d.name === destination);
    if (!exit || !work || !revision || !spec) return { kind: "retry", code: "FLW-202" };
    // What comes from the disk filled may have left before a crash: the connector is told as of a repeat (DESIGN 2, promise 3).
    const told = entry.filled && entry.requeuedAt === undefined ? attempt + 1 : attempt;
    return delivered(entry, told, signal, work, revision, this.#exitNow(revision.channel, spec, exit), this.#ports);
  }

  async #inquire(entry: Claimed, inquiry: number, signal: AbortSignal, destination: string, exit: Exit | undefined): Promise<Inquired> {
    const work = this.#workIn(entry);
    const revision = await this.#revisionOf(entry);
    const spec = revision?.channel.destinations.find((d) => d.name === destination);
    if (!exit || !work || !revision || !spec) return { kind: "silent", code: "FLW-202" };
    // How to ask is as the channel says now; what is asked about is of its own revision.
    const now = this.#exitNow(revision.channel, { ...spec, ...(exit.spec.unknown && { unknown: exit.spec.unknown }) }, exit);
    const found = await inquired(entry, inquiry, signal, work, revision, now, this.#ports);
    if (found.kind !== "silent" && found.kind !== "unaskable" && found.kind !== "suspended") this.#ports.cases?.settle(entry.id, personCode, this.#ports.clock.now());
    return found;
  }

  /** The lane gives messages of one revision together. */
  async #attemptBatch(entries: readonly Claimed[], attempt: number, signal: AbortSignal, destination: string, exit: Exit | undefined): Promise<Attempted> {
    const [first, ...others] = entries;
    const revision = first && (await this.#revisionOf(first));
    const spec = revision?.channel.destinations.find((d) => d.name === destination);
    const [work, ...more] = entries.flatMap((entry) => this.#workIn(entry) ?? []);
    if (!exit || !first || !work || more.length < others.length || !revision || !spec) return { kind: "retry", code: "FLW-202" };
    const told = entries.some((entry) => entry.filled && entry.requeuedAt === undefined) ? attempt + 1 : attempt;
    return deliveredTogether([first, ...others], told, signal, [work, ...more], revision, this.#exitNow(revision.channel, spec, exit), this.#ports);
  }

  #exitNow(channel: Channel, spec: DestinationSpec, exit: Exit): Exit {
    return { ...exit, spec, tightened: () => this.#tightened(channel, spec, exit), isEarlier: channel !== this.channel };
  }

  /** A lane that goes on through a reload keeps its exit, so the destination is asked of the channel. */
  #tightened(channel: Channel, spec: DestinationSpec, exit: Exit): Tightened | undefined {
    const today = this.channel;
    if (channel === today) return undefined;
    return tightened({ channel, spec }, { channel: today, spec: today.destinations.find(({ name }) => name === spec.name) ?? exit.spec });
  }

  /** The revision that accepted the message; what a person has put back runs as the channel is now, or no fix could reach it. */
  async #revisionOf(entry: Claimed): Promise<ChannelRevision | undefined> {
    const revision = this.#revisionName(entry);
    if (revision === this.channel.revision) return { channel: this.channel, program: programName(this.channel) };
    const earlier = await this.#ports.revision(entry.channel, revision);
    return earlier && { ...earlier, channel: asKnownNow(earlier.channel, this.channel) };
  }

  #revisionName(entry: Claimed): string {
    if (entry.requeuedAt === undefined) return entry.revision;
    let chosen = this.#chosen.get(entry);
    if (chosen === undefined) this.#chosen.set(entry, (chosen = this.channel.revision));
    return chosen;
  }

  #workIn(entry: Claimed): Work | undefined {
    return this.#works.find(entry.id, this.#revisionName(entry));
  }

  /** A store or a sandbox that cannot work now stops the lane and is tried again; content that cannot be read any more is held for a person. */
  #unprepared(error: unknown): Prepared {
    const code = codeOf(error, "FLW-202");
    return code.startsWith("STO-") || isEngineFault(code) ? { kind: "retry", code } : { kind: "held", code };
  }

  #workOf(entry: Claimed, channel: Channel): Work {
    let work = this.#workIn(entry);
    if (!work) {
      work = Work.from(entry, channel.source);
      this.#works.add(work, this.#revisionName(entry));
    }
    work.lanes.add(entry.lane);
    return work;
  }

  #forget(entry: Claimed): void {
    this.#answering.forget(entry);
    const work = this.#workIn(entry);
    if (!work) return;
    work.lanes.delete(entry.lane);
    // With its last lane all of it goes.
    if (work.lanes.size === 0) return this.#works.remove(entry.id, this.#revisionName(entry));
    work.envelopes.delete(entry.lane);
    work.contents.delete(entry.lane);
    work.discharged.delete(entry.lane);
    work.disclosing.delete(entry.lane);
    work.intents.delete(entry.lane);
  }
}

/** What an earlier revision carries is at least what its channel carries now: whose it is and what is owed for it stands with partners, which count as they are. */
function asKnownNow(earlier: Channel, { classification }: Channel): Channel {
  // An engine before this one kept neither owners nor obligations.
  const { owners = [], obligations = [], ...kept } = earlier.classification as Partial<Classification> & Pick<Classification, "level" | "compartments">;
  return { ...earlier, classification: join({ ...kept, owners, obligations }, classification) };
}

/** Where the source stands is true only once the last of its messages is in the record. */
function lastOnly({ checkpoint, ...origin }: Origin, isLast: boolean): Origin {
  return checkpoint === undefined || !isLast ? origin : { ...origin, checkpoint };
}
