import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import type { Operations } from "../runtime/operations.ts";
import { EngineError } from "../sdk/index.ts";
import { overview } from "./page.ts";

const everyMs = 1000;

/** Streams open at once. Each costs a look at every lane a second and a connection for as long as it likes. */
const most = 8;

/** Server-sent events: the overview whenever it looks different, until the reader leaves. Throws CON-110 when too many read already. */
export function liveStream(operations: Operations): (c: Context) => Response {
  let open = 0;
  return (c) => {
    if (open >= most) throw new EngineError("CON-110", { open });
    open++;
    return streamSSE(c, async (stream) => {
      try {
        let shown = "";
        while (!stream.aborted && !stream.closed) {
          const now = String(await overview(operations.status()));
          if (now !== shown) await stream.writeSSE({ event: "overview", data: now });
          shown = now;
          await stream.sleep(everyMs);
        }
      } finally {
        open--;
      }
    });
  };
}
