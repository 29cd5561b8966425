/** A run of this many signs of base64, as long as the digest of MD5, that changes between capitals, small letters and digits as chance does is packed or encrypted. */
const shortestMixed = 22;
/** Digests and the engine's own tokens are as long as 64 signs of hex; what is longer is data. */
const longestHex = 64;

/** Whether a run of base64 signs is no name, path or word of anybody: it changes its kind of letter as often as chance does. */
export function looksRandom(text: string, start: number, end: number): boolean {
  const length = end - start;
  if (length < shortestMixed) return false;
  let changes = 0;
  let digits = 0;
  let kinds = 0;
  let before = 0;
  let isHex = true;
  for (let i = start; i < end; i++) {
    const kind = kindOf(text.charCodeAt(i));
    if (kind !== before && before !== 0) changes++;
    before = kind;
    kinds |= kind;
    if (kind === 1) digits++;
    else if (kind === 8 || (text.charCodeAt(i) | 32) > 102) isHex = false;
  }
  const letters = kinds & 6;
  if (isHex) return length > longestHex && letters !== 0 && digits > 0 && changes * 4 > length;
  if ((kinds & 7) === 7) return changes * 5 > length * 2;
  // Base32 and its like: one case and digits.
  return length > longestHex && letters !== 0 && digits * 12 > length && changes * 6 > length;
}

/** Whether a run is written as chance writes base64, capitals and small letters in turn, whatever may be read in it. Signs that part words do not count. */
export function looksMixed(text: string, start: number, end: number): boolean {
  if (end - start < shortestMixed) return false;
  let changes = 0;
  let kinds = 0;
  let before = 0;
  for (let i = start; i < end; i++) {
    const kind = kindOf(text.charCodeAt(i));
    if (kind === 8) continue;
    if (kind !== before && before !== 0) changes++;
    before = kind;
    kinds |= kind;
  }
  return (kinds & 6) === 6 && changes * 4 > end - start;
}

function kindOf(unit: number): number {
  if (unit >= 48 && unit <= 57) return 1;
  if (unit >= 97) return 2;
  if (unit >= 65 && unit <= 90) return 4;
  return 8;
}
