import { Hono } from "hono";
import type { Operations } from "../runtime/operations.ts";
import { css, liveScript } from "./assets.ts";
import { timelineOf } from "./contents.ts";
import { liveStream } from "./live.ts";
import { page } from "./page.ts";
import { onlyLoopbackNames, strictHeaders } from "./protect.ts";
import { listQuery, messageId } from "./query.ts";
import { appOf, type Route, type RouteRules } from "./routes.ts";
import { workRoutes } from "./work-routes.ts";
import { EngineError } from "../sdk/index.ts";

/** The read-only console over TCP: pages and JSON without contents, health for supervisors. Loopback only until identity exists. */
export function consoleApp(operations: Operations, map?: () => string): Hono {
  const app = new Hono();
  app.use(strictHeaders());
  app.use(onlyLoopbackNames());
  app.route("/", appOf([...consoleRoutes(operations), ...mapRoutes(map)], "loopback"));
  app.notFound((c) => c.json({ code: "CON-104" }, 404));
  return app;
}

/** Rules of whatever shows counts, names and codes alone. */
function open(action: string): RouteRules {
  return { action, phi: "none", assurance: "loopback" };
}

function consoleRoutes(operations: Operations): readonly Route[] {
  return [
    { ...open("status.read"), method: "GET", path: "/", handle: async (c) => c.html(await page(operations.status())) },
    { ...open("status.read"), method: "GET", path: "/live", handle: liveStream(operations) },
    { ...open("asset.read"), method: "GET", path: "/console.css", handle: (c) => c.body(css, 200, { "Content-Type": "text/css; charset=utf-8" }) },
    { ...open("asset.read"), method: "GET", path: "/live.js", handle: (c) => c.body(liveScript, 200, { "Content-Type": "text/javascript; charset=utf-8" }) },
    { ...open("health.read"), method: "GET", path: "/livez", handle: (c) => c.json({ live: true }) },
    { ...open("health.read"), method: "GET", path: "/readyz", handle: async (c) => {
      if (await operations.ready()) return c.json({ ready: true });
      return c.json({ ready: false, code: operations.status().code }, 503);
    } },
    ...readRoutes(operations, "loopback"),
    ...workRoutes(operations, "loopback"),
  ];
}

/** The boundary as a picture: names of the configuration alone. */
function mapRoutes(map: (() => string) | undefined): readonly Route[] {
  if (!map) return [];
  return [{ ...open("map.read"), method: "GET", path: "/map.svg", handle: (c) => c.body(map(), 200, { "Content-Type": "image/svg+xml; charset=utf-8" }) }];
}

/** What both doors serve: status, lists and timelines, without contents. */
export function readRoutes(operations: Operations, assurance: RouteRules["assurance"]): readonly Route[] {
  return [
    { action: "status.read", phi: "none", assurance, method: "GET", path: "/api/status", handle: (c) => c.json(operations.status()) },
    { action: "message.list", phi: "none", assurance, method: "GET", path: "/api/messages", handle: (c) => {
      const messages = operations.messages(listQuery(c));
      return c.json({ messages, ...(messages.more === undefined ? {} : { more: messages.more }) });
    } },
    { action: "message.read", phi: "none", assurance, method: "GET", path: "/api/messages/:id", handle: (c) => {
      const found = operations.message(messageId(c.req.param("id") ?? ""));
      if (!found) throw new EngineError("CON-104");
      return c.json(timelineOf(found));
    } },
    { action: "dead.list", phi: "none", assurance, method: "GET", path: "/api/dead", handle: (c) => c.json({ entries: operations.dead(listQuery(c)) }) },
  ];
}
