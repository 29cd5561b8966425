import type { Channel } from "../config/project.ts";
import { codeOf } from "../sdk/index.ts";
import { ChannelRunner, type RunnerParts } from "./channel-runner.ts";
import type { CurrentProject } from "./current-project.ts";
import { lanesOf, planReload, refuseWhileInFlight, type ReloadReport } from "./reload-plan.ts";
import { named } from "./safe-field.ts";

export interface ReloadParts extends RunnerParts {
  readonly now: CurrentProject;
}

/** How long the last messages of a channel that goes may take, once its source is closed. */
const patienceMs = 2_000;
const lookMs = 20;

/**
 * Takes the running channels from one project to the next, and touches those alone that differ. Runs to its end or not at all: when a
 * step fails, the steps before it are taken back, in reverse, and the promise rejects with the reason. `ready` is called with the channels that are
 * new or changed before anything happens to any: it compiles their code, and throws when that has mistakes.
 */
export async function reload(
  runners: Map<string, ChannelRunner>,
  next: CurrentProject,
  parts: ReloadParts,
  ready: (channels: readonly Channel[]) => Promise<void>,
): Promise<ReloadReport> {
  const { now, events } = parts;
  const before: CurrentProject = { ...now };
  const plan = planReload(before.project, next.project);
  const { lostLanes: _, reorderedLanes: _r, ...report } = plan;
  const channels = new Map(next.project.channels.map((channel) => [channel.name, channel]));
  const inFlight = () => refuseWhileInFlight(plan, parts.ports.store.counts());
  inFlight();
  await ready([...plan.added, ...plan.changed].flatMap((name) => channels.get(name) ?? []));
  inFlight();
  const undo: (() => Promise<unknown>)[] = [];
  try {
    for (const name of plan.removed) {
      const runner = runners.get(name);
      if (!runner) continue;
      undo.push(() => runner.open());
      await runner.close();
      await drained(runner, parts);
      inFlight();
    }
    Object.assign(now, next);
    undo.push(async () => void Object.assign(now, before));
    for (const [name, channel] of channels) {
      const runner = runners.get(name);
      const old = runner?.channel;
      if (runner && old) {
        await runner.adopt(channel);
        undo.push(() => runner.adopt(old));
      } else {
        const added = new ChannelRunner(channel, parts);
        undo.push(() => added.stop());
        await added.start();
        runners.set(name, added);
        undo.push(async () => runners.delete(name));
      }
    }
  } catch (error) {
    // The project of before first: what is adopted back is adopted toward its partners.
    Object.assign(now, before);
    for (const step of undo.reverse()) await step().catch((fault: unknown) => events.log("reload-not-undone", { code: codeOf(fault, "RUN-105") }));
    throw error;
  }
  for (const name of plan.removed) {
    await runners.get(name)?.stop();
    runners.delete(name);
  }
  for (const name of [...plan.added, ...plan.changed]) events.log("channel-reloaded", { channel: named(name), revision: channels.get(name)?.revision });
  for (const name of plan.removed) events.log("channel-removed", { channel: named(name) });
  return report;
}

/** Returns when nothing of the channel is in flight, or after a while all the same. */
async function drained(runner: ChannelRunner, { ports }: ReloadParts): Promise<void> {
  const lanes = new Set(lanesOf(runner.channel));
  const until = ports.clock.monotonic() + patienceMs;
  const isEmpty = () => ports.store.counts().every((count) => !lanes.has(count.lane) || count.waiting + count.held === 0);
  while (!isEmpty() && ports.clock.monotonic() < until) await new Promise<void>((resolve) => ports.clock.after(lookMs, resolve));
}
