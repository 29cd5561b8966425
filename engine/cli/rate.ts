const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** `5/s`, `30/m`, `100/h` as a number a second. */
export function rateOf(text: string): number | undefined {
  const parts = /^(\d{1,6}(?:\.\d{1,3})?)\/(s|m|h)$/.exec(text);
  const rate = Number(parts?.[1]) / (seconds[parts?.[2] ?? ""] ?? 0);
  return Number.isFinite(rate) && rate > 0 ? rate : undefined;
}
