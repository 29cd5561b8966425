import type { Format } from "../sdk/content.ts";
import { beginsIcal } from "./ical/begin.ts";
import { isHeaderAt } from "./hl7v2/delimiters.ts";
import { sniffCsv } from "./csv/index.ts";
import { parseJson } from "./json/tree.ts";
import { isInterchangeAt, readDelimiters } from "./x12/delimiters.ts";

/** Formats told apart by content; the engine reads those of `Format` by structure. */
export type Detected = Format | "unknown";

/** What a text is, by how it begins. Never throws. */
export function detectFormat(text: string): Detected {
  const body = text.replace(/^\uFEFF/, "").trimStart();
  if (isHeaderAt(body, 0) && /^[^0-9A-Za-z\s]$/.test(body.charAt(3)) && !/^\uFEFF?[ \t]/.test(text)) return "hl7v2";
  if (isX12(body)) return "x12";
  if (/^<(?:\?xml\s|!|[A-Za-z_])/.test(body)) return isScript(body) ? "script" : "xml";
  if (/^[{[]/.test(body)) return detectJson(text);
  if (beginsIcal(body)) return "ical";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: text has no control characters but white space
  if (body === "" || /[\u0000-\u0008\u000e-\u001f]/.test(body)) return "unknown";
  return sniffCsv(text) === undefined ? "text" : "csv";
}

function detectJson(text: string): Detected {
  try {
    return parseJson(text, "fhir").type === "" ? "json" : "fhir";
  } catch {
    return "json";
  }
}

function isX12(body: string): boolean {
  if (!isInterchangeAt(body, 0)) return false;
  try {
    readDelimiters(body, 0);
    return true;
  } catch {
    // Cut off within ISA it is X12 all the same: its reader says what is wrong.
    return body.split(body.charAt(3), 12).length === 12;
  }
}

/** A `Message` as the root, which says its version of SCRIPT, its namespace or its domain. */
function isScript(body: string): boolean {
  const head = body.slice(0, 4096).replace(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>/g, "").trimStart();
  const [root = ""] = /^<(?:[\w.-]+:)?Message(?=[\s>])[^>]*>/.exec(head) ?? [];
  return /ncpdp\.org\/schema\/SCRIPT|TransactionDomain\s*=\s*["']SCRIPT["']|TransactionVersion\s*=|\s[Vv]ersion\s*=\s*["']v?\d/.test(root);
}
