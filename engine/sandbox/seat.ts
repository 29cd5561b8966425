import type { Code, Timer } from "../sdk/index.ts";
import { codeOf, EngineError } from "../sdk/index.ts";
import { batchFrame, type Job, type Loaded, loadFrame, patience } from "./batch.ts";
import { channelOf, FairQueue } from "./fair-queue.ts";
import { failure, readAnswer } from "./reading.ts";
import type { Walls } from "./sandbox.ts";
import type { SyntaxMistake } from "./worker/check.ts";
import { type FrameReader, FrameWriter, kind, status } from "./worker/wire.ts";
import { type WorkerOptions, WorkerProcess } from "./worker-process.ts";

export interface SeatOptions extends WorkerOptions {
  readonly rssLimitBytes: number;
  readonly onKill: ((reason: Code) => void) | undefined;
  /** Messages of one frame. */
  readonly most: number;
  /** A worker whose network is open is not used. */
  readonly closed: boolean;
  /** Told of a channel whose code was stopped or may have ended the worker, with those of its messages that have not run. */
  readonly onSuspect: (channel: string, jobs: readonly Job[]) => void;
}

/** Syntax of one channel to be checked. */
interface Check {
  readonly loaded: Loaded;
  done(mistakes: readonly SyntaxMistake[]): void;
  failed(code: Code): void;
}

const pollMs = 100;
const startsTried = 3;

/**
 * The seat of one worker. It gives the worker one batch at a time, watches its silence and its memory, and when it dies
 * or is killed puts another in its place. A dead worker may have died of the first message it had not answered: that
 * channel is suspect, and its messages run elsewhere, one by one. The others run again, so that only the one that kills is charged.
 */
export class Seat {
  readonly #options: SeatOptions;
  readonly #writer = new FrameWriter();
  readonly #known = new Set<number>();
  readonly #waiting = new FairQueue();
  readonly #checks: Check[] = [];
  #flight: Job[] = [];
  #checking: Check | undefined;
  #worker: WorkerProcess | undefined;
  #watch: Timer | undefined;
  #lastSign = 0;
  #silence = 0;
  #reason: Code | undefined;
  #scheduled = false;
  #closed = false;

  constructor(options: SeatOptions) {
    this.#options = options;
  }

  async open(): Promise<Walls> {
    this.#worker = await this.#start();
    return this.#worker.walls;
  }

  get load(): number {
    return this.#waiting.size + this.#flight.length;
  }

  get pid(): number | undefined {
    return this.#worker?.pid;
  }

  run(job: Job): void {
    this.#waiting.push(job);
    this.#schedule();
  }

  /** Takes over messages of another worker, to run before what waits here. */
  putBack(jobs: readonly Job[]): void {
    this.#waiting.putBack(jobs);
    this.#schedule();
  }

  /** Waiting messages of a channel, to be run elsewhere. */
  takeWaiting(channel: string): readonly Job[] {
    return this.#waiting.takeChannel(channel);
  }

  check(loaded: Loaded): Promise<readonly SyntaxMistake[]> {
    return new Promise((resolve, reject) => {
      this.#checks.push({ loaded, done: resolve, failed: (code) => reject(new EngineError(code)) });
      this.#schedule();
    });
  }

