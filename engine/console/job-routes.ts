import type { Operations } from "../runtime/operations.ts";
import { EngineError } from "../sdk/index.ts";
import { bodyOf, jobRequestOf, textOf } from "./body.ts";
import type { Route } from "./routes.ts";

const rules = { phi: "none", assurance: "same-account" } as const;

/** Bulk work: looked at first, started, watched, paused, resumed and stopped. Counts, names and codes. */
export function jobRoutes(operations: Operations): readonly Route[] {
  const { jobs } = operations;
  const id = (text: string | undefined) => {
    if (!/^\d{1,15}$/.test(text ?? "")) throw new EngineError("CON-103", { parameter: "id" });
    return Number(text);
  };
  return [
    { ...rules, action: "job.preview", method: "POST", path: "/api/jobs/preview", handle: async (c) => c.json(await jobs.preview(jobRequestOf(await bodyOf(c)))) },
    { ...rules, action: "job.start", method: "POST", path: "/api/jobs", handle: async (c) => {
      const request = jobRequestOf(await bodyOf(c));
      if (request.kind !== "retry" && request.reason === undefined) throw new EngineError("RUN-206", { kind: request.kind });
      if (request.kind !== "replay") return c.json(jobs.start(request));
      if (request.to === undefined || request.to.length === 0) throw new EngineError("CON-103", { parameter: "to" });
      // A name that nothing has is said before anything begins.
      operations.lanesOf({ lanes: request.to });
      return c.json(jobs.start(request));
    } },
    { ...rules, action: "job.list", method: "GET", path: "/api/jobs", handle: (c) => c.json({ jobs: jobs.list() }) },
    { ...rules, action: "job.read", method: "GET", path: "/api/jobs/:id", handle: (c) => c.json(jobs.find(id(c.req.param("id")))) },
    { ...rules, action: "job.pause", method: "POST", path: "/api/jobs/:id/pause", handle: (c) => c.json(jobs.pause(id(c.req.param("id")))) },
    { ...rules, action: "job.resume", method: "POST", path: "/api/jobs/:id/resume", handle: async (c) => {
      const { reason } = await bodyOf(c);
      return c.json(jobs.resume(id(c.req.param("id")), textOf(reason, "reason")));
    } },
    { ...rules, action: "job.stop", method: "POST", path: "/api/jobs/:id/stop", handle: async (c) => c.json(await jobs.stop(id(c.req.param("id")))) },
  ];
}
