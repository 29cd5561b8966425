import { type Code, EngineError } from "../sdk/error.ts";

export type Fault = "busy" | "full" | "disk" | "damaged" | "denied" | "foreign" | "other";

/** What an error of SQLite means to the store. */
export function sqliteFault(error: unknown): Fault {
  const extended = (error as { errcode?: unknown }).errcode;
  if (typeof extended !== "number") return "other";
  switch (extended & 0xff) {
    // No such table or column: every statement is ours, so the tables are not.
    case 1:
    case 17:
      return "foreign";
    case 5:
    case 6:
      return "busy";
    case 13:
      return "full";
    case 10:
      return "disk";
    case 11:
    case 26:
      return "damaged";
    case 3:
    case 8:
    case 14:
    case 23:
      return "denied";
    default:
      return "other";
  }
}

/** The code of a failed write, and whether the store can be trusted afterwards. */
export function writeFault(error: unknown): { readonly code: Code; readonly final: boolean } {
  switch (sqliteFault(error)) {
    case "full":
      return { code: "STO-201", final: false };
    case "busy":
    case "foreign":
    case "other":
      return { code: "STO-204", final: false };
    default:
      return { code: "STO-203", final: true };
  }
}

/** Why a record does not open. */
export function openFault(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  const fault = sqliteFault(error);
  return new EngineError(fault === "damaged" ? "STO-104" : fault === "foreign" ? "STO-105" : "STO-103", {}, { cause: error });
}
