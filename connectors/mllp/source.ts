import type { Listening, Source, SourceContext, Timer } from "../../engine/sdk/index.ts";
import { checkEveryMs, limitsOf } from "./limits.ts";
import type { SourceOptions } from "./options.ts";
import { Session } from "./session.ts";

/** Listens on a port; each connection is a session. An acknowledgement leaves only after the engine has given its receipt. */
export function mllpSource(options: SourceOptions): Source {
  const limits = limitsOf(options);
  const sessions = new Set<Session>();
  let listening: Listening | undefined;
  let timer: Timer | undefined;
  let onEmpty: (() => void) | undefined;

  function watch(ctx: SourceContext): void {
    timer = ctx.clock.after(checkEveryMs(limits), () => {
      const now = ctx.clock.monotonic();
      for (const session of sessions) session.check(now);
      watch(ctx);
    });
  }

  return {
    async start(ctx) {
      const { port, host, tls, maxConnections, maxConnectionsPerPeer } = options;
      const where = { port, host, maxConnections, maxConnectionsPerPeer, ...(tls ? { tls } : {}) };
      listening = await ctx.listen(where, (wire) => {
        const gone = (session: Session) => {
          sessions.delete(session);
          if (sessions.size === 0) onEmpty?.();
        };
        sessions.add(new Session(wire, ctx, limits, gone));
      });
      watch(ctx);
    },

    async stop() {
      timer?.cancel();
      await listening?.close();
      listening = undefined;
      const empty = new Promise<void>((resolve) => {
        onEmpty = resolve;
      });
      for (const session of [...sessions]) session.stop();
      if (sessions.size > 0) await empty;
      onEmpty = undefined;
    },
  };
}
