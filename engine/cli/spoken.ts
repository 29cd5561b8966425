/** Milliseconds as configuration writes them: `250ms`, `5s`, `10m`, `2h`, `7d`. */
export function spokenDuration(ms: number): string {
  const units = [["d", 86_400_000], ["h", 3_600_000], ["m", 60_000], ["s", 1000]] as const;
  const [unit, size] = units.find(([, size]) => ms >= size && ms % size === 0) ?? ["ms", 1];
  return `${ms / size}${unit}`;
}

/** Bytes as configuration writes them: `512b`, `64kb`, `50mb`. */
export function spokenSize(bytes: number): string {
  const units = [["gb", 2 ** 30], ["mb", 2 ** 20], ["kb", 2 ** 10]] as const;
  const [unit, size] = units.find(([, size]) => bytes >= size && bytes % size === 0) ?? ["b", 1];
  return `${bytes / size}${unit}`;
}

/** `50/s`, with the burst where it is another. */
export function spokenRate({ perSecond, burst }: { readonly perSecond: number; readonly burst: number }): string {
  const usual = Math.max(1, Math.ceil(perSecond));
  const rate = perSecond >= 1 ? `${perSecond}/s` : perSecond * 60 >= 1 ? `${Math.round(perSecond * 60)}/m` : `${Math.round(perSecond * 3600)}/h`;
  return burst === usual ? rate : `${rate}, ${burst} at once`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
