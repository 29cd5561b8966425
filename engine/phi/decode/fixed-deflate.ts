const extraOfLength = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const baseOfLength = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const endOfBlock = 256;

/**
 * Whether bytes are one last block of fixed codes (RFC 1951, 3.2.6) up to its end, without the work of taking it out: words read as base64 begin like
 * one by the hundred, and end like one almost never.
 */
export function isFixedDeflate(bytes: Uint8Array): boolean {
  if (((bytes[0] ?? 0) & 7) !== 3) return false;
  const bits = new Bits(bytes);
  let made = 0;
  while (!bits.isOver) {
    const symbol = symbolIn(bits);
    if (symbol === endOfBlock) return !bits.isOver;
    if (symbol < endOfBlock) {
      made++;
      continue;
    }
    const extra = extraOfLength[symbol - 257];
    if (extra === undefined) return false;
    const length = (baseOfLength[symbol - 257] as number) + bits.low(extra);
    const code = bits.high(5, 0);
    if (code > 29) return false;
    const power = code < 4 ? 0 : (code >> 1) - 1;
    const distance = (code < 4 ? code : (2 + (code & 1)) << power) + 1 + bits.low(power);
    if (distance > made) return false;
    made += length;
  }
  return false;
}

/** Codes of seven, eight and nine bits. */
function symbolIn(bits: Bits): number {
  const seven = bits.high(7, 0);
  if (seven < 24) return endOfBlock + seven;
  const eight = bits.high(1, seven);
  if (eight < 192) return eight - 48;
  return eight < 200 ? 280 + eight - 192 : 144 + bits.high(1, eight) - 400;
}

class Bits {
  readonly #bytes: Uint8Array;
  /** Behind the three bits that say what block it is. */
  #at = 3;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** More was read than there is. */
  get isOver(): boolean {
    return this.#at > this.#bytes.length * 8;
  }

  /** Bits of a code, its highest first, after those that were read of it. */
  high(count: number, before: number): number {
    let value = before;
    for (let i = 0; i < count; i++) value = (value << 1) | this.#bit();
    return value;
  }

  /** Bits of a number, its lowest first. */
  low(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) value |= this.#bit() << i;
    return value;
  }

  #bit(): number {
    const bit = ((this.#bytes[this.#at >> 3] ?? 0) >> (this.#at & 7)) & 1;
    this.#at++;
    return bit;
  }
}
