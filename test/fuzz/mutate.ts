/** A generator of numbers in [0, n) from a seed (mulberry32). */
export function dice(seed: number): (n: number) => number {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * n);
  };
}

const longest = 200_000;

/** One text made of others: parts cut, doubled, moved, overwritten, and words of the format put in. */
export function mutated(pool: readonly string[], words: readonly string[], roll: (n: number) => number): string {
  const pick = <T>(list: readonly T[], otherwise: T): T => list[roll(list.length)] ?? otherwise;
  let text = pick(pool, "");
  // Often one small change: many at once and nothing is read any more.
  for (let times = roll(2) === 0 ? 1 : 1 + roll(6); times > 0; times--) {
    const at = roll(text.length + 1);
    const length = roll(12) === 0 ? roll(text.length + 1) : roll(roll(2) === 0 ? 4 : 24);
    const [head, middle, tail] = [text.slice(0, at), text.slice(at, at + length), text.slice(at + length)];
    const other = pick(pool, "");
    const from = roll(other.length + 1);
    switch (roll(8)) {
      case 0: text = head + tail; break;
      case 1: text = head + middle + middle + tail; break;
      case 2: text = head + pick(words, "") + tail; break;
      case 3: text = head + pick(words, "") + middle + tail; break;
      case 4: text = head + other.slice(from, from + length) + tail; break;
      case 5: text = head + String.fromCharCode(roll(roll(3) === 0 ? 65_536 : 256)) + tail; break;
      case 6: text = head + pick(words, "").repeat(1 + roll(roll(20) === 0 ? 20_000 : 40)) + tail; break;
      default: text = roll(4) === 0 ? tail + middle + head : head + middle.split("").reverse().join("") + tail;
    }
    if (text.length > longest) text = text.slice(0, longest);
  }
  return text;
}
