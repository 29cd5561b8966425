import { isHeaderAt, readDelimiters, type Delimiters } from "../hl7v2/delimiters.ts";
import { unescapeText } from "../hl7v2/escape.ts";

/** Fields of the first MSH. All but `type` and `controlId` are raw text in the message's own delimiters. */
export interface Header {
  readonly delimiters: Delimiters;
  readonly sendingApplication: string;
  readonly sendingFacility: string;
  readonly receivingApplication: string;
  readonly receivingFacility: string;
  /** `ORU^R01`, decoded, joined by `^` whatever the delimiters. */
  readonly type: string;
  /** MSH-9.2 in raw text. */
  readonly trigger: string;
  /** MSH-10, decoded. */
  readonly controlId: string;
  readonly controlIdRaw: string;
  readonly processing: string;
  readonly version: string;
  /** MSH-13. */
  readonly sequence: string;
  /** MSH-15 and MSH-16: what `acksDue` reads. */
  readonly acceptAck: string;
  readonly applicationAck: string;
  readonly charset: string;
}

/** Reads MSH without looking at the rest of the message; `undefined` when there is none that can be read. */
export function readHeader(text: string): Header | undefined {
  const start = findHeader(text);
  if (start < 0) return undefined;
  const line = text.slice(start, endOfLine(text, start));
  let delimiters: Delimiters;
  try {
    delimiters = readDelimiters(line, start);
  } catch {
    return undefined;
  }
  const fields = line.split(delimiters.field, 18);
  const raw = (n: number) => fields[n - 1] ?? "";
  const [code = "", trigger = ""] = split(split(raw(9), delimiters.repetition)[0] ?? "", delimiters.component);
  const shown = unescapeText(code, delimiters);
  return {
    delimiters,
    sendingApplication: raw(3),
    sendingFacility: raw(4),
    receivingApplication: raw(5),
    receivingFacility: raw(6),
    type: trigger === "" ? shown : `${shown}^${unescapeText(trigger, delimiters)}`,
    trigger,
    controlId: unescapeText(raw(10), delimiters),
    controlIdRaw: raw(10),
    processing: raw(11),
    version: raw(12),
    sequence: raw(13),
    acceptAck: raw(15),
    applicationAck: raw(16),
    charset: raw(18),
  };
}

/** Where the first MSH stands: at the begin, or behind the headers of an envelope. */
function findHeader(text: string): number {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (isBreak(text.charCodeAt(at))) at++;
  for (let i = 0; i < 3; i++) {
    if (!isHeaderAt(text, at)) return -1;
    if (text.charCodeAt(at) === 77) return at;
    at = endOfLine(text, at);
    while (isBreak(text.charCodeAt(at))) at++;
  }
  return -1;
}

export function endOfLine(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isBreak(text.charCodeAt(at))) at++;
  return at;
}

function isBreak(code: number): boolean {
  return code === 13 || code === 10;
}

function split(raw: string, separator: string): string[] {
  return separator === "" ? [raw] : raw.split(separator);
}
