import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from "node:zlib";

const most = { maxOutputLength: 1 << 20 };

/** Every text that bytes may be: as UTF-8, as UTF-16 of both orders, and unpacked. */
export function textsOf(bytes: Buffer): string[] {
  const found: string[] = [];
  for (const inner of [bytes, ...unpacked(bytes)]) {
    found.push(inner.toString("utf8"));
    if (inner.length >= 4 && inner.length % 2 === 0 && inner.includes(0)) {
      found.push(inner.toString("utf16le"), Buffer.from(inner).swap16().toString("utf16le"));
    } else if (inner.length >= 4 && inner.length % 2 === 0 && inner.some((b) => b < 32)) found.push(inner.toString("utf16le"), Buffer.from(inner).swap16().toString("utf16le"));
  }
  return found;
}

/** How packed bytes begin. Raw deflate and brotli have no mark: by their first bits, as libraries write them. */
const packings: readonly (readonly [begins: (bytes: Buffer) => boolean, open: (bytes: Buffer, options: typeof most) => Buffer])[] = [
  [(b) => b[0] === 0x1f && b[1] === 0x8b, gunzipSync],
  [(b) => ((b[0] ?? 0) & 15) === 8 && b.readUInt16BE(0) % 31 === 0, inflateSync],
  [(b) => b.readUInt32BE(0) === 0x28b52ffd, zstdDecompressSync],
  [(b) => [3, 5].includes((b[0] ?? 0) & 7), inflateRawSync],
  [(b) => ((b[0] ?? 0) & 15) === 11 || ((b[0] ?? 0) & 31) === 1, brotliDecompressSync],
];

function unpacked(bytes: Buffer): Buffer[] {
  if (bytes.length < 6 || isPlain(bytes)) return [];
  const found: Buffer[] = [];
  for (const [begins, open] of packings) {
    try {
      if (begins(bytes)) found.push(open(bytes, most));
    } catch {
      // Not packed in this way.
    }
  }
  return found;
}

function isPlain(bytes: Buffer): boolean {
  return bytes.every((b) => (b >= 32 && b < 127) || b === 9 || b === 10 || b === 13);
}
