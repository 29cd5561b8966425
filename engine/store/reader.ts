import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type Code, codeOf } from "../sdk/error.ts";
import type { Content, Principal } from "../sdk/index.ts";
import { RowCensus } from "./census.ts";
import { type Found, Listing, type ListQuery } from "./listing.ts";
import { lastSeats, seatsOf } from "./seats.ts";
import { formats, placeOf, type Stage, type State, states } from "./schema.ts";
import type { Names } from "./searcher.ts";
import type { Census, Claimed, ClaimedKeys, ClaimedPage, EarlierEntry, End, Entry, LaneCounts, MessageDetail, MessageId, MessagePage, MessageSummary, Unreadable } from "./store.ts";
import { ends } from "./store.ts";
import { keyedHash, type MasterKeys, Opener, type Owner } from "./vault.ts";

interface Row {
  readonly lane: number;
  readonly position: number;
  readonly message: number;
  readonly slot: number;
  readonly state: number;
  readonly attempts: number;
  readonly next: number;
  readonly filled: number;
  readonly moved: number | null;
  readonly since: number | null;
  readonly code: string | null;
  readonly later: number | null;
  readonly intent: number | null;
  readonly channel: string;
  readonly revision: string;
  readonly received: number;
  readonly bytes: number;
  readonly lanes: string;
  readonly orderKey: Uint8Array | null;
}

interface MessageRow {
  readonly id: number;
  readonly channel: string;
  readonly received: number;
  readonly bytes: number;
  readonly lanes: string;
  readonly type: string | null;
  readonly parent: number | null;
}

/** Millions of one key may stand before the next of another: a look at them must not stop the process. */
export const rowsPerLook = 4096;

/** Everything that is read from the record, by the engine and by the command line beside it. */
export class Reader {
  #keys: MasterKeys;
  #opener: Opener;
  #sql;
  #census: RowCensus;
  #listing: Listing;
  #names = new Map<number, string>();
  #lanes = new Map<string, number>();

  constructor(db: DatabaseSync, keys: MasterKeys) {
    this.#keys = keys;
    this.#opener = new Opener(db, keys);
    this.#sql = prepare(db);
    this.#census = new RowCensus(db);
    this.#listing = new Listing(db);
  }

  /** `altered` hears of entries whose content does not open; they are left out. */
  claim(
    lane: string,
    after: number,
    limit: { readonly entries: number; readonly bytes: number },
    altered: (entry: Entry, code: Code) => void,
    keys?: ClaimedKeys,
  ): ClaimedPage {
    const id = this.#laneId(lane);
    if (id === undefined) return [];
    const horizon = keys !== undefined && "except" in keys ? this.#horizon(id, after) : undefined;
    const claimed: Claimed[] = [];
    let bytes = 0;
    const rows = this.#waiting(id, after, limit.entries, keys, horizon);
    let isWhole = rows.length < limit.entries;
    for (const row of rows) {
      bytes += row.bytes;
      if (claimed.length > 0 && bytes > limit.bytes) {
        isWhole = false;
        break;
      }
      const entry = this.#entry(row);
      try {
        const raw = this.#content({ message: row.message, where: entry.channel, stage: "raw" }, 0);
        if (raw === undefined) throw new Error("no raw content");
        const sent = entry.filled ? this.#content({ message: row.message, where: lane, stage: "sent" }, row.slot) : undefined;
        bytes += sent?.bytes.length ?? 0;
        claimed.push({ ...entry, raw, ...(sent && { sent }) });
      } catch (error) {
        altered(entry, codeOf(error, "STO-303"));
      }
    }
    if (horizon !== undefined && isWhole) return Object.assign(claimed, { lookedTo: horizon });
    // Nothing but altered ones: an empty answer would say that nothing waits behind them.
    const last = rows.at(-1);
    return claimed.length > 0 || last === undefined ? claimed : this.claim(lane, last.position, limit, altered, keys);
  }

  /** Where the rows of one look end; none when there are fewer. */
  #horizon(lane: number, after: number): number | undefined {
    return (this.#sql.horizon.get(lane, after, lane, rowsPerLook - 1) as { position: number } | undefined)?.position;
  }

