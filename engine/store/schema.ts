import type { Format } from "../sdk/index.ts";
import type { End, Flight, Storage } from "./store.ts";

/** Version of the tables below. An older record is brought to it by `migration.ts`; a newer one is refused. */
export const schemaVersion = 5;
/** "Slui": says in the file's header whose it is. */
export const applicationId = 0x536c7569;

export type Stage = "raw" | "sent" | "response" | "log";
export const stages = ["raw", "sent", "response", "log"] as const satisfies readonly Stage[];

/**
 * Came with version 3. `touched`: an end that was changed again and is not yet in the search index. `retained`: old enough for retention, but left whole.
 * `recounts`: blocks of old messages that the census must count again.
 */
export const added = `
  CREATE TABLE checkpoints(name BLOB PRIMARY KEY, key INTEGER NOT NULL, nonce INTEGER NOT NULL, value BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE pauses(lane INTEGER PRIMARY KEY, at INTEGER NOT NULL, key INTEGER, nonce INTEGER, reason BLOB);
  CREATE TABLE touched(step INTEGER PRIMARY KEY, message INTEGER NOT NULL);
  CREATE TABLE retained(message INTEGER PRIMARY KEY);
  CREATE TABLE recounts(step INTEGER PRIMARY KEY AUTOINCREMENT, block INTEGER NOT NULL);
`;

/** Came with version 4. `ledger`: the last line of disclosures, the last that is signed, and by which key. `transit`: lines that are not in their files yet, by the last of each commit. */
export const addedForLedger = `
  CREATE TABLE ledger(id INTEGER PRIMARY KEY, ledger TEXT NOT NULL, n INTEGER NOT NULL, hash TEXT NOT NULL, sealed INTEGER NOT NULL, key TEXT NOT NULL);
  CREATE TABLE transit(last INTEGER PRIMARY KEY, lines TEXT NOT NULL);
`;

/** Came with version 5: who sent a message, where that was established; JSON of a `Principal`, which names nobody. */
export const addedForPrincipals = `
  CREATE TABLE principals(message INTEGER PRIMARY KEY, who TEXT NOT NULL);
`;

/**
 * The record. Primary keys only: an index on the path of an ack costs more than the ack. Contents have a table per stage with
 * place = message × 256 + slot: each grows at its end, where one table of all stages would split its full pages again and again.
 */
export const tables = `
  CREATE TABLE about(name TEXT PRIMARY KEY, value) WITHOUT ROWID;
  CREATE TABLE names(id INTEGER PRIMARY KEY, name TEXT NOT NULL);
  CREATE TABLE keys(id INTEGER PRIMARY KEY, day INTEGER NOT NULL, salt BLOB NOT NULL, master INTEGER NOT NULL DEFAULT 1, first INTEGER NOT NULL DEFAULT 0, reasons INTEGER);
  CREATE TABLE lanes(
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, last INTEGER NOT NULL, idle INTEGER NOT NULL, clear INTEGER NOT NULL,
    received INTEGER NOT NULL, waiting INTEGER NOT NULL, held INTEGER NOT NULL, delivered INTEGER NOT NULL, filtered INTEGER NOT NULL,
    refused INTEGER NOT NULL, rejected INTEGER NOT NULL, dead INTEGER NOT NULL, cancelled INTEGER NOT NULL);
  CREATE TABLE messages(
    id INTEGER PRIMARY KEY, channel INTEGER NOT NULL, revision INTEGER NOT NULL, received INTEGER NOT NULL, bytes INTEGER NOT NULL, lanes TEXT NOT NULL,
    identity BLOB, bytesHash BLOB, type TEXT, control BLOB, orderKey BLOB, parent INTEGER, storage INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE entries(
    lane INTEGER NOT NULL, position INTEGER NOT NULL, message INTEGER NOT NULL, slot INTEGER NOT NULL, state INTEGER NOT NULL,
    attempts INTEGER NOT NULL, next INTEGER NOT NULL, filled INTEGER NOT NULL, changes INTEGER NOT NULL, moved INTEGER, since INTEGER, code TEXT,
    storage INTEGER NOT NULL DEFAULT 0, later INTEGER, intent INTEGER, PRIMARY KEY(lane, position)) WITHOUT ROWID;
  CREATE TABLE aside(lane INTEGER NOT NULL, state INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY(lane, state, position)) WITHOUT ROWID;
  ${stages.map((stage) => `CREATE TABLE ${stage}(place INTEGER PRIMARY KEY, format INTEGER NOT NULL, key INTEGER NOT NULL, nonce INTEGER NOT NULL, body BLOB NOT NULL);`).join("\n  ")}
  CREATE TABLE history(
    message INTEGER NOT NULL, slot INTEGER NOT NULL, change INTEGER NOT NULL, at INTEGER NOT NULL, state INTEGER NOT NULL, attempts INTEGER NOT NULL,
    code TEXT, key INTEGER, nonce INTEGER, reason BLOB, PRIMARY KEY(message, slot, change)) WITHOUT ROWID;
  CREATE TABLE duplicates(identity BLOB NOT NULL, bytes BLOB NOT NULL, message INTEGER NOT NULL, PRIMARY KEY(identity, bytes)) WITHOUT ROWID;
  CREATE TABLE surrogates(hash BLOB PRIMARY KEY, token TEXT NOT NULL) WITHOUT ROWID;
  ${added}
  ${addedForLedger}
  ${addedForPrincipals}
`;

/** States by their number in the record: the order is part of the schema. */
export const states = ["waiting", "held", "delivered", "filtered", "refused", "rejected", "dead", "cancelled"] as const satisfies readonly (Flight | End)[];
export type State = (typeof states)[number];
/** The row of an entry that was put back points to its new place. */
export const moved = 9;
export const numberOf = Object.fromEntries(states.map((state, number) => [state, number])) as Readonly<Record<State, number>>;

/** States that people look for and that are few: listed in `aside`. */
export const isSetAside = (state: number): boolean => state === 1 || (state >= 4 && state <= 6);
/** Ends on which nobody acts any more: delivered, filtered, cancelled. */
export const isOver = (state: number): boolean => state === 2 || state === 3 || state === 7;
/** States from which a person may put an entry back. */
export const isReopenable = isSetAside;

/** By number, as rows hold them: a new format goes to the end, and none moves. */
export const formats = ["hl7v2", "json", "fhir", "text", "csv", "xml", "x12", "script", "ical"] as const satisfies readonly Format[];
export const formatNumber = Object.fromEntries(formats.map((format, number) => [format, number])) as Readonly<Record<Format, number>>;

/** Slot 0 is the message itself; its lanes follow in the order of acceptance. */
export const maxSlots = 256;
export function placeOf(message: number, slot: number): number {
  return message * maxSlots + slot;
}

const storages = ["all", "raw", "metadata"] as const satisfies readonly Storage[];
export const storageNumber = Object.fromEntries(storages.map((storage, number) => [storage, number])) as Readonly<Record<Storage, number>>;
