import type { Context } from "hono";
import type { Operations } from "../runtime/operations.ts";
import { EngineError } from "../sdk/index.ts";
import { type AccessRecord, accessNotice } from "./access-record.ts";
import { bodyOf, numberOf, textOf } from "./body.ts";
import { isPurpose } from "./purposes.ts";
import type { Route } from "./routes.ts";

/** What an edit would change: paths and counts for everyone, values for a purpose and on record. */
export function compareRoutes(operations: Operations, access: AccessRecord): readonly Route[] {
  const asked = async (c: Context) => {
    const body = await bodyOf(c);
    const channel = textOf(body["channel"], "channel");
    if (channel === undefined) throw new EngineError("CON-103", { parameter: "channel" });
    return { channel, last: Math.max(1, numberOf(body["last"], "last") ?? 100), purpose: body["purpose"] };
  };
  return [
    { action: "replay.compare", phi: "none", assurance: "same-account", method: "POST", path: "/api/compare", handle: async (c) => c.json((await operations.compare(await asked(c))).comparison) },
    { action: "replay.values", phi: "clear", assurance: "same-account", method: "POST", path: "/api/compare/values", handle: async (c) => {
      const { purpose, ...request } = await asked(c);
      if (!isPurpose(purpose)) throw new EngineError("CON-105");
      const { comparison, values } = await operations.compare(request);
      for (const { message, destination } of values) {
        const seen = { message, purpose, as: "compare", parts: [`sent ${request.channel}/${destination}`] } as const;
        access.record(seen);
        await operations.disclose(accessNotice(seen));
      }
      return c.json({ ...comparison, values });
    } },
  ];
}
