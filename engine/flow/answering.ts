import type { Attempted, Inquired, Prepared } from "../queue/lane.ts";
import { type Code, type Content, codeOf, sleep, type Timer } from "../sdk/index.ts";
import type { Claimed, End, Entry, Flight, MessageId } from "../store/store.ts";
import type { FlowPorts, LaneDoor } from "./ports.ts";
import { fresh, isEnd, recorded, type Standing } from "./standing.ts";
import { lateCode, nowIn, type Verdict, verdictOf } from "./verdict.ts";
import type { Wait } from "./wait.ts";
import { withdrawn } from "./withdrawn.ts";

interface Waiter {
  readonly wait: Wait;
  tell(verdict: Verdict): void;
}

interface Tracked {
  /** A lane that is not here is one that the message never entered, once `known` says so. */
  readonly standings: Map<string, Standing>;
  /** All of its lanes are here: it was accepted just now, or its entries were read. */
  known: boolean;
  /** Its deadline is over, and what has not left is about to be taken back: no attempt is begun meanwhile. */
  isLate: boolean;
  /** Lanes that have it in memory; without any and without a waiter it is let go. */
  readonly lanes: Set<string>;
  readonly waiters: Set<Waiter>;
}

/**
 * Sources that wait for more than the commit. What is kept here of a message only saves reading: everything an answer says follows from the
 * record, so that a resend after a crash joins the message and gets the answer that the first would have got.
 */
export class Answering {
  readonly #ports: Pick<FlowPorts, "clock" | "store">;
  readonly #lanes: ReadonlyMap<string, LaneDoor>;
  /** What the channel's answers wait for now. */
  readonly #wait: () => Wait | undefined;
  readonly #tracked = new Map<MessageId, Tracked>();
  #released = false;

  constructor(ports: Pick<FlowPorts, "clock" | "store">, lanes: ReadonlyMap<string, LaneDoor>, wait: () => Wait | undefined) {
    this.#ports = ports;
    this.#lanes = lanes;
    this.#wait = wait;
  }

