import type { DatabaseSync } from "node:sqlite";
import { type Code, EngineError } from "../sdk/error.ts";
import type { Clock, Content, Random } from "../sdk/index.ts";
import { backupInThread } from "./backup-thread.ts";
import { freeBytes } from "./disk.ts";
import type { Follower } from "./follower.ts";
import type { GroupCommit } from "./group-commit.ts";
import type { Result } from "./op.ts";
import { addMaster, masterIds, removeMasters } from "./master-key.ts";
import { namedMasters } from "./record.ts";
import type { ListQuery } from "./listing.ts";
import { previewPrune, prune, type PruningParts } from "./pruning.ts";
import type { Reader } from "./reader.ts";
import type { Accepted, AcceptRequest, BackupReport, Census, Claimed, ClaimedKeys, ClaimedPage, LaneCounts, MessageDetail, MessageId, MessagePage, PruneReport, RetentionRule, Search, Settlement, Store, StoreCare } from "./store.ts";
import type { Disclosing } from "../phi/disclosure.ts";
import type { Notice } from "./ledger/notice.ts";
import type { Scribe } from "./ledger/scribe.ts";
import { addMasterTo, keyedHash, type MasterKeys } from "./vault.ts";

export interface SqliteStoreParts {
  readonly dir: string;
  readonly db: DatabaseSync;
  readonly keys: MasterKeys;
  readonly reader: Reader;
  readonly commit: GroupCommit;
  readonly follower: Follower;
  readonly scribe: Scribe;
  readonly lock: { release(): void };
  readonly clock: Clock;
  readonly random: Random;
  readonly minFreeBytes: number;
  readonly onFault: (code: Code) => void;
  readonly defer: (run: () => void) => void;
}

/** How long a look at the free space stands. */
const freeSpaceMs = 250;

/** The record in SQLite: changes go through the group commit, reads through the connection of this thread. */
export class SqliteStore implements Store, StoreCare {
  #parts: SqliteStoreParts;
  /** Minted and not yet in the record; `failed`: its commit was refused, and it goes again with the next `fill`. */
  #minted = new Map<string, { readonly hash: Uint8Array; readonly token: string; failed: boolean }>();
  #caring: Promise<unknown> = Promise.resolve();
  #roomUntil = Number.NEGATIVE_INFINITY;

  constructor(parts: SqliteStoreParts) {
    this.#parts = parts;
  }

  async accept(request: AcceptRequest): Promise<Accepted> {
    if (!this.#hasRoom()) {
      this.#parts.onFault("STO-202");
      throw new EngineError("STO-202");
    }
    const { identity, ...message } = request;
    const { channel, revision, receivedAt, raw, lanes } = message;
    const result = await this.#submit({ kind: "accept", ...message, ...(identity && { identity: identity.key }) });
    if (result.kind === "duplicate") return { kind: "duplicate", id: result.id };
    if (result.kind !== "accepted") throw new EngineError("STO-204");
    const { id, sameIdOtherBytes, previous, orderKey } = result;
    this.#parts.follower.notice();
    const entries = lanes.map(
      (lane, index): Claimed => ({
        lane, id, channel, revision, receivedAt, state: "waiting", attempts: 0, nextAt: 0, filled: false, raw, previous: previous[index] ?? 0,
        ...(orderKey !== undefined && { orderKey }),
      }),
    );
    return { kind: "accepted", id, sameIdOtherBytes, entries };
  }

