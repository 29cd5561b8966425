/** How bytes are read: the name is what `decode` reports and `encode` takes. */
export type Charset =
  | "utf-8"
  | "utf-16le"
  | "utf-16be"
  | "ascii"
  | `iso-8859-${number}`
  | "gb18030"
  | "euc-kr"
  | "big5";

const names: Readonly<Record<string, Charset>> = {
  ASCII: "ascii",
  "US-ASCII": "ascii",
  "ISO IR6": "ascii",
  UNICODE: "utf-8",
  "UNICODE UTF-8": "utf-8",
  "UTF-8": "utf-8",
  UTF8: "utf-8",
  "ISO IR192": "utf-8",
  "UNICODE UTF-16": "utf-16be",
  "UTF-16": "utf-16be",
  "UTF-16BE": "utf-16be",
  "UTF-16LE": "utf-16le",
  LATIN1: "iso-8859-1",
  "ISO IR100": "iso-8859-1",
  "ISO IR101": "iso-8859-2",
  "ISO IR109": "iso-8859-3",
  "ISO IR110": "iso-8859-4",
  "ISO IR144": "iso-8859-5",
  "ISO IR127": "iso-8859-6",
  "ISO IR126": "iso-8859-7",
  "ISO IR138": "iso-8859-8",
  "ISO IR148": "iso-8859-9",
  "GB 18030-2000": "gb18030",
  GB18030: "gb18030",
  "KS X 1001": "euc-kr",
  "EUC-KR": "euc-kr",
  "BIG-5": "big5",
  BIG5: "big5",
};

/** The character set of a name of HL7 table 0211, of DICOM or of IANA; `undefined` for one the engine does not read. */
export function charsetOf(name: string): Charset | undefined {
  const known = name.trim().toUpperCase();
  const part = /^(?:ISO[-_ ]?)?8859[/-](\d{1,2})$/.exec(known)?.[1];
  if (part === undefined) return Object.hasOwn(names, known) ? names[known] : undefined;
  const n = Number(part);
  return n >= 1 && n <= 15 && n !== 12 ? `iso-8859-${n}` : undefined;
}
