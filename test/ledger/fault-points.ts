/**
 * Loaded into the engine before it starts (`node --import`), so that the engine itself holds no code for being broken. It stands between
 * the store and SQLite, where the commit really is. LEDGER_FAULT says what happens:
 *
 * - `exit-before-commit:N`, `exit-after-commit:N`: the process group dies around the COMMIT that holds the Nth accepted message.
 * - `ack-before-commit`: COMMIT answers at once and is done later, so that the engine acknowledges what is not yet durable.
 */
import { syncBuiltinESMExports } from "node:module";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import threads, { getEnvironmentData, setEnvironmentData, Worker, type WorkerOptions } from "node:worker_threads";

const [fault, count] = (process.env["LEDGER_FAULT"] ?? "").split(":");
const victim = Number(count);
/** Commits put off in a row, and how long at most. */
const putOff = { commits: 20, ms: 50 };

// The store may commit on the main thread or in one of its own, and change between them: all threads count together.
const known = getEnvironmentData("ledger accepted") as Int32Array | undefined;
const accepted = known ?? new Int32Array(new SharedArrayBuffer(4));
setEnvironmentData("ledger accepted", accepted);
threads.Worker = class extends Worker {
  constructor(file: string | URL, options: WorkerOptions = {}) {
    super(file, { ...options, execArgv: ["--import", import.meta.url] });
  }
};
syncBuiltinESMExports();

const prepare = DatabaseSync.prototype.prepare;

DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql: string, ...rest: never[]): StatementSync {
  const statement = prepare.call(this, sql, ...rest);
  if (/^INSERT INTO messages\b/.test(sql)) onRun(statement, counted);
  else if (fault === "ack-before-commit") {
    if (sql.startsWith("BEGIN")) onRun(statement, (run) => (this.isTransaction ? nothing : run()));
    if (sql === "COMMIT") onRun(statement, late(this));
  } else if (sql === "COMMIT") onRun(statement, exitAround);
  return statement;
};

const nothing = { changes: 0, lastInsertRowid: 0 };
type Run = () => ReturnType<StatementSync["run"]>;

function onRun(statement: StatementSync, around: (run: Run) => ReturnType<StatementSync["run"]>): void {
  const run = statement.run.bind(statement) as (...values: unknown[]) => ReturnType<StatementSync["run"]>;
  Object.defineProperty(statement, "run", { value: (...values: unknown[]) => around(() => run(...values)) });
}

function counted(insert: Run): ReturnType<StatementSync["run"]> {
  Atomics.add(accepted, 0, 1);
  return insert();
}

function exitAround(commit: Run): ReturnType<StatementSync["run"]> {
  const here = Atomics.load(accepted, 0) >= victim;
  if (here && fault === "exit-before-commit") die();
  const result = commit();
  if (here && fault === "exit-after-commit") die();
  return result;
}

/** SIGKILL returns before it is carried out: nothing may run in between. */
function die(): never {
  process.kill(-process.pid, "SIGKILL");
  for (;;);
}

function late(db: DatabaseSync): (commit: Run) => ReturnType<StatementSync["run"]> {
  let waiting = 0;
  let timer: NodeJS.Timeout | undefined;
  return (commit) => {
    const now = () => {
      clearTimeout(timer);
      timer = undefined;
      waiting = 0;
      return db.isTransaction ? commit() : nothing;
    };
    waiting += 1;
    if (waiting >= putOff.commits) return now();
    timer ??= setTimeout(now, putOff.ms);
    return nothing;
  };
}
