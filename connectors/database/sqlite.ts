import type { OpenedDatabase } from "../../engine/sdk/index.ts";
import { DatabaseFault, type Link } from "./link.ts";
import type { Value } from "./values.ts";

/** Primary result codes of SQLite (sqlite.org/rescode.html). */
const primary = { error: 1, busy: 5, locked: 6, tooBig: 18, constraint: 19, mismatch: 20 } as const;

export function openSqlite({ database }: OpenedDatabase): Link {
  const run = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw faultOf(error);
    }
  };
  return {
    async write(statement, rows, onCommit) {
      run(() => database.exec("begin immediate"));
      try {
        const prepared = run(() => database.prepare(statement));
        for (const values of rows) run(() => prepared.run(...values.map(bindable)));
        onCommit();
        run(() => database.exec("commit"));
      } catch (error) {
        if (database.isTransaction) database.exec("rollback");
        throw error;
      }
    },
    async read(query, value) {
      return run(() => {
        const prepared = database.prepare(query);
        prepared.setReadBigInts(true);
        return prepared.all(value).map((row) => Object.fromEntries(Object.entries(row).map(([name, each]) => [name, readable(each)])));
      });
    },
    async close() {
      if (database.isOpen) database.close();
    },
  };
}

function bindable(value: Value): string | number | null {
  return typeof value === "boolean" ? Number(value) : value;
}

function readable(value: unknown): unknown {
  if (typeof value !== "bigint") return value;
  return value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER ? Number(value) : String(value);
}

function faultOf(error: unknown): DatabaseFault {
  const code = Number((error as { readonly errcode?: unknown }).errcode ?? primary.error) & 0xff;
  if (code === primary.constraint) return new DatabaseFault("DBS-202", { isOfMessage: true, cause: error });
  if (code === primary.tooBig || code === primary.mismatch) return new DatabaseFault("DBS-203", { isOfMessage: true, cause: error });
  return new DatabaseFault(code === primary.error ? "DBS-104" : "DBS-105", { cause: error });
}
