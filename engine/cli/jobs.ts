import type { JobView } from "../runtime/operator/job.ts";
import { watchJob } from "./bulk.ts";
import type { Call, ExitCode } from "./command.ts";
import type { LiveDoor } from "./door.ts";
import { renderTable } from "./render-table.ts";
import { time } from "./time-text.ts";
import { wrongCall } from "./wrong-call.ts";

/** `jobs`, `jobs pause 3`, `jobs resume 3`, `jobs stop 3`, `jobs watch 3`: bulk work in the engine. */
export async function jobs(call: Call, door: LiveDoor, command: string): Promise<ExitCode> {
  const { terminal, words, json, flags } = call;
  const [, what, text] = words;
  if (what === undefined) return list(call, await door.jobs());
  const id = /^\d{1,15}$/.test(text ?? "") ? Number(text) : undefined;
  if (id === undefined) return wrongCall(terminal, `${command} jobs ${what} needs the number of a job`, command);
  const reason = typeof flags["reason"] === "string" ? flags["reason"] : undefined;
  const view = what === "pause" ? await door.pauseJob(id) : what === "resume" ? await door.resumeJob(id, reason) : what === "stop" ? await door.stopJob(id) : undefined;
  if (what === "watch") return watchJob(call, door, await door.job(id));
  if (view === undefined) return wrongCall(terminal, `no "jobs ${what}"; there is pause, resume, stop and watch`, command);
  terminal.out(json ? JSON.stringify(view) : `job ${id} ${view.state}: ${view.done} of ${view.total}`);
  return 0;
}

function list({ terminal, json }: Call, views: readonly JobView[]): ExitCode {
  if (json) for (const view of views) terminal.out(JSON.stringify(view));
  else if (views.length === 0) terminal.out("no jobs");
  else {
    terminal.out(
      renderTable(
        [
          { title: "JOB", right: true, cell: (job) => String(job.id) },
          { title: "WHAT", cell: (job) => (job.to ? `${job.kind} to ${job.to.join(", ")}` : job.kind) },
          { title: "STATE", cell: (job) => [job.state, job.code].filter(Boolean).join(" ") },
          { title: "DONE", right: true, cell: (job) => `${job.done}/${job.total}` },
          { title: "PASSED", right: true, cell: (job) => String(job.passed) },
          { title: "RATE", right: true, cell: (job) => (job.perSecond === undefined ? "" : `${job.perSecond}/s`) },
          { title: "BY", cell: (job) => job.by },
          { title: "STARTED", cell: (job) => time(job.startedAt) },
        ],
        views,
      ),
    );
  }
  return 0;
}
