import type { Operations } from "../runtime/operations.ts";
import { bodyOf } from "./body.ts";
import type { Route } from "./routes.ts";

const rules = { phi: "none", assurance: "same-account" } as const;

/** Emergency access: what comes is signed by a person, and the signature counts, not who may open this socket. */
export function breakGlassRoutes({ breakGlass }: Operations): readonly Route[] {
  const signedOf = (body: Readonly<Record<string, unknown>>) => ({ document: body["document"], signature: String(body["signature"]) });
  return [
    { ...rules, action: "break-glass.list", method: "GET", path: "/api/break-glass", handle: (c) => c.json({ cases: breakGlass.list() }) },
    { ...rules, action: "break-glass.request", method: "POST", path: "/api/break-glass", handle: async (c) => c.json(breakGlass.request(signedOf(await bodyOf(c)))) },
    { ...rules, action: "break-glass.about", method: "GET", path: "/api/break-glass/about/:channel/:destination", handle: (c) => c.json(breakGlass.about(`${c.req.param("channel")}/${c.req.param("destination")}`)) },
    { ...rules, action: "break-glass.hash", method: "GET", path: "/api/break-glass/:id", handle: (c) => c.json(breakGlass.asked(c.req.param("id") ?? "")) },
    { ...rules, action: "break-glass.word", method: "POST", path: "/api/break-glass/:id", handle: async (c) =>
      c.json(breakGlass.say(c.req.param("id") ?? "", signedOf(await bodyOf(c)))) },
  ];
}
