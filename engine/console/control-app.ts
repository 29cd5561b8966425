import type { Context, Hono } from "hono";
import type { Operations } from "../runtime/operations.ts";
import { EngineError } from "../sdk/index.ts";
import type { RecordAccess } from "./access-record.ts";
import { readRoutes } from "./console-app.ts";
import { isPurpose, show } from "./contents.ts";
import { eventStream } from "./event-stream.ts";
import { messageId } from "./query.ts";
import { appOf, type Route } from "./routes.ts";

/** What the command line may do to a running engine; served on a socket that only the engine's own account can open. */
export function controlApp(operations: Operations, record: RecordAccess): Hono {
  return appOf([...readRoutes(operations, "same-account"), ...controlRoutes(operations, record)], "same-account");
}

function controlRoutes(operations: Operations, record: RecordAccess): readonly Route[] {
  const assurance = "same-account";
  const detail = (c: Context) => {
    const found = operations.message(messageId(c.req.param("id") ?? ""));
    if (!found) throw new EngineError("CON-104");
    return found;
  };
  return [
    { action: "event.follow", phi: "none", assurance, method: "GET", path: "/api/events", handle: eventStream(operations) },
    { action: "message.masked", phi: "masked", assurance, method: "GET", path: "/api/messages/:id/contents", handle: (c) => c.json(show(detail(c))) },
    { action: "message.contents", phi: "clear", assurance, method: "POST", path: "/api/messages/:id/contents", handle: async (c) => {
      const { purpose } = await bodyOf(c);
      if (!isPurpose(purpose)) throw new EngineError("CON-105");
      const found = detail(c);
      record(found.id, purpose);
      return c.json(show(found, purpose));
    } },
    { action: "entry.retry", phi: "none", assurance, method: "POST", path: "/api/entries/retry", handle: async (c) => {
      const { lane, id } = entryOf(await bodyOf(c));
      await operations.retry(lane, id);
      return c.json({ lane, id });
    } },
    { action: "entry.discard", phi: "none", assurance, method: "POST", path: "/api/entries/discard", handle: async (c) => {
      const body = await bodyOf(c);
      const { lane, id } = entryOf(body);
      if (typeof body["reason"] !== "string" || body["reason"].trim() === "") throw new EngineError("CON-103", { parameter: "reason" });
      await operations.discard(lane, id, body["reason"]);
      return c.json({ lane, id });
    } },
  ];
}

async function bodyOf(c: Context): Promise<Record<string, unknown>> {
  const body: unknown = await c.req.json().catch(() => undefined);
  if (typeof body !== "object" || body === null) throw new EngineError("CON-103", { parameter: "body" });
  return body as Record<string, unknown>;
}

function entryOf({ lane, id }: Record<string, unknown>) {
  if (typeof lane !== "string") throw new EngineError("CON-103", { parameter: "lane" });
  return { lane, id: messageId(String(id)) };
}