  #waiting(lane: number, after: number, entries: number, keys: ClaimedKeys | undefined, upTo = Number.MAX_SAFE_INTEGER): readonly Row[] {
    if (keys === undefined) return this.#sql.claim.all(lane, after, lane, entries) as unknown as Row[];
    if ("except" in keys) return this.#sql.claimOthers.all(lane, after, lane, upTo, JSON.stringify(keys.except), entries) as unknown as Row[];
    const key = keys.only === "" ? null : Buffer.from(keys.only, "hex");
    return this.#sql.claimKey.all(lane, after, lane, keys.upTo, key, entries) as unknown as Row[];
  }

  counts(): readonly LaneCounts[] {
    const rows = this.#sql.lanes.all() as unknown as (Record<State, number> & { id: number; name: string; clear: number; received: number })[];
    return rows.map((row) => {
      const oldest = row.waiting + row.held === 0 ? undefined : (this.#sql.oldest.get(row.id, row.clear) as { received: number } | undefined);
      return {
        lane: row.name,
        received: row.received,
        ends: Object.fromEntries(ends.map((end) => [end, row[end]])) as Record<End, number>,
        waiting: row.waiting,
        held: row.held,
        ...(oldest && { oldestAt: oldest.received }),
        ...this.#paused(row.id, row.name),
      };
    });
  }

  #paused(lane: number, name: string): Pick<LaneCounts, "paused"> {
    const row = this.#sql.paused.get(lane) as { at: number; key: number | null; nonce: number; reason: Uint8Array } | undefined;
    if (row === undefined) return {};
    if (row.key === null) return { paused: { at: row.at } };
    const sealed = { key: row.key, nonce: row.nonce, body: row.reason };
    const reason = opened({ message: 0, where: name, stage: "reason" }, [], () => this.#opener.open({ message: 0, where: name, stage: "reason" }, sealed));
    return { paused: { at: row.at, ...(reason && { reason: Buffer.from(reason).toString() }) } };
  }

  checkpoint(of: string): string | undefined {
    const name = keyedHash(this.#keys, "checkpoint", of);
    const row = this.#sql.checkpoint.get(name) as { key: number; nonce: number; value: Uint8Array } | undefined;
    if (row === undefined) return undefined;
    const owner: Owner = { message: 0, where: Buffer.from(name).toString("hex"), stage: "checkpoint" };
    return Buffer.from(this.#opener.open(owner, { key: row.key, nonce: row.nonce, body: row.value })).toString();
  }

  census(): Census {
    return this.#census.look();
  }

  list(query: ListQuery): MessagePage {
    return this.page(this.#listing.find(query));
  }

  /** Messages by number, as a page of a list. */
  page({ ids, more }: Found): MessagePage {
    const page = ids.flatMap((id) => {
      const row = this.#sql.message.get(id) as MessageRow | undefined;
      return row === undefined ? [] : [this.#summary(row)];
    });
    return more === undefined ? page : Object.assign(page, { more });
  }

  /** The numbers by which the record knows what people name. */
  readonly names: Names = {
    channel: (name) => (this.#sql.nameId.get(name) as { id: number } | undefined)?.id,
    lane: (name) => this.#laneId(name),
    lanes: (channel) => [...this.#allLanes()].filter(([name]) => channel === undefined || name.startsWith(`${channel}/`)).map(([, id]) => id),
    control: (id) => keyedHash(this.#keys, "control", id),
  };

  message(id: MessageId): MessageDetail | undefined {
    const row = this.#sql.message.get(id) as MessageRow | undefined;
    if (row === undefined) return undefined;
    const unreadable: Unreadable[] = [];
    const raw = this.#readable({ message: id, where: row.channel, stage: "raw" }, 0, unreadable);
    const sent: Record<string, Content> = {};
    const responses: Record<string, Content> = {};
    const log: string[] = [];
    const earlier: EarlierEntry[] = [];
    const seats = seatsOf(id, row.lanes);
    const last = lastSeats(seats);
    const lanes = seats.map((seat) => this.#laneName(seat.lane));
    for (const seat of seats) {
      const lane = lanes[seat.slot - 1] ?? "";
      const content = (stage: Stage) => this.#readable({ message: id, where: lane, stage }, seat.slot, unreadable);
      const [out, answer, lines] = [content("sent"), content("response"), content("log")];
      if (!last.includes(seat)) {
        earlier.push({ lane, ...(out && { sent: out }), ...(answer && { response: answer }) });
        continue;
      }
      if (out) sent[lane] = out;
      if (answer) responses[lane] = answer;
      if (lines) for (const line of JSON.parse(Buffer.from(lines.bytes).toString()) as string[]) log.push(line);
    }
    const history = this.#history(id, lanes, unreadable);
    const sender = this.#sql.principal.get(id) as { who: string } | undefined;
    return { ...this.#summary(row), ...(sender && { principal: JSON.parse(sender.who) as Principal }), ...(raw && { raw }), sent, responses, log, history, ...(earlier.length > 0 && { earlier }), ...(unreadable.length > 0 && { unreadable }) };
  }

  surrogate(hash: Uint8Array): string | undefined {
    return (this.#sql.surrogate.get(hash) as { token: string } | undefined)?.token;
  }

  #history(id: MessageId, lanes: readonly string[], unreadable: Unreadable[]): MessageDetail["history"] {
    const rows = this.#sql.history.all(id) as unknown as {
      slot: number; at: number; state: number; attempts: number; code: string | null; key: number | null; nonce: number | null; reason: Uint8Array | null;
    }[];
    return rows.map((row) => {
      const lane = lanes[row.slot - 1] ?? "";
      const owner = { message: id, where: lane, stage: "reason" } as const;
      const reason =
        row.reason === null || row.key === null || row.nonce === null
          ? undefined
          : opened(owner, unreadable, () => this.#opener.open(owner, { key: row.key as number, nonce: row.nonce as number, body: row.reason as Uint8Array }));
      return {
        lane,
        at: row.at,
        state: states[row.state] as State,
        attempts: row.attempts,
        ...(row.code !== null && { code: row.code as Code }),
        ...(reason && { reason: Buffer.from(reason).toString() }),
      };
    });
  }

  #summary(row: MessageRow): MessageSummary {
    // A lost entry is left out here; the census counts it.
    const entries = lastSeats(seatsOf(row.id, row.lanes)).flatMap((seat) => {
      const home = this.#row(seat.lane, seat.home);
      const stands = home === undefined || home.moved === null ? home : this.#row(seat.lane, home.moved);
      return stands === undefined ? [] : [this.#entry(stands)];
    });
    const { type, parent } = row;
    return { id: row.id, channel: row.channel, receivedAt: row.received, bytes: row.bytes, entries, ...(type !== null && { type }), ...(parent !== null && { parent }) };
  }

  #row(lane: number, position: number): Row | undefined {
    return this.#sql.entry.get(lane, position) as Row | undefined;
  }

  #entry(row: Row): Entry {
    return {
      lane: this.#laneName(row.lane),
      id: row.message,
      channel: row.channel,
      revision: row.revision,
      receivedAt: row.received,
      state: states[row.state] as State,
      attempts: row.attempts,
      nextAt: row.next,
      ...(row.code !== null && { code: row.code as Code }),
      filled: row.filled === 1,
      ...(row.intent !== null && { disclosed: true }),
      ...(row.position !== row.message && { position: row.position, ...againOf(row) }),
      ...(row.since !== null && { requeuedAt: row.since }),
      ...(row.orderKey && { orderKey: Buffer.from(row.orderKey).toString("hex") }),
    };
  }

  #content(owner: Owner & { readonly stage: Stage }, slot: number): Content | undefined {
    const row = this.#sql[owner.stage].get(placeOf(owner.message, slot)) as { format: number; key: number; nonce: number; body: Uint8Array } | undefined;
    if (row === undefined) return undefined;
    const format = formats[row.format];
    return format && { format, bytes: this.#opener.open(owner, row) };
  }

  #readable(owner: Owner & { readonly stage: Stage }, slot: number, unreadable: Unreadable[]): Content | undefined {
    return opened(owner, unreadable, () => this.#content(owner, slot));
  }

  #allLanes(): ReadonlyMap<string, number> {
    for (const { id, name } of this.#sql.laneNames.all() as unknown as { id: number; name: string }[]) {
      this.#lanes.set(name, id);
      this.#names.set(id, name);
    }
    return this.#lanes;
  }

  #laneId(name: string): number | undefined {
    return this.#lanes.get(name) ?? this.#allLanes().get(name);
  }

  #laneName(id: number): string {
    if (!this.#names.has(id)) this.#allLanes();
    return this.#names.get(id) ?? "";
  }
}

function againOf({ message, lanes, slot }: Row): Pick<Entry, "again"> {
  const home = seatsOf(message, lanes)[slot - 1]?.home ?? message;
  return home === message ? {} : { again: home };
}

/** One content that was altered must not hide the rest of a message from those who look into it. */
function opened<T>({ where, stage }: Owner & Pick<Unreadable, "stage">, unreadable: Unreadable[], open: () => T): T | undefined {
  try {
    return open();
  } catch (error) {
    unreadable.push({ where, stage, code: codeOf(error, "STO-303") });
    return undefined;
  }
}

function prepare(db: DatabaseSync) {
  const sql = (text: string): StatementSync => db.prepare(text);
  const entry = `
    SELECT e.*, c.name AS channel, r.name AS revision, m.received, m.bytes, m.lanes, m.orderKey FROM entries e
    JOIN messages m ON m.id=e.message JOIN names c ON c.id=m.channel JOIN names r ON r.id=m.revision`;
  const waiting = `${entry} WHERE e.lane=? AND e.position>max(?, (SELECT idle FROM lanes WHERE id=?)) AND e.state=0`;
  const content = (stage: Stage) => `SELECT format, key, nonce, body FROM ${stage} WHERE place=?`;
  const message = "SELECT m.id, c.name AS channel, m.received, m.bytes, m.lanes, m.type, m.parent FROM messages m JOIN names c ON c.id=m.channel";
  return {
    claim: sql(`${waiting} ORDER BY e.position LIMIT ?`),
    claimKey: sql(`${waiting} AND e.position<=? AND m.orderKey IS ? ORDER BY e.position LIMIT ?`),
    // Without an order key: hex(NULL) is the empty key.
    claimOthers: sql(`${waiting} AND e.position<=? AND lower(hex(m.orderKey)) NOT IN (SELECT value FROM json_each(?)) ORDER BY e.position LIMIT ?`),
    horizon: sql("SELECT position FROM entries WHERE lane=? AND position>max(?, (SELECT idle FROM lanes WHERE id=?)) ORDER BY position LIMIT 1 OFFSET ?"),
    entry: sql(`${entry} WHERE e.lane=? AND e.position=?`),
    message: sql(`${message} WHERE m.id=?`),
    lanes: sql("SELECT * FROM lanes ORDER BY name"),
    laneNames: sql("SELECT id, name FROM lanes"),
    oldest: sql("SELECT m.received FROM entries e JOIN messages m ON m.id=e.message WHERE e.lane=? AND e.position>? AND e.state<2 ORDER BY e.position LIMIT 1"),
    raw: sql(content("raw")),
    sent: sql(content("sent")),
    response: sql(content("response")),
    log: sql(content("log")),
    history: sql("SELECT slot, at, state, attempts, code, key, nonce, reason FROM history WHERE message=? ORDER BY at, change"),
    principal: sql("SELECT who FROM principals WHERE message=?"),
    nameId: sql("SELECT id FROM names WHERE name=?"),
    paused: sql("SELECT at, key, nonce, reason FROM pauses WHERE lane=?"),
    checkpoint: sql("SELECT key, nonce, value FROM checkpoints WHERE name=?"),
    surrogate: sql("SELECT token FROM surrogates WHERE hash=?"),
  };
}
