import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from "node:zlib";
import type { Budget } from "./budget.ts";
import { readable } from "./bytes.ts";
import { isFixedDeflate } from "./fixed-deflate.ts";
import { hasWindowOfBrotli, isStoredDeflate, mayBeBrotli, mayBeDeflate } from "./unmarked-streams.ts";

/** Text of bytes that begin as gzip, zlib, zstd, Brotli, deflate or UTF-16 do. */
export function inflated(bytes: Uint8Array, budget: Budget): string | undefined {
  const [first = 0, second = 0] = bytes;
  if (first === 0x1f) return open(gunzipSync, bytes, budget);
  if (first === 0x78 && second !== 0) return open(inflateSync, bytes, budget);
  if (first === 0x28 && second === 0xb5) return open(zstdDecompressSync, bytes, budget);
  // Letters of UTF-16 may be a stream of deflate with something after it, and not the other way round.
  const letters = wide(bytes, first === 0xfe || (first < 8 && second >= 8));
  const stream = (mayBeBrotli(bytes) ? open(brotliDecompressSync, bytes, budget) : undefined) ?? (isFixedDeflate(bytes) || isStoredDeflate(bytes) ? open(inflateRawSync, bytes, budget) : undefined);
  return letters === undefined || stream === undefined ? (letters ?? stream) : `${letters}\n${stream}`;
}

/**
 * What has no mark at its beginning: raw deflate (RFC 1951) and Brotli (RFC 7932), tried on blocks that nothing else reads. Half of all bytes may begin
 * Brotli; where a block was only set together, those are tried that begin as libraries write it.
 */
export function unmarkedInflated(bytes: Uint8Array, budget: Budget): string | undefined {
  const stream = !budget.isJoint || hasWindowOfBrotli(bytes) ? open(brotliDecompressSync, bytes, budget) : undefined;
  return stream ?? (mayBeDeflate(bytes) ? open(inflateRawSync, bytes, budget) : undefined);
}

type Opener = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Uint8Array;

/** A stream that unfolds to more than the budget is not taken for one that cannot be read. */
function open(opener: Opener, bytes: Uint8Array, budget: Budget): string | undefined {
  try {
    const plain = opener(bytes, { maxOutputLength: Math.max(1, budget.left) });
    return readable(plain) ?? wide(plain, false);
  } catch (error) {
    if ((error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE") budget.isOver = true;
    return undefined;
  }
}

/** UTF-16 that says so with its mark, or of mostly letters of Europe and the Near East. */
export function wide(bytes: Uint8Array, isBigEndian: boolean): string | undefined {
  const isMarked = bytes[isBigEndian ? 0 : 1] === 0xfe && bytes[isBigEndian ? 1 : 0] === 0xff;
  let low = 0;
  for (let i = isBigEndian ? 0 : 1; i < bytes.length; i += 2) if ((bytes[i] as number) < 8) low++;
  if (bytes.length < 6 || (!isMarked && low * 4 < bytes.length)) return undefined;
  const text = new TextDecoder(isBigEndian ? "utf-16be" : "utf-16le").decode(bytes);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what tells text from other bytes
  return /[\0-\x08\x0e-\x1f]/.test(text) ? undefined : text;
}
