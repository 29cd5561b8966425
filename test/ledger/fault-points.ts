/**
 * Loaded into the engine before it starts (`node --import`), so that the engine itself holds no code for being broken. It stands between
 * the store and SQLite, where the commit really is. LEDGER_FAULT says what happens:
 *
 * - `exit-before-commit:N`, `exit-after-commit:N`: the process group dies around the COMMIT that holds the Nth accepted message.
 * - `ack-before-commit`: COMMIT answers at once and is done later, so that the engine acknowledges what is not yet durable.
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";

const [fault, count] = (process.env["LEDGER_FAULT"] ?? "").split(":");
const victim = Number(count);
/** Commits put off in a row, and how long at most. */
const putOff = { commits: 20, ms: 50 };

let accepted = 0;
const prepare = DatabaseSync.prototype.prepare;

DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql: string, ...rest: never[]): StatementSync {
  const statement = prepare.call(this, sql, ...rest);
  if (/^INSERT INTO messages\b/.test(sql)) onRun(statement, (run) => (accepted++, run()));
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

function exitAround(commit: Run): ReturnType<StatementSync["run"]> {
  const here = accepted >= victim;
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