  async fill(lane: string, id: MessageId, sent: Content, log: readonly string[], disclosing?: Disclosing): Promise<void> {
    for (const [name, { failed }] of this.#minted) if (failed) this.#keep(name);
    await this.#submit({ kind: "fill", lane, id, sent, log, ...(disclosing && { disclosing }) });
    this.#parts.scribe.notice();
  }

  async intend(lane: string, id: MessageId, disclosing: Disclosing): Promise<void> {
    await this.#submit({ kind: "intend", lane, id, disclosing });
    this.#parts.scribe.notice();
  }

  async disclose(...notices: readonly Notice[]): Promise<void> {
    await this.#submit({ kind: "disclose", notices });
    this.#parts.scribe.notice();
  }

  fileLedger(): Promise<void> {
    return this.#parts.scribe.file();
  }

  async settle(settlement: Settlement): Promise<void> {
    await this.#submit({ kind: "settle", settlement });
    this.#parts.follower.notice(settlement.id);
    this.#parts.scribe.notice();
  }

  async settleAll(settlements: readonly Settlement[]): Promise<void> {
    await this.#submit({ kind: "settleAll", settlements });
    for (const { id } of settlements) this.#parts.follower.notice(id);
    this.#parts.scribe.notice();
  }

  async requeue(lane: string, id: MessageId, at: number): Promise<void> {
    await this.#submit({ kind: "requeue", lane, id, at });
    this.#parts.follower.notice();
  }

  async cancel(lane: string, id: MessageId, at: number, reason: string): Promise<void> {
    await this.#submit({ kind: "cancel", lane, id, at, reason });
    this.#parts.follower.notice();
    this.#parts.scribe.notice();
  }

  async replay(id: MessageId, lanes: readonly string[], at: number, reason: string): Promise<void> {
    await this.#submit({ kind: "replay", id, lanes, at, reason });
    this.#parts.follower.notice();
  }

  async setPaused(lane: string, paused: { readonly at: number; readonly reason?: string } | undefined): Promise<void> {
    await this.#submit({ kind: "pause", lane, paused });
  }

  checkpoint(of: string): string | undefined {
    return this.#parts.reader.checkpoint(of);
  }

  async moveCheckpoint(checkpoint: NonNullable<AcceptRequest["checkpoint"]>): Promise<void> {
    await this.#submit({ kind: "checkpoint", checkpoint });
  }

  /** An entry whose content does not open is held, so that those behind it go on and a person sees it. */
  claim(lane: string, after: number, limit: { readonly entries: number; readonly bytes: number }, keys?: ClaimedKeys): ClaimedPage {
    return this.#parts.reader.claim(lane, after, limit, (entry, code) => {
      this.#parts.onFault(code);
      const at = this.#parts.clock.now();
      this.settle({ lane, id: entry.id, state: "held", at, attempts: entry.attempts, code }).catch(() => {});
    }, keys);
  }

  counts(): readonly LaneCounts[] {
    return this.#parts.reader.counts();
  }

  census(): Census {
    return this.#parts.reader.census();
  }

  list(query: ListQuery): MessagePage {
    return this.#parts.reader.list(query);
  }

  search(query: Search): MessagePage {
    return this.#parts.reader.page(this.#parts.follower.search(query));
  }

  /** One at a time: two walks would count the same message twice. */
  prune(rules: readonly RetentionRule[], now: number, preview: boolean, signal?: AbortSignal): Promise<PruneReport> {
    const { db, defer, follower } = this.#parts;
    const parts: PruningParts = { db, submit: (op) => this.#submit(op), pause: () => new Promise((resolve) => defer(resolve)), ...(signal && { signal }) };
    const pruned = this.#oneByOne(async () => {
      if (preview) return previewPrune(parts, rules, now);
      const report = await prune(parts, rules, now);
      await this.#retireKeys();
      return report;
    });
    return pruned.finally(() => follower.notice());
  }

  rotateKey(): Promise<void> {
    const { dir, db, keys, random } = this.#parts;
    return this.#oneByOne(async () => {
      // Not even the number of a key that was being made when the engine was killed is taken again.
      const id = Math.max(...masterIds(dir), ...namedMasters(db).keys()) + 1;
      const master = random.bytes(32);
      addMaster(dir, id, master);
      addMasterTo(keys, id, master);
      await this.#submit({ kind: "rotate", id, check: keys.checks.get(id) ?? new Uint8Array(), hashCheck: keys.hashCheck });
    });
  }

  backup(to: string, { withKeys = false }: { readonly withKeys?: boolean } = {}): Promise<BackupReport> {
    const { dir, clock, scribe } = this.#parts;
    // In line with pruning and rotation: no key goes while it is copied.
    return this.#oneByOne(async () => {
      await scribe.file();
      return backupInThread({ dir, to, withKeys, at: clock.now() });
    });
  }

  /** The record forgets a key first, then its file goes: never the other way round. */
  async #retireKeys(): Promise<void> {
    await this.#submit({ kind: "retire" });
    const named = namedMasters(this.#parts.db);
    removeMasters(this.#parts.dir, (id) => named.has(id));
  }

  #oneByOne<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#caring.then(work);
    this.#caring = done.catch(() => {});
    return done;
  }

  message(id: MessageId): MessageDetail | undefined {
    return this.#parts.reader.message(id);
  }

  /** Handed to the group commit at once, so any `fill` asked for later commits with it or after it. */
  surrogate(partner: string, kind: string, value: string): string {
    const { keys, random, commit } = this.#parts;
    if (commit.stopped !== undefined) throw new EngineError(commit.stopped);
    const known = this.knownSurrogate(partner, kind, value);
    if (known !== undefined) return known;
    const hash = keyedHash(keys, "surrogate", partner, kind, value);
    const name = Buffer.from(hash).toString("hex");
    const token = Buffer.from(random.bytes(16)).toString("hex");
    this.#minted.set(name, { hash, token, failed: false });
    this.#keep(name);
    return token;
  }

  knownSurrogate(partner: string, kind: string, value: string): string | undefined {
    const { keys, reader } = this.#parts;
    const hash = keyedHash(keys, "surrogate", partner, kind, value);
    return this.#minted.get(Buffer.from(hash).toString("hex"))?.token ?? reader.surrogate(hash);
  }

  keyedId(purpose: string, ...parts: readonly string[]): string {
    return Buffer.from(keyedHash(this.#parts.keys, `id ${purpose}`, ...parts)).toString("hex");
  }

  #keep(name: string): void {
    const minted = this.#minted.get(name);
    if (minted === undefined) return;
    minted.failed = false;
    this.#submit({ kind: "surrogate", hash: minted.hash, token: minted.token }).then(
      () => this.#minted.delete(name),
      () => {
        minted.failed = true;
      },
    );
  }

  async writable(): Promise<boolean> {
    this.#roomUntil = Number.NEGATIVE_INFINITY;
    if (!this.#hasRoom()) return false;
    return this.#submit({ kind: "probe" }).then(
      () => true,
      () => false,
    );
  }

  async close(): Promise<void> {
    const { commit, db, lock, follower, scribe } = this.#parts;
    await scribe.close();
    await commit.close();
    follower.close();
    if (db.isOpen) db.close();
    lock.release();
  }

  #submit(op: Parameters<GroupCommit["submit"]>[0]): Promise<Result> {
    return this.#parts.commit.submit(op);
  }

  #hasRoom(): boolean {
    const now = this.#parts.clock.monotonic();
    if (now < this.#roomUntil) return true;
    if (freeBytes(this.#parts.dir) < this.#parts.minFreeBytes) return false;
    this.#roomUntil = now + freeSpaceMs;
    return true;
  }
}
