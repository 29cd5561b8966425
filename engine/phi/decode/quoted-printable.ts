import { textOfBytes } from "./bytes.ts";

/** Quoted-printable (RFC 2045, 6.7) with its soft line breaks, also as a header folds them. */
export function unprintable(text: string): string | undefined {
  if (!text.includes("=")) return undefined;
  const read = bytesAfter("=", text.replace(/=[ \t]{0,4}\r?\n|(?<==[0-9A-F]{2})=[ \t]{1,4}(?==[0-9A-F]{2})/gi, ""));
  return read === text ? undefined : read;
}

/** Encoded words (RFC 2047), of which neighbours are read as one. A view of its own: what they say may begin with two digits behind a sign of equality. */
export function unworded(text: string): string | undefined {
  if (!text.includes("=?")) return undefined;
  const read = text
    .replace(/\?=[ \t\r\n]{1,8}(?==\?)/g, "?=")
    .replace(/=\?[\w.*-]{1,40}\?([bq])\?([^?\s]{0,400})\?=/gi, (_, kind: string, inside: string) =>
      kind === "B" || kind === "b" ? textOfBytes(Buffer.from(inside, "base64")) : bytesAfter("=", inside.replaceAll("_", " ")),
    );
  return read === text ? undefined : read;
}

function bytesAfter(sign: string, text: string): string {
  if (!text.includes(sign)) return text;
  return text.replace(/(?:=[0-9A-Fa-f]{2})+/g, (run) => textOfBytes(Uint8Array.from(run.slice(1).split(sign), (hex) => Number.parseInt(hex, 16))));
}
