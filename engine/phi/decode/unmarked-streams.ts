/** Brotli (RFC 7932, 9.1 and 9.2) with the window of 22 bits that every library takes: the header says how long the text is. */
export function mayBeBrotli(bytes: Uint8Array): boolean {
  const [first = 0, second = 0, third = 0] = bytes;
  if ((first & 15) !== 11) return false;
  const isLast = (first & 16) !== 0;
  if (isLast && (first & 32) !== 0) return false;
  const nibbles = (first >> (isLast ? 6 : 5)) & 3;
  if (nibbles !== 0) return false;
  const length = 1 + (isLast ? second | (third << 8) : ((first >> 7) & 1) | (second << 1) | ((third & 127) << 9));
  return length >= 4 && length <= bytes.length * 16;
}

/** One last block of deflate that is stored as it stands (RFC 1951, 3.2.4): its length, and the same with every bit turned. */
export function isStoredDeflate(bytes: Uint8Array): boolean {
  const [first = 0, low = 0, high = 0, notLow = 0, notHigh = 0] = bytes;
  return (first & 7) === 1 && low + notLow === 255 && high + notHigh === 255;
}
