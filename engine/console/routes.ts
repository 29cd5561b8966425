import { Hono, type Context } from "hono";
import { codeOf, EngineError } from "../sdk/index.ts";

/** What a route is and what it asks of its caller. Without all three it is not served. */
export interface RouteRules {
  /** What is done, for the record: `status.read`, `entry.retry`, ... */
  readonly action: string;
  /** Whether the answer can hold patient data: never, masked, or in the clear. */
  readonly phi: "none" | "masked" | "clear";
  /** Who may ask: anyone on this machine, or the account that runs the engine. */
  readonly assurance: "loopback" | "same-account";
}

export interface Route extends RouteRules {
  readonly method: "GET" | "POST";
  readonly path: string;
  handle(c: Context): Response | Promise<Response>;
}

/** Builds an app of routes that all state their rules; refuses to build when one does not (DESIGN 9). */
export function appOf(routes: readonly Route[], serves: RouteRules["assurance"]): Hono {
  const app = new Hono();
  app.onError((error, c) => c.json({ code: codeOf(error, "CON-109"), ...detailOf(error, serves) }, statusOf(error)));
  app.notFound((c) => c.json({ code: "CON-104" }, 404));
  for (const route of routes) {
    if (!route.action || !route.phi || !route.assurance) throw new EngineError("CON-101", { route: `${route.method} ${route.path}` });
    if (serves === "loopback" && (route.phi !== "none" || route.assurance !== "loopback")) {
      throw new EngineError("CON-101", { route: `${route.method} ${route.path}`, reason: "asks for more than this door can prove" });
    }
    app.on(route.method, route.path, (c) => route.handle(c));
  }
  return app;
}

/** Names and numbers that go with a code; to whoever has proven an account. */
function detailOf(error: unknown, serves: RouteRules["assurance"]) {
  return error instanceof EngineError && serves === "same-account" ? { detail: error.safe } : {};
}

function statusOf(error: unknown) {
  const code = codeOf(error, "CON-109");
  if (code === "CON-104") return 404;
  if (code === "CON-103" || code === "CON-105") return 400;
  if (code === "CON-110" || code === "CON-111") return 503;
  return code === "CON-109" ? 500 : 409;
}
