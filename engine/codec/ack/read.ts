import type { Delimiters } from "../hl7v2/delimiters.ts";
import { unescapeText } from "../hl7v2/escape.ts";
import { endOfLine, readHeader } from "./header.ts";

/** MSA-1, MSA-2 and MSH-9 of an acknowledgement, and why it is negative. */
export interface ReadAck {
  readonly code: string;
  readonly controlId: string;
  readonly type: string;
  /** HL7 table 0357: ERR-3, before release 2.5 ERR-1.4, else MSA-6. */
  readonly condition?: string;
}

/** Reads an acknowledgement; `undefined` when the text has no header, no MSA or no code of two capital letters. */
export function readAck(text: string): ReadAck | undefined {
  const header = readHeader(text);
  if (header === undefined) return undefined;
  const { delimiters } = header;
  const msa = fieldsOf("MSA", text, delimiters);
  const [, code = "", controlId = ""] = msa ?? [];
  if (!/^[A-Z]{2}$/.test(code)) return undefined;
  const condition = code.endsWith("A") ? undefined : conditionOf(msa ?? [], fieldsOf("ERR", text, delimiters) ?? [], delimiters);
  return { code, controlId: unescapeText(controlId, delimiters), type: header.type, ...(condition === undefined ? {} : { condition }) };
}

/** The first segment of this name as fields, its name in front. */
function fieldsOf(name: string, text: string, { field }: Delimiters): string[] | undefined {
  const begin = name + field;
  let at = text.indexOf(begin);
  while (at > 0 && !/[\r\n]/.test(text.charAt(at - 1))) at = text.indexOf(begin, at + 1);
  return at < 0 ? undefined : text.slice(at, endOfLine(text, at)).split(field, 8);
}

function conditionOf(msa: readonly string[], err: readonly string[], { component, subcomponent }: Delimiters): string | undefined {
  const part = (text: string | undefined, separator: string, n: number) => (separator === "" ? text : text?.split(separator)[n]);
  const old = part(part(err[1], component, 3), subcomponent, 0);
  return [part(err[3], component, 0), old, part(msa[6], component, 0)].find((each) => each !== undefined && /^\d{1,3}$/.test(each));
}
