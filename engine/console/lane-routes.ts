import type { Context } from "hono";
import type { Operations } from "../runtime/operations.ts";
import { EngineError } from "../sdk/index.ts";
import { bodyOf, textOf, textsOf } from "./body.ts";
import type { Route } from "./routes.ts";

const rules = { phi: "none", assurance: "same-account" } as const;

/** What operators tell lanes, and why lanes stand still. What people wrote as a reason is shown here alone. */
export function laneRoutes(operations: Operations): readonly Route[] {
  const { lanes, intake } = operations;
  const chosen = async (c: Context) => {
    const body = await bodyOf(c);
    const [channel, partner] = [textOf(body["channel"], "channel"), textOf(body["partner"], "partner")];
    const named = textsOf(body["lanes"], "lanes");
    // All lanes at once is never what somebody forgot to say.
    if (channel === undefined && partner === undefined && named === undefined) throw new EngineError("CON-103", { parameter: "lanes" });
    const found = operations.lanesOf({ ...(channel && { channel }), ...(partner && { partner }), ...(named && { lanes: named }) });
    return { lanes: found, reason: textOf(body["reason"], "reason") };
  };
  const partnerOf = async (c: Context) => {
    const partner = textOf((await bodyOf(c))["partner"], "partner");
    if (partner === undefined) throw new EngineError("CON-103", { parameter: "partner" });
    return partner;
  };
  return [
    { ...rules, action: "lane.orders", method: "GET", path: "/api/lanes/orders", handle: (c) => c.json({ orders: operations.orders() }) },
    { ...rules, action: "lane.pause", method: "POST", path: "/api/lanes/pause", handle: async (c) => {
      const { lanes: named, reason } = await chosen(c);
      if (reason === undefined) throw new EngineError("RUN-206", { kind: "pause" });
      await lanes.pause(named, reason);
      return c.json({ lanes: named });
    } },
    { ...rules, action: "lane.resume", method: "POST", path: "/api/lanes/resume", handle: async (c) => {
      const { lanes: named } = await chosen(c);
      await lanes.resume(named);
      return c.json({ lanes: named });
    } },
    { ...rules, action: "lane.retry", method: "POST", path: "/api/lanes/retry-now", handle: async (c) => {
      const { lanes: named } = await chosen(c);
      lanes.retryNow(named);
      return c.json({ lanes: named });
    } },
    { ...rules, action: "lane.first", method: "GET", path: "/api/lanes/first", handle: (c) => c.json({ entry: operations.first(c.req.query("lane") ?? "") }) },
    ...(["close", "open"] as const).map((what): Route => ({
      ...rules, action: `intake.${what}`, method: "POST", path: `/api/intake/${what}`, handle: async (c) => {
        const channels = textsOf((await bodyOf(c))["channels"], "channels") ?? [];
        return c.json({ channels: await intake[what](channels) });
      },
    })),
    { ...rules, action: "partner.hold", method: "POST", path: "/api/partners/hold", handle: async (c) => c.json({ lanes: lanes.hold(await partnerOf(c)) }) },
    { ...rules, action: "partner.release", method: "POST", path: "/api/partners/release", handle: async (c) => c.json({ lanes: lanes.release(await partnerOf(c)) }) },
  ];
}
