/** Shorter runs hold fewer than four characters. */
const shortest = 6;

let decoded = new Uint8Array(4096);
const strict = new TextDecoder("utf-8", { fatal: true });

/** Value of each ASCII character in base64 and base64url; 255 for the others. */
const sixBits = new Uint8Array(128).fill(255);
for (const [i, letter] of [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].entries()) sixBits[letter.charCodeAt(0)] = i;
sixBits[45] = 62;
sixBits[95] = 63;

/** Every run of the text that reads as hex or base64, decoded, one a line. Of words and random tokens almost none does. */
export function unpacked(text: string): string {
  const found: string[] = [];
  let run = 0;
  let piece = 0;
  for (let i = 0; i <= text.length; i++) {
    const unit = i < text.length ? text.charCodeAt(i) : 0;
    const bits = unit < 128 ? (sixBits[unit] as number) : 255;
    if (bits < 62) continue;
    // The signs of the alphabet separate words too: both readings are tried.
    take(text, piece, i, found);
    if (bits === 255) {
      if (piece > run) take(text, run, i, found);
      run = i + 1;
    }
    piece = i + 1;
  }
  return found.join("\n");
}

function take(text: string, start: number, end: number, found: string[]): void {
  const length = end - start;
  if (length < shortest) return;
  if (decoded.length < length) decoded = new Uint8Array(length * 2);
  if (length >= 8 && length % 2 === 0) push(hex(text, start, end), found);
  // A run one longer than a multiple of four is no base64.
  if (length % 4 !== 1) push(base64(text, start, end), found);
}

function push(length: number, found: string[]): void {
  if (length === 0) return;
  const text = readable(decoded.subarray(0, length));
  if (text) found.push(text);
}

/** Decodes into the common buffer; 0 as soon as a byte shows that no text is in it. */
function base64(text: string, start: number, end: number): number {
  let n = 0;
  let bits = 0;
  let width = 0;
  for (let i = start; i < end; i++) {
    bits = ((bits << 6) | (sixBits[text.charCodeAt(i)] as number)) & 0xffffff;
    width += 6;
    if (width < 8) continue;
    width -= 8;
    const byte = (bits >> width) & 0xff;
    if (isNoText(byte, n)) return 0;
    decoded[n++] = byte;
  }
  return n;
}

function hex(text: string, start: number, end: number): number {
  let n = 0;
  for (let i = start; i < end; i += 2) {
    const byte = (hexDigit(text.charCodeAt(i)) << 4) | hexDigit(text.charCodeAt(i + 1));
    if (byte < 0 || isNoText(byte, n)) return 0;
    decoded[n++] = byte;
  }
  return n;
}

function hexDigit(unit: number): number {
  if (unit >= 48 && unit <= 57) return unit - 48;
  const letter = unit | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -256;
}

/** Control characters, and bytes that cannot follow in UTF-8. */
function isNoText(byte: number, n: number): boolean {
  if (byte < 32) return byte !== 9 && byte !== 10 && byte !== 13;
  if (byte < 128) return byte === 127 || (n > 0 && (decoded[n - 1] as number) >= 0xc0);
  if (byte >= 0xc0) return byte < 0xc2 || byte > 0xf4 || (n > 0 && (decoded[n - 1] as number) >= 0xc0);
  return n === 0 || (decoded[n - 1] as number) < 128;
}

/** Text of bytes that are valid UTF-8 without control characters. */
export function readable(bytes: Uint8Array): string | undefined {
  for (const byte of bytes) if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) return undefined;
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}
