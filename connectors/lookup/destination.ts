import { codeOf, type Destination, EngineError, type Outcome, type OutboundMessage } from "../../engine/sdk/index.ts";
import type { DestinationOptions } from "./options.ts";

/** Keeps one row of a lookup table for each key. A repeat writes the same row, which changes nothing. */
export function lookupDestination(options: DestinationOptions): Destination {
  return {
    render: (message) => ({ endpoint: options.endpoint ?? "", body: rowOf(message, options) }),

    async send(released, ctx) {
      try {
        await ctx.putRow(released);
        return { kind: "delivered" };
      } catch (error) {
        return failed(error);
      }
    },

    async close() {},
  };
}

/** JSON `{"key":…,"value":…}`, without `value` where the row goes. Throws EngineError `IDN-124`. */
function rowOf({ content }: OutboundMessage, { key, value, while: condition }: DestinationOptions): Uint8Array {
  let fields: Readonly<Record<string, unknown>>;
  try {
    fields = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(content.bytes)) as typeof fields;
  } catch (cause) {
    throw new EngineError("IDN-124", {}, { cause });
  }
  const text = (name: string) => (Object.hasOwn(fields ?? {}, name) ? fields[name] : undefined);
  const [at, put] = [text(key), text(value)];
  if (typeof at !== "string" || at === "") throw new EngineError("IDN-124", {});
  const stands = put !== undefined && (condition === undefined || text(condition) === true);
  return new TextEncoder().encode(JSON.stringify({ key: at, ...(stands && { value: String(put) }) }));
}

/** What is wrong with a row stays wrong; everything else speaks of the disk, and what follows would meet the same. */
function failed(error: unknown): Outcome {
  const code = codeOf(error, "IDN-122");
  if (code === "IDN-121") return { kind: "rejected", code };
  return error instanceof EngineError && error.safe.sent === true ? { kind: "unknown", code } : { kind: "retry", code };
}
