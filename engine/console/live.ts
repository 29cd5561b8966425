import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import type { Operations } from "../runtime/operations.ts";
import { overview } from "./page.ts";

const everyMs = 1000;

/** Server-sent events: the overview whenever it looks different, until the reader leaves. */
export function live(c: Context, operations: Operations): Response {
  return streamSSE(c, async (stream) => {
    let shown = "";
    while (!stream.aborted && !stream.closed) {
      const now = String(await overview(operations.status()));
      if (now !== shown) await stream.writeSSE({ event: "overview", data: now });
      shown = now;
      await stream.sleep(everyMs);
    }
  });
}
