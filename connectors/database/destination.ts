import { codeOf, type Destination, durationMs, type Outcome, type SendDatabase, type SendStream } from "../../engine/sdk/index.ts";
import { DatabaseFault } from "./link.ts";
import { Database } from "./open-link.ts";
import type { DestinationOptions } from "./options.ts";
import { rowsOf } from "./values.ts";

/** Writes each message as rows of one transaction, by a statement that stands in configuration alone. */
export function databaseDestination(options: DestinationOptions): Destination {
  const database = new Database(options.dialect, durationMs(options.timeout));
  return {
    render: (message) => ({
      endpoint: options.endpoint ?? "",
      names: { idempotencyKey: message.id },
      body: message.content.bytes,
    }),

    async send(released, ctx) {
      const id = released.envelope.names?.idempotencyKey ?? "";
      let isCommitting = false;
      try {
        await database.use<SendStream, SendDatabase, void>(ctx, { stream: (kept) => ctx.stream(released, kept), sqlite: () => ctx.sqlite(released) }, async (link, { body }) => {
          await link.write(options.statement, rowsOf({ id, body: body() }, options.parameters), () => (isCommitting = true));
        });
        return { kind: "delivered" };
      } catch (error) {
        return failed(error, isCommitting);
      }
    },

    close: () => database.close(),
  };
}

/** A message's own fault ends it; everything else speaks of the database, and what follows would meet the same. */
function failed(error: unknown, isCommitting: boolean): Outcome {
  if (!(error instanceof DatabaseFault)) {
    const code = codeOf(error, "DBS-102");
    if (code === "DBS-201" || code === "DBS-204") return { kind: "rejected", code };
    return isCommitting ? { kind: "unknown", code } : { kind: "retry", code };
  }
  const { code, isAnswer, isOfMessage } = error;
  if (isOfMessage) return { kind: "rejected", code };
  return isCommitting && !isAnswer ? { kind: "unknown", code } : { kind: "retry", code };
}
