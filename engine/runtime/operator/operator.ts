import { endings } from "../../phi/index.ts";
import { DeadLetters } from "../../queue/dead.ts";
import { againCode, arrivedCode, isOpen, personCode, type Resolution } from "../../queue/unknown.ts";
import { codeOf, EngineError } from "../../sdk/index.ts";
import type { BackupReport, Entry, MessagePage, PruneReport, StoreCare } from "../../store/store.ts";
import type { Notice } from "../../store/ledger/notice.ts";
import { conservation } from "../conservation.ts";
import type { EngineStatus, Operations } from "../operations.ts";
import type { Follower } from "./follower.ts";
import { pageOf, turnOf } from "./entries.ts";
import type { BreakGlass } from "../break-glass/desk.ts";
import { Intake } from "./intake.ts";
import type { JobRequest } from "./job.ts";
import { Jobs } from "./jobs.ts";
import { LaneOrders } from "./lane-orders.ts";
import { laneViews } from "./lane-views.ts";
import type { Operated } from "./operated.ts";
import type { Retention } from "./retention.ts";
import type { Item } from "./running-job.ts";
import { scopeOf, searchOf, type Selection } from "./selection.ts";
import type { PauseOrder, StandingOrders } from "./standing-orders.ts";
import { type EventFilter, watch } from "./watching.ts";
import type { WorkDesk } from "./work-desk.ts";
import { WhatIf, type WhatIfParts } from "./what-if.ts";
import { named } from "../safe-field.ts";

export interface OperatorParts {
  readonly care: StoreCare;
  readonly retention: Retention;
  readonly orders: StandingOrders;
  readonly breakGlass: BreakGlass;
  readonly work: WorkDesk;
  readonly working: WhatIfParts["working"];
  readonly sandbox: WhatIfParts["sandbox"];
  /** Where what operators do is kept beside the record. */
  readonly dataFolder: string;
}

/** What people do to a running engine: look, find, retry, give up. */
export class Operator implements Operations {
  readonly #engine: Operated;
  readonly #parts: OperatorParts;
  readonly #dead: DeadLetters;
  readonly #whatIf: WhatIf;
  readonly jobs: Jobs;
  readonly lanes: LaneOrders;
  readonly breakGlass: BreakGlass;
  readonly intake: Intake;
  readonly work: WorkDesk;

