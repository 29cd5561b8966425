import { type Code, codeOf, durationMs, EngineError, type OpenedDatabase, type OpenedStream, sizeBytes, type Source, type SourceContext, type Timer } from "../../engine/sdk/index.ts";
import { DatabaseFault, type Row } from "./link.ts";
import { Database } from "./open-link.ts";
import type { SourceOptions } from "./options.ts";
import { bounded } from "./statement.ts";

/** The place that the checkpoint is of. */
const place = "row";

/** Asks a query again and again for rows behind the last one; each is a message, accepted in their order. */
export function databaseSource(options: SourceOptions): Source {
  const pollMs = durationMs(options.poll);
  const maxBytes = sizeBytes(options.maxBytes);
  const query = bounded(options.query, options.checkpoint, options.rows, options.dialect);
  let running: { stop(): Promise<void> } | undefined;

  return {
    async start(ctx) {
      running = run(ctx);
    },
    async stop() {
      await running?.stop();
      running = undefined;
    },
  };

  function run(ctx: SourceContext): { stop(): Promise<void> } {
    const database = new Database(options.dialect, durationMs(options.timeout), { keepsFile: true });
    let timer: Timer | undefined;
    let isStopped = false;
    let said: Code | undefined;
    let round = Promise.resolve();
    const next = () => {
      round = look().then(() => {
        if (!isStopped) timer = ctx.clock.after(pollMs, next);
      });
    };
    next();
    return {
      stop: async () => {
        isStopped = true;
        timer?.cancel();
        await round;
        await database.close();
      },
    };

    /** What lasts is said when it begins or changes, not at each look. */
    function report(code: Code | undefined): void {
      if (code !== undefined && code !== said) ctx.problem(code);
      said = code;
    }

    async function look(): Promise<void> {
      try {
        for (;;) {
          const rows = await ask();
          for (const row of rows) {
            if (isStopped || ctx.signal.aborted) return;
            if (!(await take(row))) return;
          }
          if (rows.length < options.rows) break;
        }
        report(undefined);
      } catch (error) {
        report(error instanceof DatabaseFault ? error.code : codeOf(error, "DBS-102"));
      }
    }

    function ask(): Promise<readonly Row[]> {
      const at = ctx.checkpoint(place) ?? options.start;
      const endpoint = options.endpoint ?? "";
      const stream = async (kept: OpenedStream | undefined) => (kept && !kept.stream.destroyed ? kept : ctx.stream(endpoint));
      return database.use<OpenedStream, OpenedDatabase, readonly Row[]>(ctx, { stream, sqlite: () => ctx.sqlite(endpoint) }, (link) => link.read(query, at));
    }

    /** `false`: nothing behind it may be taken before it. */
    async function take(row: Row): Promise<boolean> {
      const after = ctx.checkpoint(place) ?? "";
      const value = checkpointOf(row[options.checkpoint]);
      if (value === after) throw new EngineError("DBS-303");
      const bytes = jsonOf(row);
      if (bytes.length > maxBytes) return skip(value, "DBS-304");
      const { kind, code } = await ctx.receive(bytes, { checkpoint: { of: place, value, after } });
      if (kind === "accepted" || kind === "duplicate" || kind === "unanswered") return true;
      if (kind !== "refused") {
        report(code);
        return false;
      }
      if (code !== undefined) ctx.problem(code);
      return skip(value, "DBS-301");
    }

    async function skip(value: string, code: Code): Promise<boolean> {
      if (options.refused === "wait") {
        report(code);
        return false;
      }
      ctx.problem(code);
      await ctx.moveCheckpoint({ of: place, value });
      return true;
    }
  }
}

function jsonOf(row: Row): Uint8Array {
  const columns = Object.entries(row).map(([name, value]) => [name, value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value]);
  return new TextEncoder().encode(JSON.stringify(Object.fromEntries(columns)));
}

/** A number or a time: the record keeps it, so it must not be what names a person. */
function checkpointOf(value: unknown): string {
  const text = typeof value === "number" || typeof value === "bigint" ? String(value) : value;
  if (typeof text !== "string" || !/^(\d{1,30}|\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d(:?\d\d)?)?)$/.test(text)) throw new EngineError("DBS-302");
  return text;
}
