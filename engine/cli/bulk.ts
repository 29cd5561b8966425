import { ageText } from "../console/presenter.ts";
import { systemClock } from "../runtime/clock.ts";
import type { JobRequest, JobView, Preview } from "../runtime/operator/job.ts";
import { sleep } from "../sdk/ports.ts";
import type { Call, ExitCode } from "./command.ts";
import type { LiveDoor } from "./door.ts";
import { rateOf } from "./rate.ts";
import { selectionFlags, selectionOf } from "./selection-flags.ts";
import { time } from "./time-text.ts";
import { wrongCall } from "./wrong-call.ts";

/** Flags of whatever is done to many. */
export const bulkFlags = {
  ...selectionFlags,
  preview: { type: "boolean" },
  yes: { type: "boolean", short: "y" },
  rate: { type: "string" },
  reason: { type: "string" },
  detach: { type: "boolean" },
} as const;

export const bulkUsage = "[--preview] [--rate 5/s] [--yes] [--detach]";

/** What a call asks for; a text says what is wrong with it. */
export function bulkRequest({ flags }: Call, kind: JobRequest["kind"], more: Partial<JobRequest> = {}): JobRequest | string {
  const selection = selectionOf(flags, systemClock.now());
  if (typeof selection === "string") return selection;
  const { rate, reason } = flags as Readonly<Record<string, string | undefined>>;
  const perSecond = rate === undefined ? undefined : rateOf(rate);
  if (rate !== undefined && perSecond === undefined) return "--rate takes a number and a time: 5/s, 30/m";
  if (kind !== "retry" && flags["preview"] !== true && (reason ?? "").trim() === "") return `${kind} needs a --reason; it is kept sealed with each message`;
  return { kind, selection: { ...selection, ...more.selection }, ...(more.to && { to: more.to }), ...(perSecond && { perSecond }), ...(reason && { reason }) };
}

/** Shows what is meant, asks, starts the work in the engine and watches it; Ctrl-C stops it between two messages and says where it stands. */
export async function bulk(call: Call, door: LiveDoor, request: JobRequest): Promise<ExitCode> {
  const { terminal, flags, json } = call;
  const preview = await door.preview(request);
  if (flags["preview"] === true) {
    terminal.out(json ? JSON.stringify(preview) : previewText(preview, request));
    return 0;
  }
  if (preview.entries === 0) {
    terminal.out(json ? JSON.stringify({ total: 0, done: 0, passed: 0, state: "done" }) : "nothing is meant by this: no message matches");
    return 0;
  }
  if (flags["yes"] !== true) {
    if (!terminal.ask) return wrongCall(terminal, `this would ${request.kind} ${preview.entries}; where nobody can be asked it needs --yes (look first with --preview)`);
    terminal.out(previewText(preview, request));
    const answer = await terminal.ask(`${request.kind} ${preview.entries}?`, "no");
    if (!/^y(es)?$/i.test(answer)) {
      terminal.out("nothing was done");
      return 1;
    }
  }
  const job = await door.startJob(request);
  if (flags["detach"] === true) {
    terminal.out(json ? JSON.stringify(job) : `job ${job.id} works in the engine; sluice dead jobs shows it`);
    return 0;
  }
  return watchJob(call, door, job);
}

/** Waits for the end of a job, telling on the way. */
export async function watchJob({ terminal, json }: Call, door: LiveDoor, started: JobView): Promise<ExitCode> {
  let job = started;
  let told = systemClock.monotonic();
  let wait = 20;
  while (job.endedAt === undefined && job.state !== "interrupted") {
    if (!(await sleep(systemClock, wait, terminal.signal))) {
      job = await door.stopJob(job.id);
      break;
    }
    wait = Math.min(250, wait * 2);
    job = await door.job(job.id);
    if (systemClock.monotonic() - told < tellMs || job.endedAt !== undefined) continue;
    told = systemClock.monotonic();
    terminal.err(progressText(job));
  }
  terminal.out(json ? JSON.stringify(job) : endText(job));
  return job.state === "done" ? 0 : 1;
}

/** How often progress is told. */
const tellMs = 2_000;

function progressText(job: JobView): string {
  const left = job.perSecond === undefined ? "" : `, about ${ageText(((job.total - job.done - job.passed) / job.perSecond) * 1000)} left`;
  return `job ${job.id} ${job.kind}: ${job.state}, ${job.done} of ${job.total}${left}`;
}

function endText(job: JobView): string {
  const verb = { retry: "put back", discard: "given up", cancel: "cancelled", replay: "replayed" }[job.kind];
  const why = job.kind === "replay" ? "wait there already, or their content is not kept any more" : "had changed meanwhile and were left alone";
  const passed = job.passed === 0 ? "" : `; ${job.passed} ${why}`;
  const left = job.total - job.done - job.passed;
  const rest = left === 0 ? "" : `; ${left} were not touched`;
  return `job ${job.id} ${job.state}${job.code ? ` ${job.code}` : ""}: ${job.done} of ${job.total} ${verb}${passed}${rest}`;
}

function previewText(preview: Preview, { kind, to }: JobRequest): string {
  const counts = (title: string, by: Readonly<Record<string, number>>) =>
    Object.entries(by).sort(([, a], [, b]) => b - a).map(([name, count]) => `  ${title} ${name}: ${count}`);
  const span = preview.oldestAt === undefined ? [] : [`  received ${time(preview.oldestAt)} to ${time(preview.newestAt ?? preview.oldestAt)}`];
  const sample = preview.sample.map(({ lane, id, state, code }) => `  m${id} ${lane} ${[state, code].filter(Boolean).join(" ")}`);
  const more = preview.entries > preview.sample.length ? [`  … and ${preview.entries - preview.sample.length} more`] : [];
  return [
    `${kind}: ${preview.entries} ${preview.entries === 1 ? "entry" : "entries"} of ${preview.messages} messages${to ? ` to ${to.join(", ")}` : ""}`,
    ...counts("in", preview.byLane),
    ...counts("at", preview.byEnd),
    ...span,
    ...sample,
    ...more,
  ].join("\n");
}

