import type { Operations } from "../runtime/operations.ts";
import { EngineError } from "../sdk/index.ts";
import { bodyOf, textOf } from "./body.ts";
import type { Route, RouteRules } from "./routes.ts";

const states = ["open", "closed", "all"] as const;

/** Work lists: names and codes. What people wrote as a reason is for whoever has proven an account. */
export function workRoutes(operations: Operations, assurance: RouteRules["assurance"]): readonly Route[] {
  const rules = { phi: "none", assurance } as const;
  return [
    { ...rules, action: "work.list", method: "GET", path: "/api/work", handle: (c) => {
      const list = c.req.query("list");
      const state = states.find((each) => each === (c.req.query("state") ?? "open"));
      if (state === undefined) throw new EngineError("CON-103", { parameter: "state" });
      const [before, limit] = [numbered(c.req.query("before"), "before"), numbered(c.req.query("limit"), "limit")];
      const query = { ...(list !== undefined && { list }), ...(state !== "all" && { state }), ...(before !== undefined && { before }), limit: Math.min(1000, limit ?? 100) };
      return c.json({ items: operations.work.list(query).map(({ reason: _, ...item }) => item), counts: operations.work.counts() });
    } },
  ];
}

/** What only the engine's own account may do. */
export function workOrderRoutes({ work }: Operations): readonly Route[] {
  const rules = { phi: "none", assurance: "same-account" } as const;
  return [
    { ...rules, action: "work.read", method: "GET", path: "/api/work/:id", handle: (c) => {
      const item = work.item(itemId(c.req.param("id") ?? ""));
      if (!item) throw new EngineError("CAS-203");
      return c.json(item);
    } },
    { ...rules, action: "work.acknowledge", method: "POST", path: "/api/work/:id/ack", handle: async (c) => {
      const body = await bodyOf(c);
      return c.json(await work.acknowledge(itemId(c.req.param("id") ?? ""), textOf(body["by"], "by") ?? "", textOf(body["reason"], "reason")));
    } },
    { ...rules, action: "work.close", method: "POST", path: "/api/work/:id/close", handle: async (c) => {
      const body = await bodyOf(c);
      const [by, reason] = [textOf(body["by"], "by"), textOf(body["reason"], "reason")];
      return c.json(await work.close(itemId(c.req.param("id") ?? ""), by ?? "", reason ?? "", body["release"] === true));
    } },
  ];
}

/** `w12`, or the number alone. */
function itemId(text: string): number {
  const [, digits] = /^w?(\d{1,15})$/.exec(text) ?? [];
  if (digits === undefined) throw new EngineError("CAS-203");
  return Number(digits);
}

function numbered(text: string | undefined, parameter: string): number | undefined {
  if (text === undefined) return undefined;
  const digits = text.replace(/^w/, "");
  if (!/^\d{1,15}$/.test(digits)) throw new EngineError("CON-103", { parameter });
  return Number(digits);
}
