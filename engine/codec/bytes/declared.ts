/**
 * MSH-18 (first repetition) of raw bytes, before anything is decoded: the field separator is the byte behind the name of
 * the first header. Empty when not declared or when no header begins the bytes.
 */
export function declaredCharset(bytes: Uint8Array): string {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (isBreak(bytes[at])) at++;
  if (!isHeader(bytes, at)) return "";
  const field = bytes[at + 3];
  const repetition = bytes[at + 5];
  let n = 1;
  let start = -1;
  for (let i = at + 3; ; i++) {
    const byte = bytes[i];
    const ends = byte === undefined || isBreak(byte);
    if (start >= 0 && (ends || byte === field || byte === repetition)) return ascii(bytes, start, i);
    if (ends) return "";
    if (byte === field && ++n === 18) start = i + 1;
  }
}

/** UTF-16 by its byte-order mark, or by the zeros between the letters of MSH. */
export function utf16Of(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  if (b === 0 && d === 0 && a !== 0 && c !== 0) return "utf-16le";
  if (a === 0 && c === 0 && b !== 0 && d !== 0) return "utf-16be";
  return undefined;
}

/** The encoding that an XML declaration names; it is ASCII in every encoding that the engine reads but UTF-16. */
export function declaredEncoding(text: string): string | undefined {
  return /^\uFEFF?<\?xml[ \t\r\n][^>]*?[ \t\r\n]encoding[ \t\r\n]*=[ \t\r\n]*(?:"([A-Za-z][\w.-]*)"|'([A-Za-z][\w.-]*)')/.exec(text.slice(0, 300))?.slice(1).find((each) => each !== undefined);
}

function isHeader(bytes: Uint8Array, at: number): boolean {
  const name = ascii(bytes, at, at + 3);
  return name === "MSH" || name === "FHS" || name === "BHS";
}

function isBreak(byte: number | undefined): boolean {
  return byte === 13 || byte === 10;
}

function ascii(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, Math.min(end, start + 64)));
}
