import { userInfo } from "node:os";
import { EngineError } from "../../sdk/index.ts";
import { reopenable } from "../../queue/dead.ts";
import { entriesOf, type Finds, messagesOf, turnOf } from "./entries.ts";
import type { JobRequest, JobView, Preview } from "./job.ts";
import { JobRecords, type KeptJob } from "./job-records.ts";
import { type Item, RunningJob } from "./running-job.ts";
import type { Operated } from "./operated.ts";
import { type Selection, scopeOf, searchOf } from "./selection.ts";

/** What is done to one. */
export type Act = (item: Item, request: JobRequest) => Promise<void>;

export interface JobsParts {
  readonly engine: Operated;
  readonly finds: Finds;
  readonly act: Act;
  readonly dataFolder: string;
}

/** One job may touch so many; beyond that a person asks in parts. */
const most = 1_000_000;
/** How long a job that is over stays in view, and how many are. */
const recentMs = 3_600_000;
const shown = 10;
/** Rows of a preview that are shown. */
const sampled = 10;

/** Bulk work in the engine: looked at first, then done in the order of receipt, paused and stopped by whoever watches. */
export class Jobs {
  readonly #parts: JobsParts;
  readonly #records: JobRecords;
  readonly #running = new Map<number, RunningJob>();
  readonly #earlier = new Map<number, KeptJob>();
  #last = 0;

  constructor(parts: JobsParts) {
    this.#parts = parts;
    this.#records = new JobRecords(parts.dataFolder);
    for (const kept of this.#records.all()) {
      const { view } = kept;
      // Whatever says that it works was cut off by the end of its engine.
      const ended = view.endedAt === undefined ? { ...kept, view: { ...view, state: "interrupted" as const } } : kept;
      this.#earlier.set(view.id, ended);
      this.#last = Math.max(this.#last, view.id);
    }
  }

