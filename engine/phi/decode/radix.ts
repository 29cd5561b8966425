/** Value of each ASCII character in base64 and base64url; 255 for the others. */
export const sixBits = new Uint8Array(128).fill(255);
for (const [i, letter] of [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].entries()) sixBits[letter.charCodeAt(0)] = i;
sixBits[45] = 62;
sixBits[95] = 63;

/** Value of each ASCII character in base32 (RFC 4648, 6), in either case. */
const fiveBits = new Uint8Array(128).fill(255);
for (const [i, letter] of [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"].entries()) fiveBits[letter.charCodeAt(0)] = fiveBits[letter.toLowerCase().charCodeAt(0)] = i;

/** Decodes units of a text from `start` to `end` into `into`; 0 as soon as a byte shows that it is neither text nor what `inflated` knows by its beginning. */
export function base64(units: Uint16Array, start: number, end: number, into: Uint8Array): number {
  return radix(units, start, end, into, sixBits, 6);
}

export function base32(units: Uint16Array, start: number, end: number, into: Uint8Array): number {
  return radix(units, start, end, into, fiveBits, 5);
}

function radix(units: Uint16Array, start: number, end: number, into: Uint8Array, values: Uint8Array, each: number): number {
  let n = 0;
  let bits = 0;
  let width = 0;
  let isBinary = false;
  for (let i = start; i < end; i++) {
    const unit = units[i] as number;
    const value = unit < 128 ? (values[unit] as number) : 255;
    if (value === 255) return 0;
    bits = ((bits << each) | value) & 0xffffff;
    width += each;
    if (width < 8) continue;
    width -= 8;
    const byte = (bits >> width) & 0xff;
    into[n++] = byte;
    if (isBinary || n < 2) continue;
    if (n === 2 && isPacked(into)) isBinary = true;
    else if (endsText(into, n)) return 0;
  }
  return n;
}

export function hex(units: Uint16Array, start: number, end: number, into: Uint8Array): number {
  let n = 0;
  let isBinary = false;
  for (let i = start; i < end; i += 2) {
    const byte = (hexDigit(units[i] as number) << 4) | hexDigit(units[i + 1] as number);
    if (byte < 0) return 0;
    into[n++] = byte;
    if (isBinary || n < 2) continue;
    if (n === 2 && isPacked(into)) isBinary = true;
    else if (endsText(into, n)) return 0;
  }
  return n;
}

/** Beginnings of gzip (RFC 1952), zlib (RFC 1950), zstd (RFC 8878), UTF-16 with its mark, of UTF-16 without one, and of streams without a mark. */
function isPacked(bytes: Uint8Array): boolean {
  const [first = 0, second = 0] = bytes;
  if ((first & 7) === 3 || first === 1 || first === 0x28) return true;
  // Latin, Greek, Cyrillic, Hebrew and Arabic letters: the high byte of UTF-16 is below 8, and not both are.
  if (first < 8 !== second < 8) return true;
  if (first === 0x1f) return second === 0x8b;
  if (first === 0x78) return second === 0x01 || second === 0x5e || second === 0x9c || second === 0xda;
  return first >= 0xfe && first + second === 0xfe + 0xff;
}

function hexDigit(unit: number): number {
  if (unit >= 48 && unit <= 57) return unit - 48;
  const letter = unit | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -256;
}

/** A digit of hex, in either case. */
export function isHexDigit(unit: number): boolean {
  return hexDigit(unit) >= 0;
}

/** Whether the last of `n` bytes shows that they are no text; of the first two both are looked at. */
function endsText(bytes: Uint8Array, n: number): boolean {
  return isNoText(bytes[n - 1] as number, n - 1, bytes) || (n === 2 && isNoText(bytes[0] as number, 0, bytes));
}

/** Control characters, and bytes that cannot follow in UTF-8. */
function isNoText(byte: number, n: number, before: Uint8Array): boolean {
  if (byte < 32) return byte !== 9 && byte !== 10 && byte !== 13;
  if (byte < 128) return byte === 127 || (n > 0 && (before[n - 1] as number) >= 0xc0);
  if (byte >= 0xc0) return byte < 0xc2 || byte > 0xf4 || (n > 0 && (before[n - 1] as number) >= 0xc0);
  return n === 0 || (before[n - 1] as number) < 128;
}
