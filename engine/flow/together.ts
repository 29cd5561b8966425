import { decode, encode } from "../codec/bytes/index.ts";
import { parseCsv } from "../codec/csv/index.ts";
import { buildBatch } from "../codec/split/index.ts";
import type { CsvSpec } from "../config/project.ts";
import { type Content, EngineError } from "../sdk/index.ts";

/** What several messages have in common when they go as one. */
export interface TogetherOptions {
  /** The batch's own id, the same whenever it goes again. */
  readonly id: string;
  /** When the first one was received, ms since epoch. */
  readonly at: number;
  readonly csv?: CsvSpec;
}

/**
 * Several messages as one: HL7 v2 in FHS and BHS, delimited text with its header once, JSON as a list. The messages themselves are not changed by a byte.
 * Throws FLW-209 for those that cannot stand in one (other formats, columns or characters).
 */
export function together(contents: readonly Content[], { id, at, csv }: TogetherOptions): Content {
  const format = contents[0]?.format ?? "text";
  if (contents.some((content) => content.format !== format)) throw new EngineError("FLW-209", { format });
  switch (format) {
    case "hl7v2":
      // Each in its own characters; a byte of Latin-1 is a byte, and what frames them is ASCII.
      return { format, bytes: latin1(buildBatch(contents.map(({ bytes }) => Buffer.from(bytes).toString("latin1")), { now: at, controlId: id })) };
    case "csv":
      return { format, bytes: encode(records(contents.map(textOf), csv), "utf-8") };
    case "json":
    case "fhir":
      return { format: "json", bytes: encode(`[${contents.map(textOf).join(",")}]`, "utf-8") };
    default:
      throw new EngineError("FLW-209", { format });
  }
}

function latin1(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "latin1"));
}

function textOf({ format, bytes }: Content): string {
  return decode(bytes, { format, charset: "utf-8" }).text;
}

function records(texts: readonly string[], csv: CsvSpec | undefined): string {
  const messages = texts.map((text) => parseCsv(text, csv));
  const head = messages[0]?.head ?? "";
  if (messages.some((message) => message.head !== head)) throw new EngineError("FLW-209", { format: "csv" });
  return head + messages.map((message) => (/[\r\n]$/.test(message.records) || message.records === "" ? message.records : `${message.records}\r\n`)).join("");
}