  /** Newest first. */
  list(): readonly JobView[] {
    const views = new Map([...this.#earlier].map(([id, { view }]) => [id, view]));
    for (const [id, job] of this.#running) views.set(id, job.view);
    return [...views.values()].sort((a, b) => b.id - a.id);
  }

  /** Those that are not over, and those that ended within the hour. */
  recent(): readonly JobView[] {
    const since = this.#parts.engine.ports.clock.now() - recentMs;
    return this.list().filter(({ endedAt }) => endedAt === undefined || endedAt >= since).slice(0, shown);
  }

  find(id: number): JobView {
    const view = this.#running.get(id)?.view ?? this.#earlier.get(id)?.view;
    if (!view) throw new EngineError("RUN-204", { job: id });
    return view;
  }

  /** Counts what a request would do, and does nothing. */
  async preview(request: JobRequest): Promise<Preview> {
    const { clock } = this.#parts.engine.ports;
    const messages = new Set<number>();
    const byLane: Record<string, number> = {};
    const byEnd: Record<string, number> = {};
    const sample: Preview["sample"][number][] = [];
    let [entries, bytes, oldestAt, newestAt] = [0, 0, Number.POSITIVE_INFINITY, 0];
    for await (const { lane, id, state, code, receivedAt, bytes: size } of this.#chosen(intoOneChannel(request), turnOf(clock))) {
      // A replay is of the message, whichever of its lanes it was chosen by.
      if (request.kind === "replay" && messages.has(id)) continue;
      entries++;
      if (!messages.has(id)) bytes += size;
      messages.add(id);
      byLane[lane] = (byLane[lane] ?? 0) + 1;
      const end = code === undefined ? state : `${state} ${code}`;
      byEnd[end] = (byEnd[end] ?? 0) + 1;
      oldestAt = Math.min(oldestAt, receivedAt);
      newestAt = Math.max(newestAt, receivedAt);
      sample.push({ lane, id, state, ...(code === undefined ? {} : { code }) });
      if (sample.length > 2 * sampled) keepFirst(sample);
    }
    keepFirst(sample);
    return { messages: messages.size, entries, bytes, byLane, byEnd, sample, ...(entries === 0 ? {} : { oldestAt, newestAt }) };
  }

  /** Starts it at once; what comes to be meant afterwards is not touched. */
  start(asked: JobRequest): JobView {
    const { engine } = this.#parts;
    const request = intoOneChannel(asked);
    const now = engine.ports.clock.now();
    const { settled } = request.selection;
    // Only what stood there when it was asked for: what fails again is not taken twice. What waits has come to no end yet.
    const ended = request.kind === "retry" || request.kind === "discard";
    const to = !ended ? settled?.to : Math.min(settled?.to ?? Number.POSITIVE_INFINITY, now + 1);
    const selection = { ...request.selection, ...(to === undefined ? {} : { settled: { ...settled, to } }) };
    const { lanes } = scopeOf(engine, selection);
    return this.#run(
      {
        id: ++this.#last, kind: request.kind, state: "looking", by: account(), startedAt: now, lanes: lanes ?? [], total: 0, done: 0, passed: 0,
        ...(request.perSecond === undefined ? {} : { perSecond: request.perSecond }),
        ...(request.to === undefined ? {} : { to: request.to }),
      },
      { ...request, selection },
    );
  }

  pause(id: number): JobView {
    this.#mustRun(id).pause();
    return this.find(id);
  }

  /** Goes on after a pause; one that the end of its engine cut off looks for what is left, and needs its reason again. */
  resume(id: number, reason?: string): JobView {
    const running = this.#running.get(id);
    if (running !== undefined) {
      running.resume();
      return running.view;
    }
    const kept = this.#earlier.get(id);
    if (kept === undefined) throw new EngineError("RUN-204", { job: id });
    const { view, selection } = kept;
    if (view.state !== "interrupted" || selection === undefined) throw new EngineError("RUN-205", { job: id, state: view.state });
    // What a replay has done already leaves no mark that a search could see.
    if (view.kind === "replay") throw new EngineError("RUN-205", { job: id, state: view.state });
    if (view.kind !== "retry" && reason === undefined) throw new EngineError("RUN-206", { kind: view.kind });
    const { kind, perSecond, to } = view;
    return this.#run(view, { kind, selection, ...(perSecond && { perSecond }), ...(to && { to }), ...(reason === undefined ? {} : { reason }) });
  }

  async stop(id: number): Promise<JobView> {
    await this.#running.get(id)?.stop();
    return this.find(id);
  }

  /** For the end of the engine: each stands where it is, and says so after the next start. */
  async close(): Promise<void> {
    await Promise.all([...this.#running.values()].map((job) => job.stop("interrupted")));
  }

  #run(first: JobView, request: JobRequest): JobView {
    const { engine, act } = this.#parts;
    const { clock } = engine.ports;
    engine.events.log("job-started", { job: first.id, kind: first.kind });
    const job = new RunningJob(first, request, {
      clock,
      look: (signal) => this.#look(request, signal),
      act: (item) => act(item, request),
      onChange: (changed) => this.#keep(changed),
    });
    this.#running.set(first.id, job);
    this.#keep(job);
    return job.view;
  }

  #keep(job: RunningJob): void {
    const { view, request } = job;
    // Asked to end by the end of the engine it has not ended: it can go on.
    const { endedAt: _, ...standing } = view;
    const kept: KeptJob = { view: view.state === "interrupted" ? standing : view, selection: request.selection };
    try {
      this.#records.keep(kept);
    } catch {
      // A full disk must not end the work, and still less the engine; what was done stands in the histories of the messages.
      this.#parts.engine.events.log("job-not-kept", { job: view.id });
    }
    if (!job.isOver) return;
    this.#earlier.set(view.id, kept);
    this.#running.delete(view.id);
    this.#parts.engine.events.log("job-ended", { job: view.id, kind: view.kind, state: view.state, done: view.done, passed: view.passed, code: view.code });
  }

  /** Oldest first, so that what is put back keeps its order in the lane. */
  async #look(request: JobRequest, signal: AbortSignal): Promise<readonly Item[]> {
    const found: Item[] = [];
    const seen = new Set<number>();
    for await (const { lane, id } of this.#chosen(request, turnOf(this.#parts.engine.ports.clock))) {
      if (signal.aborted) return [];
      if (request.kind === "replay" && seen.has(id)) continue;
      seen.add(id);
      found.push({ lane, id });
      if (found.length > most) throw new EngineError("RUN-207", { most });
    }
    return found.sort((a, b) => a.id - b.id || (a.lane < b.lane ? -1 : 1));
  }

  /** Entries that a request is about; of a replay, messages by whichever lane they were chosen. */
  async *#chosen(request: JobRequest, pause: () => Promise<void>): AsyncGenerator<{ lane: string; id: number; state: string; code?: NonNullable<JobRequest["selection"]["code"]>; receivedAt: number; bytes: number }> {
    const { engine, finds } = this.#parts;
    const search = searchOf(engine, request.selection);
    const { ids } = request.selection;
    if (request.kind === "replay" && search.lanes === undefined && ids === undefined) {
      for await (const { id, channel, receivedAt, bytes } of messagesOf(finds, search, pause)) yield { lane: channel, id, state: "message", receivedAt, bytes };
      return;
    }
    const { lanes = this.#lanesOf(search.channel), ...rest } = search;
    if (statesFor(request).states?.length === 0) return;
    yield* entriesOf(finds, lanes, { ...rest, ...statesFor(request), ...(ids === undefined ? {} : { ids }) }, pause);
  }

  #lanesOf(channel: string | undefined): readonly string[] {
    return this.#parts.engine.ports.store.counts().map(({ lane }) => lane).filter((lane) => channel === undefined || lane.startsWith(`${channel}/`));
  }

  #mustRun(id: number): RunningJob {
    const job = this.#running.get(id);
    if (job === undefined) throw new EngineError("RUN-205", { job: id, state: this.find(id).state });
    return job;
  }
}

/** A message goes to destinations of its own channel, which alone knows how to make it. RUN-214: the request says otherwise. */
function intoOneChannel(request: JobRequest): JobRequest {
  if (request.kind !== "replay") return request;
  const channels = new Set((request.to ?? []).map((lane) => lane.slice(0, lane.indexOf("/"))));
  const [channel] = channels;
  const { selection } = request;
  if (channels.size > 1 || channel === undefined || (selection.channel ?? channel) !== channel) throw new EngineError("RUN-214", { channels: channels.size, channel: selection.channel });
  return { ...request, selection: { ...selection, channel } };
}

/** What may be done to an entry depends on where it stands; a selection may only narrow it. */
function statesFor({ kind, selection }: JobRequest): Pick<Selection, "states"> {
  if (kind === "replay") return selection.states === undefined ? {} : { states: selection.states };
  const allowed = kind === "cancel" ? (["waiting", "held"] as const) : reopenable;
  return { states: allowed.filter((state) => selection.states === undefined || selection.states.includes(state)) };
}

function keepFirst(sample: Preview["sample"][number][]): void {
  sample.sort((a, b) => a.id - b.id);
  sample.splice(sampled);
}

function account(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "");
  }
}
