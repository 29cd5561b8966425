import type { Context } from "hono";
import type { Operations } from "../runtime/operations.ts";
import { EngineError } from "../sdk/index.ts";

/** Readers at once: each costs a look at every event. */
const most = 16;

/**
 * Events as lines of JSON for as long as the reader stays: names, numbers and codes, never content. It is written as fast as it is read;
 * what a slow reader misses is counted in a line of its own.
 */
export function eventStream(operations: Operations): (c: Context) => Response {
  let open = 0;
  return (c) => {
    if (open >= most) throw new EngineError("CON-111", { open });
    const { channel, lane, partner, event } = c.req.query();
    const events = event?.split(",");
    const follower = operations.follow({ ...(channel && { channel }), ...(lane && { lane }), ...(partner && { partner }), ...(events && { events }) });
    open++;
    let left = false;
    const leave = () => {
      if (!left) open--;
      left = true;
      follower.end();
    };
    const text = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      // The head of the answer goes with its first bytes: a reader knows at once that it is heard.
      start: (controller) => controller.enqueue(text.encode('{"event":"following"}\n')),
      pull: async (controller) => {
        const told = await follower.next();
        if (told !== undefined) return controller.enqueue(text.encode(told.map((each) => `${JSON.stringify(each)}\n`).join("")));
        leave();
        controller.close();
      },
      cancel: leave,
    });
    return c.body(body, 200, { "Content-Type": "application/x-ndjson" });
  };
}
