import type { Format } from "../sdk/content.ts";
import { type CsvDialect, parseCsv } from "./csv/index.ts";
import { parseHl7 } from "./hl7v2/message.ts";
import { parseIcal } from "./ical/index.ts";
import { parseJson } from "./json/tree.ts";
import { parseScript } from "./script/message.ts";
import { TextTree } from "./text.ts";
import type { EditableTree } from "./tree.ts";
import type { GrammarSource } from "./x12/grammar-port.ts";
import { parseX12 } from "./x12/index.ts";
import { parseXml } from "./xml/index.ts";

/** What a format needs beside the text. */
export interface ReadWith {
  /** How delimited text is written, default RFC 4180. */
  readonly csv?: CsvDialect;
  /** Grammars of X12, for paths through loops. They are large: an isolate holds those that its channel asks for. */
  readonly x12?: GrammarSource;
}

/** Reads a text as a tree of its format, in the isolate too. Throws `HL7-0nn`, `JSN-0nn`, `CSV-nnn`, `XML-0nn`, `SCR-001`, `ICS-0nn` or `X12-0nn`. */
export function readWith(format: Format, text: string, { csv, x12 }: ReadWith = {}): EditableTree {
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
    case "script":
      return parseScript(text);
    case "ical":
      return parseIcal(text);
    case "x12":
      return parseX12(text, x12);
    default:
      return new TextTree(text);
  }
}
