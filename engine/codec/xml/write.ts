import { EngineError } from "../../sdk/error.ts";

const signs: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;" };

/** Text between tags. `XML-103` for a character that XML 1.0 cannot write in any way. */
export function escapeRun(value: string | number): string {
  return writable(value).replace(/[&<>\r]/g, (sign) => signs[sign] ?? sign);
}

/** Text of an attribute, in quotes of either kind. */
export function escapeAttribute(value: string | number): string {
  return writable(value).replace(/[&<>"'\r\n\t]/g, (sign) => signs[sign] ?? sign);
}

function writable(value: string | number): string {
  const text = typeof value === "number" && Number.isFinite(value) ? String(value) : value;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no way to write these
  if (typeof text !== "string" || !text.isWellFormed() || /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text)) throw new EngineError("XML-103");
  return text;
}
