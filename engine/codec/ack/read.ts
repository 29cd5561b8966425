import { unescapeText } from "../hl7v2/escape.ts";
import { endOfLine, readHeader } from "./header.ts";

/** MSA-1, MSA-2 and MSH-9 of an acknowledgement. */
export interface ReadAck {
  readonly code: string;
  readonly controlId: string;
  readonly type: string;
}

/** Reads an acknowledgement; `undefined` when the text has no header, no MSA or no code of two capital letters. */
export function readAck(text: string): ReadAck | undefined {
  const header = readHeader(text);
  if (header === undefined) return undefined;
  const { delimiters } = header;
  const name = `MSA${delimiters.field}`;
  let at = text.indexOf(name);
  while (at > 0 && !/[\r\n]/.test(text.charAt(at - 1))) at = text.indexOf(name, at + 1);
  if (at < 0) return undefined;
  const [, code = "", controlId = ""] = text.slice(at, endOfLine(text, at)).split(delimiters.field, 3);
  if (!/^[A-Z]{2}$/.test(code)) return undefined;
  return { code, controlId: unescapeText(controlId, delimiters), type: header.type };
}
