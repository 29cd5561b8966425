import type { Format } from "../sdk/content.ts";
import { type CsvDialect, parseCsv } from "./csv/index.ts";
import { parseHl7 } from "./hl7v2/message.ts";
import { parseJson } from "./json/tree.ts";
import { TextTree } from "./text.ts";
import type { EditableTree } from "./tree.ts";
import { parseXml } from "./xml/index.ts";

export { type AckCode, ackLevel, type AcksDue, acksDue, buildAck, isDue, readAck, readHeader } from "./ack/index.ts";
export { type CsvDialect, CsvMessage, CsvRow, parseCsv, sniffCsv } from "./csv/index.ts";
export { type Detected, detectFormat } from "./detect.ts";
export { Hl7Message, Hl7Segment, parseHl7 } from "./hl7v2/index.ts";
export { ExactNumber, extensionValues, type Json, JsonTree, parseJson, readJson, writeJson } from "./json/index.ts";
export type { EditableTree, Leaf, Tree } from "./tree.ts";
export { parseXml, XmlElement, XmlMessage } from "./xml/index.ts";

/** Reads a text as a tree of its format. `csv`: how delimited text is written, default RFC 4180. Throws `HL7-0nn`, `JSN-0nn`, `CSV-nnn` or `XML-0nn`. */
export function readTree(format: Format, text: string, csv?: CsvDialect): EditableTree {
  switch (format) {
    case "hl7v2":
      return parseHl7(text);
    case "json":
    case "fhir":
      return parseJson(text, format);
    case "csv":
      return parseCsv(text, csv);
    case "xml":
      return parseXml(text);
    default:
      return new TextTree(text);
  }
}
