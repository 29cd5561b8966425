import { codeOf, type Destination, EngineError, fileName, type Outcome } from "../../engine/sdk/index.ts";
import type { DestinationOptions } from "./options.ts";

/** Writes each message as one new file. The name is the message's own, so a repeat after a crash finds its file. */
export function fileDestination(options: DestinationOptions): Destination {
  const mode = Number.parseInt(options.mode, 8);
  return {
    render: (message) => ({
      endpoint: options.endpoint ?? "",
      ...(options.directory === undefined ? {} : { path: `/${options.directory}` }),
      names: { fileName: fileName(options.name, message) },
      body: message.content.bytes,
    }),

    async send(released, ctx) {
      try {
        await ctx.files.write(released, { mode });
        return { kind: "delivered" };
      } catch (error) {
        return failed(error);
      }
    },

    async close() {},
  };
}

/** A name that is taken stays taken; everything else speaks of the disk, and what follows would meet the same. */
function failed(error: unknown): Outcome {
  const code = codeOf(error, "FIL-201");
  if (error instanceof EngineError && error.safe.sent === true) return { kind: "unknown", code };
  return code === "DIR-202" || code === "DIR-203" ? { kind: "rejected", code } : { kind: "retry", code };
}
