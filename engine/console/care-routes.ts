import { isAbsolute } from "node:path";
import type { Operations } from "../runtime/operations.ts";
import { EngineError } from "../sdk/index.ts";
import { bodyOf, textOf } from "./body.ts";
import type { Route } from "./routes.ts";

const rules = { phi: "none", assurance: "same-account", method: "POST" } as const;

/** Retention, keys and copies of the record: figures and names of files, never content. */
export function careRoutes(operations: Operations): readonly Route[] {
  return [
    { ...rules, action: "record.prune", path: "/api/record/prune", handle: async (c) => c.json(await operations.prune((await bodyOf(c))["apply"] === true)) },
    { ...rules, action: "record.rotate", path: "/api/record/rotate", handle: async (c) => {
      await operations.rotateKey();
      return c.json({ rotated: true });
    } },
    { ...rules, action: "record.backup", path: "/api/record/backup", handle: async (c) => {
      const body = await bodyOf(c);
      const to = textOf(body["to"], "to");
      if (to === undefined || !isAbsolute(to)) throw new EngineError("CON-103", { parameter: "to" });
      return c.json(await operations.backup(to, { withKeys: body["withKeys"] === true }));
    } },
  ];
}
