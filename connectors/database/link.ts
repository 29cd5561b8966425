import type { Code } from "../../engine/sdk/index.ts";
import type { Value } from "./values.ts";

export type Row = Readonly<Record<string, unknown>>;

/** An open database, whichever it is. Statements are prepared. Rejects with `DatabaseFault`. */
export interface Link {
  /** Runs the statement once for each row, all in one transaction. `onCommit` is called before the commit is asked for. */
  write(statement: string, rows: readonly (readonly Value[])[], onCommit: () => void): Promise<void>;
  /** Rows of a query with one value. Numbers that a double cannot hold, times and decimals are text as the database writes them. */
  read(query: string, value: string): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/**
 * What a database said, as a code. `message`: it speaks of this message's values, and would say the same again. `answered`: the database itself said it, so
 * that nothing is in doubt. Its text quotes values and stays behind as `cause`.
 */
export class DatabaseFault extends Error {
  readonly code: Code;
  readonly isOfMessage: boolean;
  readonly isAnswer: boolean;
  constructor(code: Code, { isOfMessage = false, isAnswer = true, cause }: { readonly isOfMessage?: boolean; readonly isAnswer?: boolean; readonly cause?: unknown } = {}) {
    super(code, { cause });
    this.code = code;
    this.isOfMessage = isOfMessage;
    this.isAnswer = isAnswer;
  }
}

/** By SQLSTATE (ISO 9075-2, section 24): its class says whether the values, the login, the statement or the moment is at fault. */
export function faultOfState(state: string, cause: unknown): DatabaseFault {
  const kind = state.slice(0, 2);
  if (kind === "22") return new DatabaseFault("DBS-203", { isOfMessage: true, cause });
  if (kind === "23") return new DatabaseFault("DBS-202", { isOfMessage: true, cause });
  if (kind === "28") return new DatabaseFault("DBS-101", { cause });
  if (kind === "42" || kind === "3D" || kind === "0A") return new DatabaseFault("DBS-104", { cause });
  return new DatabaseFault("DBS-105", { isAnswer: kind !== "08", cause });
}
