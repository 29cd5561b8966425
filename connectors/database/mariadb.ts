import mysql, { type Connection, type QueryError, type RowDataPacket, type SslOptions } from "mysql2";
import { EngineError, type OpenedStream } from "../../engine/sdk/index.ts";
import { DatabaseFault, faultOfState, type Link } from "./link.ts";

/** Logs in over a stream that the engine opened. Rejects with `DatabaseFault` or EngineError `SEC-*`. */
export async function openMariadb({ stream, login, path, host, tls }: OpenedStream): Promise<Link> {
  const core = mysql.createConnection({
    stream,
    user: login?.user ?? "",
    password: login?.password?.() ?? "",
    database: decodeURIComponent(path.slice(1)),
    host: tls?.servername ?? host,
    ...(tls && { ssl: { ...tls, ca: buffer(tls.ca), cert: buffer(tls.cert), key: buffer(tls.key), verifyIdentity: true } as SslOptions }),
    charset: "utf8mb4",
    timezone: "Z",
    // A `Date` would cut microseconds off a checkpoint, and a double the end off a large number.
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    multipleStatements: false,
    // The server may not ask us for files.
    flags: ["-LOCAL_FILES"],
    connectTimeout: 0,
  });
  // What breaks is told by what was under way, some of it twice; without a listener it would end the process.
  core.on("error", () => {});
  try {
    await asked(connected(core));
    // Else a server may be set up to cut what does not fit, and say so in a warning alone.
    await asked(core.promise().query("set session sql_mode = concat(@@session.sql_mode, ',STRICT_ALL_TABLES')"));
  } catch (error) {
    stream.destroy();
    throw error;
  }
  const client = core.promise();
  return {
    async write(statement, rows, onCommit) {
      await asked(client.query("start transaction"));
      try {
        for (const values of rows) await asked(client.execute(statement, [...values]));
      } catch (error) {
        await client.query("rollback").catch(() => stream.destroy());
        throw error;
      }
      onCommit();
      await asked(client.query("commit"));
    },
    async read(query, value) {
      const [rows] = await asked(client.execute<RowDataPacket[]>(query, [value]));
      return rows;
    },
    async close() {
      client.destroy();
      stream.destroy();
    },
  };
}

function connected(core: Connection): Promise<void> {
  return new Promise((resolve, reject) => {
    core.once("connect", () => resolve());
    core.once("error", reject);
  });
}

function buffer(bytes: Uint8Array | undefined): Buffer | undefined {
  return bytes && Buffer.from(bytes);
}

/** Values that do not fit, which the server gives a general state. */
const misfits = new Set([1265, 1364, 1366, 1406]);

async function asked<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof EngineError) throw error;
    const { errno, sqlState } = error as Partial<QueryError>;
    if (errno !== undefined && misfits.has(errno)) throw new DatabaseFault("DBS-203", { isOfMessage: true, cause: error });
    if (errno === 1045 || errno === 1044) throw new DatabaseFault("DBS-101", { cause: error });
    if (typeof sqlState === "string" && sqlState !== "" && errno !== undefined) throw faultOfState(sqlState, error);
    throw new DatabaseFault("DBS-102", { isAnswer: false, cause: error });
  }
}
