import type { Context, Hono } from "hono";
import type { Operations } from "../runtime/operations.ts";
import { EngineError } from "../sdk/index.ts";
import type { MessageDetail } from "../store/store.ts";
import { type AccessRecord, accessNotice } from "./access-record.ts";
import { readRoutes } from "./console-app.ts";
import { partsOf, show } from "./contents.ts";
import { bodyOf, numberOf, selectionOf, textOf } from "./body.ts";
import { breakGlassRoutes } from "./break-glass-routes.ts";
import { careRoutes } from "./care-routes.ts";
import { compareRoutes } from "./compare-routes.ts";
import { disclosureRoutes } from "./disclosure-routes.ts";
import { eventStream } from "./event-stream.ts";
import { jobRoutes } from "./job-routes.ts";
import { laneRoutes } from "./lane-routes.ts";
import { isPurpose, type Purpose } from "./purposes.ts";
import { messageId } from "./query.ts";
import { workOrderRoutes, workRoutes } from "./work-routes.ts";
import { appOf, type Route } from "./routes.ts";

/** What the command line may do to a running engine; served on a socket that only the engine's own account can open. */
export function controlApp(operations: Operations, access: AccessRecord): Hono {
  const routes = [...readRoutes(operations, "same-account"), ...controlRoutes(operations, access), ...jobRoutes(operations), ...laneRoutes(operations), ...compareRoutes(operations, access), ...careRoutes(operations), ...disclosureRoutes(operations), ...breakGlassRoutes(operations), ...workRoutes(operations, "same-account"), ...workOrderRoutes(operations)];
  return appOf(routes, "same-account");
}

function controlRoutes(operations: Operations, access: AccessRecord): readonly Route[] {
  const assurance = "same-account";
  const detail = (c: Context) => {
    const found = operations.message(messageId(c.req.param("id") ?? ""));
    if (!found) throw new EngineError("CON-104");
    return found;
  };
  const shown = (found: MessageDetail, purpose?: Purpose, how?: "show" | "export") => show(found, operations.channel(found.channel), purpose, how);
  return [
    { action: "engine.alive", phi: "none", assurance, method: "GET", path: "/api/alive", handle: (c) => c.json({ alive: true }) },
    { action: "message.views", phi: "none", assurance, method: "GET", path: "/api/views", handle: (c) => {
      const message = c.req.query("message");
      const views = access.views(message === undefined ? undefined : messageId(message));
      return c.json({ views, ...(views.unreadable === undefined ? {} : { unreadable: views.unreadable }) });
    } },
    { action: "event.follow", phi: "none", assurance, method: "GET", path: "/api/events", handle: eventStream(operations) },
    // What is looked for can be a control id, so it does not stand in a URL.
    { action: "message.search", phi: "none", assurance, method: "POST", path: "/api/messages/search", handle: async (c) => {
      const body = await bodyOf(c);
      const [before, limit] = [numberOf(body["before"], "before"), numberOf(body["limit"], "limit")];
      const selection = selectionOf(body["selection"]);
      const found = await operations.search({ ...selection, limit: Math.min(1000, limit || 50), ...(before === undefined ? {} : { before }) });
      const lanes = selection.partner === undefined ? {} : { lanes: operations.lanesOf(selection) };
      return c.json({ messages: found, ...(found.more === undefined ? {} : { more: found.more }), ...lanes });
    } },
    { action: "message.masked", phi: "masked", assurance, method: "GET", path: "/api/messages/:id/contents", handle: (c) => c.json(shown(detail(c))) },
    { action: "message.contents", phi: "clear", assurance, method: "POST", path: "/api/messages/:id/contents", handle: async (c) => {
      const { purpose, as } = await bodyOf(c);
      if (!isPurpose(purpose)) throw new EngineError("CON-105");
      const found = detail(c);
      const how = as === "export" ? "export" : "show";
      const seen = { message: found.id, purpose, as: how, parts: partsOf(found) } as const;
      access.record(seen);
      await operations.disclose(accessNotice(seen));
      return c.json(shown(found, purpose, how));
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
    { action: "entry.resolve", phi: "none", assurance, method: "POST", path: "/api/entries/resolve", handle: async (c) => {
      const body = await bodyOf(c);
      const { lane, id } = entryOf(body);
      const { what } = body;
      if (what !== "arrived" && what !== "resend") throw new EngineError("CON-103", { parameter: "what" });
      await operations.resolve(lane, id, what, textOf(body["by"], "by") ?? "", textOf(body["reason"], "reason") ?? "");
      return c.json({ lane, id });
    } },
  ];
}

function entryOf({ lane, id }: Record<string, unknown>) {
  if (typeof lane !== "string") throw new EngineError("CON-103", { parameter: "lane" });
  return { lane, id: messageId(String(id)) };
}
