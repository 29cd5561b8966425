/**
 * What code of a filter or transform finds in scope, for editors and type checks of projects. A code file gets the same
 * helpers as the third argument of its function, so that it can be tested outside the engine.
 */
import type { CsvDialect, CsvMessage } from "../../codec/csv/index.ts";
import type { Hl7Message } from "../../codec/hl7v2/index.ts";
import type { XmlMessage } from "../../codec/xml/index.ts";
import type { TextMessage } from "./message.ts";

/** What `msg` is, by the format of the source. `json` and `fhir`: the object itself. */
export interface Messages {
  readonly hl7v2: Hl7Message;
  readonly csv: CsvMessage;
  readonly xml: XmlMessage;
  readonly text: TextMessage;
}

export interface Meta {
  /** Id that the engine gave the message. */
  readonly id: string;
  readonly channel: string;
  /** Absent in the channel's own filter and transform. */
  readonly destination?: string;
  /** Milliseconds since 1970; also what `Date.now()` says. */
  readonly receivedAt: number;
}

export interface Tools {
  /** A value of one of the channel's lookup tables, or the fallback. */
  lookup(table: string, key: string, fallback?: string): string | undefined;
  /** Written to the message's own sealed log, never to the engine's. */
  log(...values: unknown[]): void;
  /** The one extension of a resource whose url ends in `/name`; none or several is an error. */
  extension(resource: unknown, name: string): { readonly url: string; readonly [key: string]: unknown };
  /** The same at every replay of the message. */
  uuid(): string;
  readonly date: {
    /** `20260309143000+0100` → `2026-03-09T14:30:00+01:00` */
    fromHl7(value: string): string;
    toHl7(value: string): string;
  };
  parseHl7(text: string): Hl7Message;
  /** Delimited text; default RFC 4180 with a header. */
  parseCsv(text: string, dialect?: Partial<CsvDialect>): CsvMessage;
  parseXml(text: string): XmlMessage;
}

declare global {
  const lookup: Tools["lookup"];
  const log: Tools["log"];
  const extension: Tools["extension"];
  const uuid: Tools["uuid"];
  const date: Tools["date"];
  const parseHl7: Tools["parseHl7"];
  const parseCsv: Tools["parseCsv"];
  const parseXml: Tools["parseXml"];
}
