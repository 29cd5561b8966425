import type { Duplex } from "node:stream";
import pg from "pg";
import type { OpenedStream } from "../../engine/sdk/index.ts";
import { DatabaseFault, faultOfState, type Link } from "./link.ts";

/** Logs in over a stream that the engine opened. Rejects with `DatabaseFault` or EngineError `SEC-*`. */
export async function openPostgres({ stream, login, path, host, tls }: OpenedStream): Promise<Link> {
  const client = new pg.Client({
    stream: () => asSocket(stream),
    user: login?.user ?? "",
    password: login?.password?.() ?? "",
    database: decodeURIComponent(path.slice(1)),
    host: tls?.servername ?? host,
    ssl: tls ? { ...tls, ca: text(tls.ca), cert: text(tls.cert), key: text(tls.key) } : false,
    application_name: "sluice",
    types: { getTypeParser: parserOf },
  } as pg.ClientConfig);
  // What breaks later is told by the query that was under way; without a listener it would end the process.
  client.on("error", () => {});
  const run = async (query: pg.QueryConfig): Promise<pg.QueryResult> => {
    try {
      return await client.query(query);
    } catch (error) {
      throw faultOf(error);
    }
  };
  try {
    await client.connect();
  } catch (error) {
    stream.destroy();
    throw faultOf(error);
  }
  return {
    async write(statement, rows, onCommit) {
      await run({ text: "begin" });
      try {
        for (const values of rows) await run({ name: "write", text: statement, values: [...values] });
      } catch (error) {
        await run({ text: "rollback" }).catch(() => stream.destroy());
        throw error;
      }
      onCommit();
      await run({ text: "commit" });
    },
    async read(query, value) {
      return (await run({ name: "read", text: query, values: [value] })).rows;
    },
    async close() {
      await client.end().catch(() => undefined);
      stream.destroy();
    },
  };
}

/** The library begins by connecting, and our stream is connected. */
function asSocket(stream: Duplex): Duplex {
  return Object.assign(stream, { connect: () => queueMicrotask(() => stream.emit("connect")) });
}

function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes && new TextDecoder().decode(bytes);
}

/** Small numbers, booleans and JSON as such; all else as PostgreSQL writes it, since a `Date` would cut microseconds off a checkpoint. */
function parserOf(oid: number): (value: string) => unknown {
  const { builtins } = pg.types;
  if (oid === builtins.INT2 || oid === builtins.INT4 || oid === builtins.FLOAT4 || oid === builtins.FLOAT8 || oid === builtins.OID) return Number;
  if (oid === builtins.BOOL) return (value) => value === "t";
  if (oid === builtins.JSON || oid === builtins.JSONB) return (value) => JSON.parse(value);
  return (value) => value;
}

function faultOf(error: unknown): unknown {
  const state = (error as { readonly code?: unknown }).code;
  if (error instanceof pg.DatabaseError && typeof state === "string") return faultOfState(state, error);
  if (error instanceof Error && error.name === "EngineError") return error;
  return new DatabaseFault("DBS-102", { isAnswer: false, cause: error });
}
