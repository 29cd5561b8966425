import type { Format } from "../sdk/content.ts";
import type { CsvDialect } from "./csv/index.ts";
import { readWith } from "./read.ts";
import type { EditableTree } from "./tree.ts";
import { transactionFor } from "./x12/grammar/index.ts";

export { type AckCode, ackLevel, type AcksDue, acksDue, buildAck, isDue, readAck, readHeader } from "./ack/index.ts";
export { type CsvDialect, CsvMessage, CsvRow, parseCsv, sniffCsv } from "./csv/index.ts";
export { type Detected, detectFormat } from "./detect.ts";
export { Hl7Message, Hl7Segment, parseHl7 } from "./hl7v2/index.ts";
export { fromJcal, IcalComponent, IcalMessage, newCalendar, parseIcal, toJcal } from "./ical/index.ts";
export { ExactNumber, extensionValues, type Json, JsonTree, parseJson, readJson, writeJson } from "./json/index.ts";
export { parseScript, ScriptMessage, scheduleOf } from "./script/index.ts";
export type { EditableTree, Leaf, Tree } from "./tree.ts";
export { X12Message, X12Segment } from "./x12/index.ts";
export { parseXml, XmlElement, XmlMessage } from "./xml/index.ts";

/** Reads a text as a tree of its format. `csv`: how delimited text is written, default RFC 4180. Throws `HL7-0nn`, `JSN-0nn`, `CSV-nnn`, `XML-0nn`, `SCR-001`, `ICS-0nn` or `X12-0nn`. */
export function readTree(format: Format, text: string, csv?: CsvDialect): EditableTree {
  return readWith(format, text, { ...(csv && { csv }), x12: transactionFor });
}