  constructor(engine: Operated, parts: OperatorParts) {
    this.#engine = engine;
    this.#parts = parts;
    const { store, clock } = engine.ports;
    const { care, orders, dataFolder } = parts;
    this.#dead = new DeadLetters({ store, clock, lane: (name) => this.lanes.find(name) });
    this.#whatIf = new WhatIf({ engine, ...parts });
    this.breakGlass = parts.breakGlass;
    this.work = parts.work;
    this.intake = new Intake(engine);
    this.lanes = new LaneOrders({ engine, care, orders });
    const finds = { list: store.list.bind(store), search: care.search.bind(care) };
    this.jobs = new Jobs({ engine, finds, dataFolder, act: (item, request) => this.#act(item, request) });
  }

  status(): EngineStatus {
    const { name, startedAt, code, ports, runners, budget } = this.#engine;
    return {
      name,
      startedAt,
      now: ports.clock.now(),
      ready: code === undefined,
      ...(code === undefined ? {} : { code }),
      walls: ports.sandbox.walls,
      channels: runners.map(({ view }) => (this.intake.closed.has(view.channel) ? { ...view, drained: true } : view)),
      lanes: laneViews(this.#engine, this.#parts.orders),
      conservationGap: conservation(ports.store),
      heldBytes: budget.held,
      jobs: this.jobs.recent(),
      endings: endings(runners.map(({ channel }) => channel), ports.partner, ports.clock.now()),
      breakGlass: this.breakGlass.list().filter(({ state, review }) => state !== "over" || review === "due" || review === "overdue"),
      work: this.work.counts(),
    };
  }

  messages(query: Parameters<Operations["messages"]>[0]) {
    return this.#engine.ports.store.list(query);
  }

  message(id: number) {
    return this.#engine.ports.store.message(id);
  }

  channel(name: string) {
    return this.#engine.runners.find((runner) => runner.channel.name === name)?.channel;
  }

  dead(query: Parameters<Operations["dead"]>[0]): readonly Entry[] {
    return this.#dead.list(query);
  }

  async search({ before, limit, ...selection }: Parameters<Operations["search"]>[0]): Promise<MessagePage> {
    const { clock } = this.#engine.ports;
    const query = { ...searchOf(this.#engine, selection), limit, ...(before === undefined ? {} : { before }) };
    return pageOf(this.#parts.care, query, clock, turnOf(clock));
  }

  async retry(lane: string, id: number): Promise<void> {
    // Put back in a lane that nothing runs, it would be in flight and never move.
    if (!this.lanes.find(lane)) throw new EngineError("RUN-108", { lane });
    await this.#dead.retry(lane, id);
    this.#engine.events.log("retried", { lane: named(lane), message: id });
  }

  async discard(lane: string, id: number, reason: string): Promise<void> {
    await this.lanes.withdraw(lane, id, () => this.#dead.discard(lane, id, reason));
    this.work.over(id);
    this.#engine.events.log("discarded", { lane: named(lane), message: id });
  }

  async resolve(lane: string, id: number, what: Resolution, by: string, reason: string): Promise<void> {
    if (by.trim() === "" || reason.trim() === "") throw new EngineError("CAS-205");
    const { store, clock, cases } = this.#engine.ports;
    const found = () => {
      const [message] = store.list({ before: id + 1, limit: 1 });
      return message?.id === id ? message.entries.find((entry) => entry.lane === lane) : undefined;
    };
    const isOpenNow = (entry: Entry | undefined) => entry?.state === "waiting" && isOpen(entry);
    if (!isOpenNow(found())) throw new EngineError("LAN-124", { lane, message: id });
    await this.lanes.resolve(lane, id, async () => {
      const entry = found();
      // An inquiry may have settled it meanwhile.
      if (!entry || !isOpenNow(entry)) throw new EngineError("LAN-124", { lane, message: id });
      const { attempts } = entry;
      await store.settle({ lane, id, at: clock.now(), attempts, ...(what === "arrived" ? { state: "delivered", code: arrivedCode } : { state: "waiting", nextAt: 0, code: againCode }) });
    });
    cases?.settle(id, personCode, clock.now(), { by, reason });
    this.lanes.find(lane)?.ring();
    this.#engine.events.log("resolved", { lane: named(lane), message: id, what });
  }

  first(lane: string): Entry | undefined {
    const [claimed] = this.#engine.ports.store.claim(lane, 0, { entries: 1, bytes: 1 });
    if (claimed === undefined) return undefined;
    const { raw: _, sent: __, previous: ___, ...entry } = claimed;
    return entry;
  }

  orders(): Readonly<Record<string, PauseOrder>> {
    const { orders } = this.#parts;
    const found = laneViews(this.#engine, orders).flatMap(({ lane, partner }) => {
      const order = orders.find(lane, partner);
      return order === undefined ? [] : [[lane, order] as const];
    });
    return Object.fromEntries(found);
  }

  lanesOf(selection: Pick<Selection, "channel" | "lanes" | "partner">): readonly string[] {
    const { channel, lanes } = scopeOf(this.#engine, selection);
    const all = lanes ?? this.#engine.runners.flatMap((runner) => runner.laneNames);
    return all.filter((lane) => channel === undefined || lane.startsWith(`${channel}/`));
  }

  compare(request: { readonly channel: string; readonly last: number }) {
    return this.#whatIf.compare(request);
  }

  prune(apply: boolean): Promise<PruneReport> {
    return this.#parts.retention.prune(apply);
  }

  async rotateKey(): Promise<void> {
    await this.#parts.care.rotateKey();
    this.#engine.events.log("key-rotated");
  }

  async backup(to: string, options: { readonly withKeys?: boolean } = {}): Promise<BackupReport> {
    const report = await this.#parts.care.backup(to, options);
    this.#engine.events.log("backup-made", { files: report.files, bytes: report.bytes });
    return report;
  }

  disclose(notice: Notice): Promise<void> {
    return this.#engine.ports.store.disclose(notice);
  }

  async askLedger(notice: Notice): Promise<void> {
    await this.disclose(notice);
    await this.#engine.ports.store.fileLedger();
  }

  patientId(owner: string, id: string): string {
    return this.#engine.ports.store.keyedId("patient", owner, id);
  }

  follow(filter: EventFilter): Follower {
    return watch(this.#engine, filter);
  }

  async ready(): Promise<boolean> {
    if (this.#engine.code !== undefined) return false;
    try {
      return await this.#engine.ports.store.writable();
    } catch (error) {
      this.#engine.events.log("store-not-writable", { code: codeOf(error, "FLW-105") });
      return false;
    }
  }

  async #act({ lane, id }: Item, { kind, to = [], reason = "" }: JobRequest): Promise<void> {
    if (kind === "retry") return this.retry(lane, id);
    if (kind !== "replay") return this.discard(lane, id, reason);
    await this.#parts.care.replay(id, to, this.#engine.ports.clock.now(), reason);
    for (const name of to) {
      this.lanes.find(name)?.ring();
      this.#engine.events.log("replayed", { lane: named(name), message: id });
    }
  }
}
