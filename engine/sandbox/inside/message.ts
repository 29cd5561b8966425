import { type CsvDialect, CsvMessage, parseCsv } from "../../codec/csv/index.ts";
import { Hl7Message, parseHl7 } from "../../codec/hl7v2/index.ts";
import { IcalMessage, parseIcal } from "../../codec/ical/index.ts";
import { ExactNumber, readJson, textKept } from "../../codec/json/index.ts";
import { parseScript, ScriptMessage } from "../../codec/script/message.ts";
import type { GrammarSource } from "../../codec/x12/grammar-port.ts";
import { parseX12, X12Message } from "../../codec/x12/index.ts";
import { parseXml, XmlMessage } from "../../codec/xml/index.ts";
import type { Format } from "../../sdk/content.ts";
import { Failure, headLines } from "./guest-code.ts";

/** A text message, as code sees it. */
export class TextMessage {
  text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

/** What `msg` is: an `Hl7Message`, a `CsvMessage`, an `XmlMessage`, a `ScriptMessage`, an `X12Message`, an `IcalMessage`, the resource or object itself, or a `TextMessage`. */
export function openMessage(format: Format, text: string, csv?: CsvDialect, x12?: GrammarSource): unknown {
  try {
    if (format === "hl7v2") return parseHl7(text);
    if (format === "csv") return parseCsv(text, csv);
    if (format === "xml") return parseXml(text);
    if (format === "script") return parseScript(text);
    if (format === "ical") return parseIcal(text);
    if (format === "x12") return parseX12(text, x12);
    if (format === "text") return new TextMessage(text);
    return readJson(text, { numbers: "exact" });
  } catch {
    throw new Failure(209);
  }
}

export interface Written {
  readonly format: Format;
  readonly text: string;
}

/**
 * What a returned value means as content. Nothing returned: `msg` as it was edited. A string: text of the
 * destination's format, else of the format at hand.
 * A message: its own text. An object or array: JSON.
 */
export function writeResult(value: unknown, msg: unknown, format: Format, wanted: Format = format): Written {
  if (value === undefined) return writeMessage(msg, format);
  if (typeof value === "string") return { format: wanted, text: value };
  if (typeof value !== "object" || value === null) throw new Failure(205);
  return writeMessage(value, format);
}

function writeMessage(value: unknown, format: Format): Written {
  if (value instanceof Hl7Message) return { format: "hl7v2", text: textOf(value) };
  if (value instanceof CsvMessage) return { format: "csv", text: textOf(value) };
  if (value instanceof ScriptMessage) return { format: "script", text: textOf(value) };
  if (value instanceof XmlMessage) return { format: "xml", text: textOf(value) };
  if (value instanceof IcalMessage) return { format: "ical", text: textOf(value) };
  if (value instanceof X12Message) return { format: "x12", text: textOf(value) };
  if (value instanceof TextMessage) return { format, text: textOf(value) };
  const text = json(value);
  const resource = (value as { resourceType?: unknown }).resourceType;
  return { format: typeof resource === "string" ? "fhir" : "json", text };
}

function textOf(message: Hl7Message | CsvMessage | XmlMessage | IcalMessage | X12Message | TextMessage): string {
  const text: unknown = message.toString();
  if (typeof text !== "string") throw new Failure(205);
  return text;
}

/** A cycle or a bigint has no JSON; an error of a getter or `toJSON` is one of the code and keeps its place. */
function json(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value, exactly);
  } catch (error) {
    throw hasGuestPlace(error) ? error : new Failure(205);
  }
  if (text === undefined) throw new Failure(205);
  return text;
}

/** A number that a double would change, or that nobody changed, goes out as it came in. */
function exactly(this: object, key: string, value: unknown): unknown {
  const text = value instanceof ExactNumber ? value.text : typeof value === "number" ? textKept(this, key, value) : undefined;
  return text === undefined ? value : (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text);
}

function hasGuestPlace(error: unknown): boolean {
  return placeOf(error) !== undefined;
}

/** Where in guest code an error was thrown, as the stack tells. Code can forge it, so the engine only takes what fits. */
export function placeOf(error: unknown): { index: number; line: number; column: number } | undefined {
  try {
    const stack: unknown = (error as { stack?: unknown } | null | undefined)?.stack;
    const match = typeof stack === "string" ? /sluice-code-(\d{1,4}):(\d{1,7}):(\d{1,7})/.exec(stack) : null;
    return match ? { index: Number(match[1]), line: Number(match[2]) - headLines, column: Number(match[3]) } : undefined;
  } catch {
    return undefined;
  }
}
