/** A run of this many signs of base64, as long as the digest of MD5, that changes between capitals, small letters and digits as chance does is packed or encrypted. */
const shortestMixed = 22;
/** Digests and the engine's own tokens are as long as 64 signs of hex; what is longer is data. */
const longestHex = 64;

/** Whether a run of base64 signs is no name, path or word of anybody: it changes its kind of letter as often as chance does. */
export function looksRandom(units: Uint16Array, start: number, end: number): boolean {
  const length = end - start;
  if (length < shortestMixed) return false;
  let changes = 0;
  let digits = 0;
  let kinds = 0;
  let before = 0;
  let isHex = true;
  for (let i = start; i < end; i++) {
    const kind = kindOf(units[i] as number);
    if (kind !== before && before !== 0) changes++;
    before = kind;
    kinds |= kind;
    if (kind === 1) digits++;
    else if (kind === 8 || ((units[i] as number) | 32) > 102) isHex = false;
  }
  const letters = kinds & 6;
  if (isHex) return length > longestHex && letters !== 0 && digits > 0 && changes * 4 > length;
  if ((kinds & 7) === 7) return changes * 5 > length * 2;
  // Base32 and its like: one case and digits.
  return length > longestHex && letters !== 0 && digits * 12 > length && changes * 6 > length;
}

/** Whether a run is written as chance writes base64, capitals and small letters in turn, whatever may be read in it. Signs that part words do not count. */
export function looksMixed(units: Uint16Array, start: number, end: number): boolean {
  if (end - start < shortestMixed) return false;
  let changes = 0;
  let kinds = 0;
  let before = 0;
  for (let i = start; i < end; i++) {
    const kind = kindOf(units[i] as number);
    if (kind === 8) continue;
    if (kind !== before && before !== 0) changes++;
    before = kind;
    kinds |= kind;
  }
  return (kinds & 6) === 6 && changes * 4 > end - start;
}

/** 1 digits, 2 small letters, 4 capitals, 8 signs of base64. */
const kinds = new Uint8Array(128).fill(8);
for (let unit = 48; unit < 58; unit++) kinds[unit] = 1;
for (let unit = 97; unit < 123; unit++) kinds[unit] = 2;
for (let unit = 65; unit < 91; unit++) kinds[unit] = 4;

/** Of a sign of base64: others are in no run. */
function kindOf(unit: number): number {
  return kinds[unit & 127] as number;
}
