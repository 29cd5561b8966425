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

/** Brotli with that window, whatever follows. */
export function hasWindowOfBrotli([first = 0]: Uint8Array): boolean {
  return (first & 15) === 11;
}

/** Lengths of the code that the lengths are written in. */
const mostLengths = 19;

/**
 * Whether deflate may begin so: a block that is stored has its length and that turned, one of fixed codes may hold anything, and of one with codes of its own
 * the numbers are in their range and the lengths fill the code they are written in (RFC 1951, 3.2.7). Of other bytes almost none.
 */
export function mayBeDeflate(bytes: Uint8Array): boolean {
  const [first = 0, low = 0, high = 0, notLow = 0, notHigh = 0] = bytes;
  const kind = (first >> 1) & 3;
  if (kind === 0) return low + notLow === 255 && high + notHigh === 255;
  if (kind !== 2) return kind === 1;
  const bit = (at: number) => ((bytes[at >> 3] ?? 0) >> (at & 7)) & 1;
  const number = (at: number, width: number) => {
    let value = 0;
    for (let i = 0; i < width; i++) value |= bit(at + i) << i;
    return value;
  };
  if (number(3, 5) > 29 || number(8, 5) > 29) return false;
  const count = Math.min(number(13, 4) + 4, mostLengths);
  let filled = 0;
  for (let i = 0; i < count; i++) {
    const length = number(17 + i * 3, 3);
    if (length > 0) filled += 128 >> length;
  }
  return filled === 128;
}
