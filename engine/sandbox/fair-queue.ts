import type { Job } from "./batch.ts";

const maxChars = 256 * 1024;

/** Messages that wait, in the order of each channel; channels take turns, so that none waits behind all of another's. */
export class FairQueue {
  /** The first is next. */
  readonly #channels = new Map<string, Job[]>();

  get size(): number {
    let size = 0;
    for (const jobs of this.#channels.values()) size += jobs.length;
    return size;
  }

  push(job: Job): void {
    const jobs = this.#channels.get(channelOf(job));
    if (jobs) jobs.push(job);
    else this.#channels.set(channelOf(job), [job]);
  }

  /** Gives back what was taken and did not run: it stands before what came later. */
  putBack(jobs: readonly Job[]): void {
    for (const job of jobs.toReversed()) {
      const waiting = this.#channels.get(channelOf(job));
      if (waiting) waiting.unshift(job);
      else this.#channels.set(channelOf(job), [job]);
    }
  }

  /** At most so many messages for one frame, an equal share of every channel that waits. */
  take(most: number): Job[] {
    const batch: Job[] = [];
    const share = Math.max(1, Math.floor(most / this.#channels.size));
    let chars = 0;
    for (const [channel, jobs] of [...this.#channels]) {
      let count = 0;
      while (count < jobs.length && count < share && batch.length + count < most) {
        chars += jobs[count]?.input.text.length ?? 0;
        if (chars > maxChars && batch.length + count > 0) break;
        count++;
      }
      if (count === 0) break;
      batch.push(...jobs.splice(0, count));
      this.#channels.delete(channel);
      if (jobs.length > 0) this.#channels.set(channel, jobs);
    }
    return batch;
  }

  takeChannel(channel: string): Job[] {
    const jobs = this.#channels.get(channel) ?? [];
    this.#channels.delete(channel);
    return jobs;
  }

  takeAll(): Job[] {
    return [...this.#channels.keys()].flatMap((channel) => this.takeChannel(channel));
  }
}

/** The name it runs under: revisions of one channel take turns as channels do. */
export function channelOf({ loaded }: Job): string {
  const { name, channel } = loaded.prepared.program;
  return name ?? channel;
}
