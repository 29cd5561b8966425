import type { Cases } from "../../cases/index.ts";
import { type Clock, type Code, codeOf, type Timer } from "../../sdk/index.ts";
import type { Project } from "../../config/project.ts";
import type { PruneReport, RetentionRule, Store, StoreCare } from "../../store/store.ts";
import type { Events } from "../events.ts";

export interface RetentionParts {
  readonly store: Pick<Store, "counts"> & Pick<StoreCare, "prune">;
  /** What messages are about goes by the longest of the clocks: a case outlives its messages, and no later one is judged without it. */
  readonly cases?: Pick<Cases, "prune">;
  readonly clock: Clock;
  readonly events: Pick<Events, "log">;
  /** As of now: a reload may have changed what is kept for how long. */
  readonly project: () => Project;
}

/** The first look after a start, when the lanes are under way; then once an hour. */
const firstMs = 60_000;
const everyMs = 3_600_000;

/**
 * What the project keeps for how long, by channel. A channel's own clocks come before those of `sluice.yaml`, each by itself; what a channel left
 * behind that the project does not have any more goes by those of `sluice.yaml`.
 */
export function retentionRules({ settings, channels }: Project, lanes: readonly string[]): readonly RetentionRule[] {
  const names = new Set([...channels.map(({ name }) => name), ...lanes.map((lane) => lane.slice(0, lane.indexOf("/")))]);
  return [...names].flatMap((channel) => {
    const own = channels.find(({ name }) => name === channel)?.keep;
    const contentsMs = own?.contentsMs ?? settings.keep?.contentsMs;
    const metadataMs = own?.metadataMs ?? settings.keep?.metadataMs;
    if (contentsMs === undefined && metadataMs === undefined) return [];
    return [{ channel, ...(contentsMs === undefined ? {} : { contentsMs }), ...(metadataMs === undefined ? {} : { metadataMs }) }];
  });
}

/** How long something is known of every channel that keeps cases; `undefined`: for ever, or none does. */
function keptMs({ settings, channels }: Project): number | undefined {
  const clocks = channels.filter((channel) => channel.case).map(({ keep }) => keep?.metadataMs ?? settings.keep?.metadataMs);
  return clocks.reduce<number | undefined>((most, each, i) => (i === 0 ? each : most === undefined || each === undefined ? undefined : Math.max(most, each)), undefined);
}

/** Deletes once an hour what its retention allows, apart from the path of the messages. */
export class Retention {
  readonly #parts: RetentionParts;
  #timer: Timer | undefined;
  #running: Promise<unknown> = Promise.resolve();
  readonly #stopped = new AbortController();

  constructor(parts: RetentionParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#after(firstMs);
  }

  /** Ends after the step under way. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#timer?.cancel();
    await this.#running;
  }

  /** Now, for a person: counts, or with `apply` deletes. */
  async prune(apply: boolean): Promise<PruneReport> {
    const { store, clock, events, project, cases } = this.#parts;
    const rules = retentionRules(project(), store.counts().map(({ lane }) => lane));
    if (rules.length === 0) return { contents: 0, messages: 0, bytes: 0, keptBack: 0 };
    const kept = keptMs(project());
    if (apply && kept !== undefined) cases?.prune(clock.now() - kept);
    const report = await store.prune(rules, clock.now(), !apply, this.#stopped.signal);
    if (apply && report.contents + report.messages > 0) events.log("pruned", { ...report });
    return report;
  }

  #after(ms: number): void {
    this.#timer = this.#parts.clock.after(ms, () => {
      this.#running = this.prune(true)
        .catch((error: unknown) => this.#parts.events.log("prune-failed", { code: codeOf(error, notPruned) }))
        .finally(() => {
          if (!this.#stopped.signal.aborted) this.#after(everyMs);
        });
    });
  }
}

const notPruned: Code = "RUN-213";
