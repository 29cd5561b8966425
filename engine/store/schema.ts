import type { Format } from "../sdk/index.ts";
import type { End, Flight } from "./store.ts";

/** Version of the tables below; a record of another version is refused, never converted on the quiet. */
export const schemaVersion = 2;
/** "Slui": says in the file's header whose it is. */
export const applicationId = 0x536c7569;

export type Stage = "raw" | "sent" | "response" | "log";
export const stages = ["raw", "sent", "response", "log"] as const satisfies readonly Stage[];

/**
 * The record. Primary keys only: an index on the path of an ack costs more than the ack. Contents have a table per stage with
 * place = message × 256 + slot: each grows at its end, where one table of all stages would split its full pages again and again.
 */
export const tables = `
  CREATE TABLE about(name TEXT PRIMARY KEY, value) WITHOUT ROWID;
  CREATE TABLE names(id INTEGER PRIMARY KEY, name TEXT NOT NULL);
  CREATE TABLE keys(id INTEGER PRIMARY KEY, day INTEGER NOT NULL, salt BLOB NOT NULL);
  CREATE TABLE lanes(
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, last INTEGER NOT NULL, idle INTEGER NOT NULL, clear INTEGER NOT NULL,
    received INTEGER NOT NULL, waiting INTEGER NOT NULL, held INTEGER NOT NULL, delivered INTEGER NOT NULL, filtered INTEGER NOT NULL,
    refused INTEGER NOT NULL, rejected INTEGER NOT NULL, dead INTEGER NOT NULL, cancelled INTEGER NOT NULL);
  CREATE TABLE messages(
    id INTEGER PRIMARY KEY, channel INTEGER NOT NULL, revision INTEGER NOT NULL, received INTEGER NOT NULL, bytes INTEGER NOT NULL, lanes TEXT NOT NULL,
    identity BLOB, bytesHash BLOB);
  CREATE TABLE entries(
    lane INTEGER NOT NULL, position INTEGER NOT NULL, message INTEGER NOT NULL, slot INTEGER NOT NULL, state INTEGER NOT NULL,
    attempts INTEGER NOT NULL, next INTEGER NOT NULL, filled INTEGER NOT NULL, changes INTEGER NOT NULL, moved INTEGER, since INTEGER, code TEXT,
    PRIMARY KEY(lane, position)) WITHOUT ROWID;
  CREATE TABLE aside(lane INTEGER NOT NULL, state INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY(lane, state, position)) WITHOUT ROWID;
  ${stages.map((stage) => `CREATE TABLE ${stage}(place INTEGER PRIMARY KEY, format INTEGER NOT NULL, key INTEGER NOT NULL, nonce INTEGER NOT NULL, body BLOB NOT NULL);`).join("\n  ")}
  CREATE TABLE history(
    message INTEGER NOT NULL, slot INTEGER NOT NULL, change INTEGER NOT NULL, at INTEGER NOT NULL, state INTEGER NOT NULL, attempts INTEGER NOT NULL,
    code TEXT, key INTEGER, nonce INTEGER, reason BLOB, PRIMARY KEY(message, slot, change)) WITHOUT ROWID;
  CREATE TABLE duplicates(identity BLOB NOT NULL, bytes BLOB NOT NULL, message INTEGER NOT NULL, PRIMARY KEY(identity, bytes)) WITHOUT ROWID;
  CREATE TABLE surrogates(hash BLOB PRIMARY KEY, token TEXT NOT NULL) WITHOUT ROWID;
`;

/** States by their number in the record: the order is part of the schema. */
export const states = ["waiting", "held", "delivered", "filtered", "refused", "rejected", "dead", "cancelled"] as const satisfies readonly (Flight | End)[];
export type State = (typeof states)[number];
/** The row of an entry that was put back points to its new place. */
export const moved = 9;
export const numberOf = Object.fromEntries(states.map((state, number) => [state, number])) as Readonly<Record<State, number>>;

/** States that people look for and that are few: listed in `aside`. */
export const isSetAside = (state: number): boolean => state === 1 || (state >= 4 && state <= 6);
/** States a person may reopen or cancel. */
export const isReopenable = isSetAside;

export const formats = ["hl7v2", "json", "fhir", "text", "csv", "xml"] as const satisfies readonly Format[];
export const formatNumber = Object.fromEntries(formats.map((format, number) => [format, number])) as Readonly<Record<Format, number>>;

/** Slot 0 is the message itself; its lanes follow in the order of acceptance. */
export const maxSlots = 256;
export function placeOf(message: number, slot: number): number {
  return message * maxSlots + slot;
}