  /** Before its entries are pushed to their lanes. */
  accepted(id: MessageId, entries: readonly Claimed[]): void {
    const tracked = this.#track(id);
    tracked.known = true;
    for (const entry of entries) {
      // Behind a head that fails or waits, no first attempt is near.
      tracked.standings.set(entry.lane, { ...fresh(entry.orderKey), tried: this.#lanes.get(entry.lane)?.stuck?.(entry) ?? false });
    }
  }

  /**
   * A resend of what was cancelled at the deadline goes on where nothing of it has arrived (HL7: "not now" may be repeated); for its other lanes
   * and for every other message a resend changes nothing. `gone`: the record no longer holds what to send, and only the resend does.
   */
  async again(id: MessageId): Promise<"known" | "gone"> {
    const { clock, store } = this.#ports;
    const lanes = this.#entries(id).flatMap(({ lane, state, code }) => (state === "cancelled" && code === lateCode ? [lane] : []));
    if (lanes.length === 0) return "known";
    try {
      await store.replay(id, lanes, clock.now(), lateCode);
    } catch (error) {
      if (codeOf(error, lateCode) === "STO-305") return "gone";
      // Of two resends at a time one puts it back and the other is refused, and both wait for the same.
    }
    const standings = this.#tracked.get(id)?.standings;
    for (const lane of lanes) {
      standings?.set(lane, fresh(standings.get(lane)?.orderKey));
      this.#lanes.get(lane)?.ring?.();
    }
    return "known";
  }

  prepared(entry: Claimed, prepared: Prepared): void {
    if (!this.#wait() && !this.#tracked.has(entry.id)) return;
    const { lanes, standings } = this.#track(entry.id);
    lanes.add(entry.lane);
    const standing = standings.get(entry.lane) ?? recorded(entry);
    standings.set(entry.lane, standing);
    if (prepared.kind === "ready") standing.prepared = "ready";
    else if (prepared.kind === "end") standing.prepared = prepared;
    this.#look(entry.id);
  }

  /** Until its outcome is known, an attempt may have arrived. */
  async attempting(entry: Claimed, attempt: () => Promise<Attempted>): Promise<Attempted> {
    const tracked = this.#tracked.get(entry.id);
    const standing = tracked?.standings.get(entry.lane);
    if (!tracked || !standing) return attempt();
    if (tracked.isLate && !standing.left) return { kind: "suspended", code: lateCode };
    standing.sending = true;
    const outcome = await attempt();
    standing.sending = false;
    const made = outcome.kind !== "refused" && outcome.kind !== "suspended" && outcome.kind !== "held";
    if (made) standing.attempts += 1;
    if (made && outcome.kind !== "retry") standing.left = true;
    const response = "response" in outcome ? outcome.response : undefined;
    if (response && this.#wants(entry)) standing.response = response;
    return outcome;
  }

  /** What an inquiry gave: with an answer for the source, or the certainty that nothing has left. */
  inquired(entry: Claimed, found: Inquired): void {
    const standing = this.#tracked.get(entry.id)?.standings.get(entry.lane);
    if (!standing) return;
    if (found.kind === "absent") standing.left = false;
    if ("response" in found && found.response && this.#wants(entry)) standing.response = found.response;
  }

  /** A change of state is in the record. */
  settled(lane: string, entry: Claimed, state: Flight | End, code: Code | undefined): void {
    if (state === "waiting") this.#failing(lane, entry.orderKey);
    const tracked = this.#tracked.get(entry.id);
    const standing = tracked?.standings.get(lane);
    if (!tracked || !standing) return;
    standing.state = state;
    if (code !== undefined) standing.code = code;
    if (state === "waiting") standing.tried = true;
    const next = state === "dead" || state === "rejected" ? this.#wait()?.fallback.get(lane) : undefined;
    if (next !== undefined) tracked.standings.set(next, fresh());
    this.#look(entry.id);
  }

  forget(entry: Claimed): void {
    this.#tracked.get(entry.id)?.lanes.delete(entry.lane);
    this.#letGo(entry.id);
  }

  /** Resolves with what the source is told, at the deadline at the latest. */
  verdict(id: MessageId, wait: Wait): Promise<Verdict> {
    const tracked = this.#track(id);
    this.#read(id, tracked, wait);
    const now = decidedOf(tracked, wait);
    if (now || this.#released) {
      this.#letGo(id);
      return Promise.resolve(now ?? stopped);
    }
    return new Promise((resolve) => {
      let timer: Timer | undefined;
      const waiter: Waiter = {
        wait,
        tell: (verdict) => {
          timer?.cancel();
          if (!tracked.waiters.delete(waiter)) return;
          resolve(verdict);
          this.#letGo(id);
        },
      };
      tracked.waiters.add(waiter);
      timer = this.#ports.clock.after(wait.withinMs, () => void this.#late(id, tracked, waiter));
    });
  }

  /** The channel's lanes have stopped: what is not decided by now is decided after the next start, for who asks again. */
  release(): void {
    this.#released = true;
    for (const { waiters } of [...this.#tracked.values()]) for (const waiter of [...waiters]) waiter.tell(stopped);
  }

  async #late(id: MessageId, tracked: Tracked, waiter: Waiter): Promise<void> {
    const { wait } = waiter;
    const { standings } = tracked;
    this.#read(id, tracked, wait);
    // The first attempt is waited for only so long; what the lane has to do it does.
    for (const standing of standings.values()) standing.tried = true;
    let decided = decidedOf(tracked, wait);
    const until = this.#ports.clock.monotonic() + graceMs;
    tracked.isLate = wait.cancels;
    const withdraw = () => withdrawn(id, standings, wait, this.#lanes, this.#ports);
    while (!decided && wait.cancels && tracked.known && !this.#released && (await withdraw()) === "later" && this.#ports.clock.monotonic() < until) {
      await sleep(this.#ports.clock, lookMs);
      decided = decidedOf(tracked, wait);
    }
    tracked.isLate = false;
    waiter.tell(decided ?? decidedOf(tracked, wait) ?? { kind: "unanswered", error: "FLW-305" });
    this.#look(id);
  }

  /** The head of a lane fails: what waits behind it for its first attempt is not going to have one soon. */
  #failing(lane: string, orderKey: string | undefined): void {
    for (const [id, { standings }] of [...this.#tracked]) {
      const standing = standings.get(lane);
      if (!standing || standing.tried || standing.orderKey !== orderKey) continue;
      standing.tried = true;
      this.#look(id);
    }
  }

  #look(id: MessageId): void {
    const tracked = this.#tracked.get(id);
    if (!tracked) return;
    for (const waiter of [...tracked.waiters]) {
      const verdict = decidedOf(tracked, waiter.wait);
      if (verdict) waiter.tell(verdict);
    }
  }

  /** What the record says goes before what memory has, where it is further on or memory has nothing. */
  #read(id: MessageId, tracked: Tracked, wait: Wait): void {
    const { standings } = tracked;
    const entries = this.#entries(id);
    if (entries.length > 0) tracked.known = true;
    for (const entry of entries) {
      const known = standings.get(entry.lane);
      if (known && (isEnd(known.state) || !isEnd(entry.state))) known.state = entry.state;
      else standings.set(entry.lane, { ...recorded(entry), ...(known?.response && { response: known.response }) });
      if (known && entry.code !== undefined) known.code = entry.code;
    }
    const from = wait.from === undefined ? undefined : nowIn(wait.from, wait, standings);
    const standing = from === undefined ? undefined : standings.get(from);
    if (from === undefined || !standing || standing.response || !isEnd(standing.state)) return;
    const response = this.#responseIn(id, from);
    if (response) standing.response = response;
  }

  /** A record that cannot be read now says nothing; then memory decides, and who asks at the deadline gets no answer. */
  #entries(id: MessageId): readonly Entry[] {
    try {
      const [message] = this.#ports.store.list({ before: id + 1, limit: 1 });
      return message?.id === id ? message.entries : [];
    } catch {
      return [];
    }
  }

  #responseIn(id: MessageId, lane: string): Content | undefined {
    try {
      return this.#ports.store.message(id)?.responses[lane];
    } catch {
      return undefined;
    }
  }

  #wants({ id, lane }: Claimed): boolean {
    const waits = [this.#wait(), ...[...(this.#tracked.get(id)?.waiters ?? [])].map(({ wait }) => wait)];
    return waits.some((wait) => wait !== undefined && isOnTheWay(lane, wait));
  }

  #track(id: MessageId): Tracked {
    const known = this.#tracked.get(id);
    if (known) return known;
    const tracked: Tracked = { standings: new Map(), known: false, isLate: false, lanes: new Set(), waiters: new Set() };
    this.#tracked.set(id, tracked);
    return tracked;
  }

  #letGo(id: MessageId): void {
    const tracked = this.#tracked.get(id);
    if (tracked && tracked.lanes.size === 0 && tracked.waiters.size === 0) this.#tracked.delete(id);
  }
}

/** How long past the deadline the outcome of an attempt is waited for, and how often it is looked at. */
const graceMs = 1000;
const lookMs = 10;

const stopped: Verdict = { kind: "unanswered", error: "FLW-104" };

/** Nothing is said of a message whose entries could not be read. */
function decidedOf({ known, standings }: Tracked, wait: Wait): Verdict | undefined {
  return known ? verdictOf(wait, standings) : undefined;
}

/** The lane whose answer the source gets, or one of the fallbacks behind it. */
function isOnTheWay(lane: string, { from, fallback }: Wait): boolean {
  const seen = new Set<string>();
  for (let at = from; at !== undefined && !seen.has(at); at = fallback.get(at)) {
    if (at === lane) return true;
    seen.add(at);
  }
  return false;
}
