import { type Clock, type Code, codeOf, sleep } from "../../sdk/index.ts";
import type { JobRequest, JobState, JobView } from "./job.ts";

/** One thing to do: an entry, or for a replay a message. */
export interface Item {
  readonly lane: string;
  readonly id: number;
}

export interface RunningJobParts {
  readonly clock: Clock;
  /** Looks for what is to be done, in the order of receipt. */
  readonly look: (signal: AbortSignal) => Promise<readonly Item[]>;
  readonly act: (item: Item) => Promise<void>;
  /** Told at each change of state, and now and then on the way. */
  readonly onChange: (job: RunningJob) => void;
}

/** Without a rate, so many go into one commit. */
const together = 64;
/** How late a timer may be. */
const lateMs = 50;
/** One that is being sent, or in a lane that the project does not have any more. */
const leftAlone: ReadonlySet<Code> = new Set<Code>(["RUN-203", "RUN-108"]);
/** How often progress is told. */
const tellMs = 500;

/** A job at work: its items one after the other, in order, at its rate; paused, resumed and stopped between two of them. */
export class RunningJob {
  readonly #parts: RunningJobParts;
  readonly #first: JobView;
  readonly request: JobRequest;
  readonly ended: Promise<void>;
  #state: JobState = "looking";
  #total = 0;
  #done = 0;
  #passed = 0;
  #code: Code | undefined;
  #endedAt: number | undefined;
  #stop = new AbortController();
  #paused = false;
  #go: (() => void) | undefined;
  #told = 0;

  constructor(first: JobView, request: JobRequest, parts: RunningJobParts) {
    this.#first = first;
    this.request = request;
    this.#parts = parts;
    this.#done = first.done;
    this.#passed = first.passed;
    this.ended = this.#run();
  }

  get view(): JobView {
    return {
      ...this.#first,
      state: this.#state,
      total: this.#total,
      done: this.#done,
      passed: this.#passed,
      ...(this.#code === undefined ? {} : { code: this.#code }),
      ...(this.#endedAt === undefined ? {} : { endedAt: this.#endedAt }),
    };
  }

  get isOver(): boolean {
    return this.#endedAt !== undefined;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#go?.();
  }

  /** Ends after the item under way; `as`: why. */
  stop(as: "stopped" | "interrupted" = "stopped"): Promise<void> {
    if (!this.isOver) this.#state = as;
    this.#stop.abort();
    this.#go?.();
    return this.ended;
  }

  async #run(): Promise<void> {
    // Whoever starts a job gets it back before it does anything.
    await Promise.resolve();
    const { clock, look, onChange } = this.#parts;
    try {
      const items = await look(this.#stop.signal);
      this.#total = this.#done + this.#passed + items.length;
      if (!this.#stop.signal.aborted) {
        this.#to("running");
        await this.#work(items);
      }
      if (!this.#stop.signal.aborted) this.#state = "done";
    } catch (error) {
      this.#code = codeOf(error, "RUN-202");
      this.#state = "failed";
    }
    this.#endedAt = clock.now();
    onChange(this);
  }

  async #work(items: readonly Item[]): Promise<void> {
    const { clock } = this.#parts;
    const { perSecond } = this.request;
    const step = perSecond === undefined ? together : 1;
    let due = clock.monotonic();
    for (let at = 0; at < items.length; at += step) {
      if (perSecond !== undefined) {
        const wait = due - clock.monotonic();
        if (wait > 0) await sleep(clock, wait, this.#stop.signal);
        // A late timer is made up for; a pause or a slow disk is not.
        due = Math.max(due, clock.monotonic() - lateMs) + 1000 / perSecond;
      }
      await this.#whilePaused();
      if (this.#stop.signal.aborted) return;
      await Promise.all(items.slice(at, at + step).map((item) => this.#one(item)));
      this.#tell();
    }
  }

  async #one(item: Item): Promise<void> {
    try {
      await this.#parts.act(item);
      this.#done++;
    } catch (error) {
      // Somebody was faster, it is gone, or nothing runs its lane: that is no fault. A record that cannot be written is.
      const code = codeOf(error, "RUN-202");
      if (!code.startsWith("STO-3") && !leftAlone.has(code)) throw error;
      this.#passed++;
    }
  }

  async #whilePaused(): Promise<void> {
    if (!this.#paused || this.#stop.signal.aborted) return;
    this.#to("paused");
    await new Promise<void>((resolve) => {
      this.#go = resolve;
    });
    this.#go = undefined;
    if (!this.#stop.signal.aborted) this.#to("running");
  }

  #to(state: JobState): void {
    this.#state = state;
    this.#parts.onChange(this);
  }

  #tell(): void {
    const now = this.#parts.clock.monotonic();
    if (now - this.#told < tellMs) return;
    this.#told = now;
    this.#parts.onChange(this);
  }
}
