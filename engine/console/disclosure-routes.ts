import type { Operations } from "../runtime/operations.ts";
import { EngineError } from "../sdk/index.ts";
import { actor } from "./access-record.ts";
import { bodyOf, textOf } from "./body.ts";
import { isPurpose } from "./purposes.ts";
import type { Route } from "./routes.ts";

/** Questions to the ledger of disclosures: they stand in it before they are answered. The answer is read from its files. */
export function disclosureRoutes(operations: Operations): readonly Route[] {
  return [
    { action: "disclosures.ask", phi: "none", assurance: "same-account", method: "POST", path: "/api/disclosures/ask", handle: async (c) => {
      const body = await bodyOf(c);
      const { what, purpose } = body;
      if (!isPurpose(purpose)) throw new EngineError("CON-105");
      if (what !== "patient" && what !== "partner" && what !== "export") throw new EngineError("CON-103", { parameter: "what" });
      const partner = textOf(body["partner"], "partner");
      const owner = textOf(body["owner"], "owner");
      const id = textOf(body["id"], "id");
      const patient = owner === undefined || id === undefined ? undefined : { patients: [{ owner, ids: [id] }], more: 0 };
      await operations.askLedger({ kind: "query", what, purpose, actor: actor(), ...(partner !== undefined && { partner }), ...(patient && { patient }) });
      return c.json({ asked: true, ...(owner !== undefined && id !== undefined && { patient: operations.patientId(owner, id) }) });
    } },
  ];
}
