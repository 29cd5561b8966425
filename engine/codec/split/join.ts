import { EngineError } from "../../sdk/error.ts";
import type { Format } from "../../sdk/content.ts";
import { type CsvDialect, rfc4180 } from "../csv/dialect.ts";
import { parseCsv } from "../csv/message.ts";
import { parseJson } from "../json/tree.ts";
import { joinedX12 } from "./join-x12.ts";
import { type BatchHeader, buildBatch } from "./build.ts";

export interface JoinOptions {
  /** Of HL7 v2: what FHS and BHS say. */
  readonly header: BatchHeader;
  /** Of delimited text: how it is written. */
  readonly csv?: CsvDialect;
}

/**
 * Several messages as one body: HL7 v2 as a batch in its envelope, delimited text as the records under one header, JSON as an array, X12 as
 * the transaction sets of one interchange. Each message stands in it as it is. Throws the code of a message that cannot be read, `CSV-105` where headers differ,
 * `BAT-002` for interchanges of different parties and `BAT-001` for a format
 * that has no such body.
 */
export function joined(format: Format, messages: readonly string[], { header, csv = rfc4180 }: JoinOptions): string {
  if (format === "hl7v2") return buildBatch(messages, header);
  if (format === "csv") return joinedCsv(messages, csv);
  if (format === "x12") return joinedX12(messages);
  if (format !== "json") throw new EngineError("BAT-001");
  return `[${messages.map((text) => parseJson(text).toString().replace(/^\uFEFF/, "").trim()).join(",")}]`;
}

/** The first header and every record. A record without a line end gets that of the first line. */
function joinedCsv(messages: readonly string[], dialect: CsvDialect): string {
  let out = "";
  let eol = "\r\n";
  let columns: string | undefined;
  for (const text of messages) {
    const message = parseCsv(text, dialect);
    const names = JSON.stringify(message.columns);
    if (columns === undefined) {
      eol = /\r\n|\r|\n/.exec(text)?.[0] ?? eol;
      if (dialect.header) out = ended(message.head, eol);
      columns = names;
    } else if (names !== columns) throw new EngineError("CSV-105");
    out += ended(message.records, eol);
  }
  return out;
}

function ended(text: string, eol: string): string {
  return text === "" || /[\r\n]$/.test(text) ? text : text + eol;
}