  forget(handle: number): void {
    if (!this.#known.delete(handle)) return;
    this.#worker?.send(this.#writer.start(kind.unload).u32(handle).end());
  }

  close(): void {
    this.#closed = true;
    this.#watch?.cancel();
    this.#worker?.kill();
    this.#worker = undefined;
    this.#failAll("SBX-304");
  }

  /** Everything that arrives in one turn of the event loop shares a frame. */
  #schedule(): void {
    if (this.#scheduled || !this.#idle()) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#pump();
    });
  }

  #idle(): boolean {
    return this.#worker !== undefined && this.#flight.length === 0 && this.#checking === undefined;
  }

  #pump(): void {
    const worker = this.#worker;
    if (!worker || !this.#idle()) return;
    const check = this.#checks.shift();
    if (check) {
      this.#checking = check;
      this.#known.add(check.loaded.handle);
      worker.send(loadFrame(this.#writer, check.loaded, true));
      this.#watchFor(check.loaded.prepared.program.limits.timeoutMs + checkMs);
      return;
    }
    this.#flight = this.#waiting.take(this.#options.most);
    if (this.#flight.length === 0) return;
    for (const { loaded } of this.#flight) {
      if (this.#known.has(loaded.handle)) continue;
      this.#known.add(loaded.handle);
      worker.send(loadFrame(this.#writer, loaded, false));
    }
    try {
      worker.run(batchFrame(this.#writer, this.#flight));
    } catch (error) {
      return this.#failAll(codeOf(error, "SBX-302"));
    }
    this.#watchFor(patience(this.#flight));
  }

  /** Throws for what was not asked for; then the worker is killed. Only an answer that was is a sign of life. */
  #frame(frameKind: number, frame: FrameReader): void {
    if (frameKind === kind.results) this.#results(frame);
    else if (frameKind === kind.loaded && this.#checking) this.#checked(this.#checking, frame);
    else throw new RangeError("a frame that nobody asked for");
    this.#lastSign = this.#options.clock.monotonic();
    if (this.#idle()) this.#pump();
  }

  #checked(check: Check, frame: FrameReader): void {
    const mistakes: unknown = JSON.parse(frame.text());
    frame.finish();
    if (!Array.isArray(mistakes)) throw new RangeError("no list of mistakes");
    this.#checking = undefined;
    check.done(mistakes as SyntaxMistake[]);
  }

  /** The whole frame is read before any message gets its answer. */
  #results(frame: FrameReader): void {
    const count = frame.u32();
    if (count === 0 || count > this.#flight.length) throw new RangeError("not as many results as messages");
    const answers = Array.from({ length: count }, () => [frame.u8(), frame.text()] as const);
    frame.finish();
    const suspects = new Map<string, Job[]>();
    for (const [workerStatus, answer] of answers) {
      const job = this.#flight.shift() as Job;
      const unrun = workerStatus === status.unrun && this.#options.most > 1;
      if (!unrun) job.done(readAnswer(job.loaded.prepared, job.input, workerStatus, answer));
      if (!unrun && workerStatus !== status.timeout && workerStatus !== status.memory) continue;
      const jobs = suspects.get(channelOf(job)) ?? [];
      suspects.set(channelOf(job), jobs);
      if (unrun) jobs.push(job);
    }
    for (const [channel, jobs] of suspects) this.#options.onSuspect(channel, jobs);
  }

  /** One timer that runs only while the worker has work. */
  #watchFor(silence: number): void {
    this.#silence = silence;
    this.#lastSign = this.#options.clock.monotonic();
    this.#watch ??= this.#options.clock.after(pollMs, () => this.#look());
  }

  #look(): void {
    this.#watch = undefined;
    const worker = this.#worker;
    if (!worker || this.#idle()) return;
    const silent = this.#options.clock.monotonic() - this.#lastSign;
    if (worker.rss > this.#options.rssLimitBytes) this.#kill(worker, "SBX-203");
    else if (silent > this.#silence) this.#kill(worker, "SBX-202");
    else this.#watch = this.#options.clock.after(pollMs, () => this.#look());
  }

  #kill(worker: WorkerProcess, reason: Code): void {
    this.#reason = reason;
    worker.kill();
  }

  #died(): void {
    if (this.#closed) return;
    const reason = this.#reason ?? "SBX-208";
    this.#reason = undefined;
    this.#worker = undefined;
    this.#known.clear();
    this.#watch?.cancel();
    this.#watch = undefined;
    this.#options.onKill?.(reason);
    const held = this.#flight;
    this.#flight = [];
    const [first] = held;
    if (first) {
      const channel = channelOf(first);
      if (held.length === 1) first.done(failure(first.loaded.prepared, reason));
      this.#waiting.putBack(held.filter((job) => channelOf(job) !== channel));
      this.#options.onSuspect(channel, held.length === 1 ? [] : held.filter((job) => channelOf(job) === channel));
    }
    this.#checking?.failed(reason);
    this.#checking = undefined;
    void this.#replace(startsTried);
  }

  /** Starts the worker of a seat that nobody opened. */
  start(): void {
    void this.#replace(startsTried);
  }

  async #replace(tries: number): Promise<void> {
    try {
      const worker = await this.#start();
      if (this.#closed) return worker.kill();
      this.#worker = worker;
      this.#pump();
    } catch {
      if (tries > 1) return this.#replace(tries - 1);
      this.#failAll("SBX-302");
      this.#options.clock.after(1000, () => void (this.#closed || this.#replace(startsTried)));
    }
  }

  async #start(): Promise<WorkerProcess> {
    let refused = false;
    const worker = await WorkerProcess.start(this.#options, {
      frame: (frameKind, frame) => this.#frame(frameKind, frame),
      exit: () => refused || this.#died(),
    });
    if (worker.walls.network || !this.#options.closed) return worker;
    refused = true;
    worker.kill();
    throw new EngineError("SBX-301");
  }

  #failAll(code: Code): void {
    const jobs = [...this.#flight, ...this.#waiting.takeAll()];
    this.#flight = [];
    for (const job of jobs) job.done(failure(job.loaded.prepared, code));
    for (const check of this.#checks.splice(0)) check.failed(code);
    this.#checking?.failed(code);
    this.#checking = undefined;
  }
}

const checkMs = 5000;
